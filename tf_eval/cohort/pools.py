"""The pools that comparison families come from: who has not started by an index month, told apart by why not.

A pool is decided by what had happened by the index month's end. None looks ahead: a pool of families "that will start
later" would choose them by their future, and what makes a family start later also moves its outcomes. A family is in
one pool at most at an index month, the first in the order of ``POOLS`` whose words fit it:

1. ``below_threshold``: the rule comes first. Who had not qualified before the month is in no other pool.
2. ``refused``: a family that said no is in no other pool, wherever it lives.
3. ``offered``: an offer says more of a family than its district does.
4. ``other_district``: it could not have started, whatever it wished.
5. ``waiting``: all others who had qualified.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tf_eval.cohort.support import NO_OFFER, OPEN, SupportHistory
from tf_eval.cohort.whole import whole_number
from tf_eval.errors import ConfigError, raise_all, unknown

PRIOR_SUPPORT = ("exclude", "allow")
NO_POOL = ""


@dataclass(frozen=True)
class Pool:
    """A group of families that have not started support: its name in plans, and who is in it in plain words."""

    name: str
    label: str


POOLS = {
    pool.name: pool
    for pool in (
        Pool("below_threshold", "met a criterion just before, but had never met the programme's rule"),
        Pool("refused", "had refused support, or not taken up an offer for months"),
        Pool("offered", "had been offered support, and neither started nor refused it"),
        Pool(
            "other_district", "had no open offer of support, and lived where this one had not been offered to anybody"
        ),
        Pool("waiting", "had no open offer of support, and lived where this one had been offered"),
    )
}
# Everybody who had qualified and not started: who is at risk of starting (Li, Propert and Rosenbaum 2001).
AT_RISK = ("waiting", "offered", "refused", "other_district")


@dataclass(frozen=True)
class PoolRule:
    """Who may be compared, and what support either arm may have had before.

    pools              the pools that comparison families come from
    prior_support      ``exclude``: nobody with any support before the index month, so a treated family's first support
                       is the intervention. ``allow``: other support before it is no bar.
    washout_months     with ``allow``: in so many months before the index month neither arm may have had support
    unanswered_months  an offer that has not led to a start after so many months counts as refused

    Raises:
        ConfigError: a pool is not known or stands twice, there is none, months are no whole numbers, or the others
            contradict one another.
    """

    pools: Sequence[str] = AT_RISK
    prior_support: str = "exclude"
    washout_months: int = 0
    unanswered_months: int = 6

    def __post_init__(self) -> None:
        raise_all(ConfigError, "comparison", [*_pool_problems(self.pools), *_support_problems(self)])

    @property
    def narrow(self) -> bool:
        """Whether some families at risk are left out by their pool."""
        return not set(AT_RISK) <= set(self.pools)

    @property
    def below_threshold(self) -> bool:
        """Whether families that have not qualified are compared too."""
        return "below_threshold" in self.pools

    def to_dict(self) -> dict[str, Any]:
        return {**vars(self), "pools": list(self.pools)}


def pools_at(
    month: int,
    intervention: str,
    history: SupportHistory,
    *,
    qualified: np.ndarray,
    below: np.ndarray,
    district: np.ndarray,
    unanswered_months: int,
) -> np.ndarray:
    """Return the name of each family's pool at an index month, ``""`` for none.

    Whether a family had started is not asked here.

    Args:
        month: the index month.
        intervention: the intervention that the treated families start.
        history: the families' support.
        qualified: the families that qualified before the month's first day.
        below: the families with a child that met a criterion on the day before it.
        district: where each family lived at the end of the month before.
        unanswered_months: see ``PoolRule``.
    """
    standing = history.standing(month, unanswered_months)
    since = history.offered_since.get(intervention, {})
    reached = np.array([since.get(home, month + 1) <= month for home in district], dtype=bool)
    fits = {
        "below_threshold": ~qualified & below,
        "refused": qualified & (standing > OPEN),
        "offered": qualified & (standing == OPEN),
        "other_district": qualified & (standing == NO_OFFER) & ~reached,
        "waiting": qualified,
    }
    return np.select([fits[name] for name in POOLS], list(POOLS), default=NO_POOL).astype(object)


def _pool_problems(pools: Sequence[str]) -> list[str]:
    if isinstance(pools, str) or not isinstance(pools, Sequence) or not pools:
        return [f"pools: name at least one of {', '.join(POOLS)} in a list"]
    problems = [f"pools: {unknown('pool', name, POOLS)}" for name in pools if name not in POOLS]
    return problems + [f"pools: '{name}' stands twice" for name in sorted(set(pools)) if list(pools).count(name) > 1]


def _support_problems(rule: PoolRule) -> list[str]:
    problems = []
    if rule.prior_support not in PRIOR_SUPPORT:
        problems.append(f"prior_support: {unknown('choice', rule.prior_support, PRIOR_SUPPORT)}")
    problems += whole_number("washout_months", rule.washout_months, least=0)
    problems += whole_number("unanswered_months", rule.unanswered_months)
    if rule.washout_months and rule.prior_support == "exclude":
        problems.append("washout_months: with prior_support 'exclude' there is nothing to wash out; leave one of them")
    return problems
