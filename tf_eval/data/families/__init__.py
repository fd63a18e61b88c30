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
* A home that may hold several households (many adults with children at once, or a whole household moved in and nobody
  left: a hostel, a house in multiple occupation, a tower under one UPRN, a tenancy never closed) is divided by who
  moved in together; see below.
* A family goes on where most of its children go; of two equal parts, where more of its adults are; then where it was.
* The other part, if it has a child, is a new family; an adult without a child is of no family until there is one.
* Of families whose children come to share a home one goes on: the one with more children there; then one that has an
  adult of its own there; then the earlier one. The others rest, and take up their number again if most of their
  children and one of their adults come to share a home of their own.
* A child that is looked after stays in its family, which it is taken to live with, and makes no tie where it is placed.
* A month (31 days) is the tolerance throughout: a shorter gap between homes, a shorter absence from the family, or a
  shorter overlap of those who move out with those who move in changes nothing.
* After leaving, a person is still followed with their last family until they have another.

Everywhere else a home is one household (the household-dwelling concept of the UN's Principles and Recommendations for
Population and Housing Censuses); in a home of several that would be the wrong unit, and what a housekeeping is must be
told from who moves with whom, which is all that records of residence know of it:

* Companions, who lived together in another home, before or after, are one household; so are those who came on one day,
  or of whom part came within a month of nobody else, unless two whole households (an adult with a child) came that day.
* A child born there, or come without an adult, belongs to the adult who leaves on the same day; or else to the woman
  between 14 and 50 at its birth who came last, because women come to hostels with child and leave soon after.
* Where many adults live, an adult who comes alone is a lodger, unless a child of the home has grown up: then they marry
  into it. Elsewhere he or she joins the household that came last, as partners do, and a household that moves in with
  adults without children joins them: a lone adult and a newcoming family are a couple.
* A home is divided only if two whole households live there with children at the same time. Two of one adult each,
  neither of which leaves without the other, may be a step-family, and stay one; if one is a couple's they cannot be.
* In a crowd (a placeholder, most often) people meet by chance. There only companions who also came or left within a
  month of each other, and those who came on one day and left on one day, are a household, with four adults at most;
  nobody else there has a family.
"""

from tf_eval.data.families.addresses import note_addresses
from tf_eval.data.families.build import build_families

__all__ = ["build_families", "note_addresses"]
