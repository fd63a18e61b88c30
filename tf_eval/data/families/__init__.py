"""Families over time: people who share a home with a child, followed by their core from home to home.

A household that lasts cannot be told from its members on two days alone, because members come and go; the household
panels therefore follow it by a rule of continuity (McMillan and Herriot 1985, Journal of Economic and Social
Measurement 13, on the Survey of Income and Program Participation; Duncan and Hill 1985, same volume, who warn that
every such rule is a convention and that people are what can be followed; Commission Regulation (EC) No 1981/2003 for
EU-SILC: of the households that a household parts into, one is the initial household and keeps its number, the others
are split-offs with new ones; of two that fuse, one number goes on). Here the core is the dependent children, because
the programmes take in families for their children's sake:

* A home is a property in which stays overlap; one person has one home a day, the one they were last said to move to.
* A family is the people of a home in which somebody is under 18, for as long as somebody is. Names play no part.
* A family goes on where most of its children go; of two equal parts, where more of its adults are; then where it was.
* The other part, if it has a child, is a new family; an adult without a child is of no family until there is one.
* Of families whose children come to share a home one goes on: the one with more children there; then one that has an
  adult of its own there; then the earlier one. The others rest, and take up their number again if most of their
  children and one of their adults come to share a home of their own.
* A child that is looked after stays in its family, which it is taken to live with, and makes no tie where it is placed.
* A month (31 days) is the tolerance throughout: a shorter gap between homes, a shorter absence from the family, or a
  shorter overlap of those who move out with those who move in changes nothing.
* After leaving, a person is still followed with their last family until they have another.
"""

from tf_eval.data.families.addresses import note_addresses
from tf_eval.data.families.build import build_families

__all__ = ["build_families", "note_addresses"]
