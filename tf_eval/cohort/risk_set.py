"""Who is compared at which index month: families that start then, and families that could have started then."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tf_eval.cohort.covariates import LOOKBACK, Asked
from tf_eval.cohort.flow import FlowStep, build_steps, tally
from tf_eval.cohort.months import NEVER, first_day
from tf_eval.cohort.panel_data import PanelData
from tf_eval.cohort.pools import NO_POOL, POOLS, PoolRule, pools_at
from tf_eval.cohort.support import SupportHistory
from tf_eval.cohort.words import listed

OTHER_FIRST = "had other support before, or began it on the same day"
UNLINKED = "no record of them but the support team's own"
NOT_QUALIFIED = "did not meet the programme's rule before the month of the start"
TOO_LATE = "identified too late to be compared"
NOT_WAITING = "had started support by then"
NOT_WAITING_FOR_IT = "had started this support by then, or started other support in that month"
NOT_WASHED_OUT = "had support too shortly before"
LEFT = "not living in the county just before that month, or nobody left in the family"
TOO_SHORT = f"fewer than {LOOKBACK} months observed before that month"

Condition = tuple[str, np.ndarray, str]


@dataclass(frozen=True, eq=False)
class Population:
    """What is known of the cohort's families, in the order of the panel's rows.

    data           the panel
    history        their support
    qualified_on   the day on which each qualified (NaT: never)
    linked_on      the day of the first record that is not the support team's own (NaT: none)
    first_support  the intervention of each family's first start of anything (missing: none)
    home           the district under which the flow counts each family
    criteria_met   for families and index months: how many criteria were met on the day before
    """

    data: PanelData
    history: SupportHistory
    qualified_on: np.ndarray
    linked_on: np.ndarray
    first_support: np.ndarray
    home: np.ndarray
    criteria_met: Callable[[Asked], np.ndarray]

    def pools(self, months: np.ndarray, intervention: str, unanswered_months: int) -> np.ndarray:
        """Return months x families: the pool of each at each index month, see ``pools_at``."""
        found = np.full((len(months), len(self.home)), NO_POOL, dtype=object)
        qualified = self.qualified_on < first_day(months)[:, None]
        below = self._below(months, qualified)
        family = np.arange(len(self.home))
        for place, month in enumerate(months):
            found[place] = pools_at(
                month,
                intervention,
                self.history,
                qualified=qualified[place],
                below=below[place],
                district=self.data.homes.district_at(family, np.full(len(family), month - 1 - self.data.months[0])),
                unanswered_months=unanswered_months,
            )
        return found

    def _below(self, months: np.ndarray, qualified: np.ndarray) -> np.ndarray:
        """Return months x families: who had not qualified, and had a child and met a criterion on the day before."""
        place, family = np.nonzero(~qualified)
        met = self.criteria_met(Asked(family, months[place])) > 0
        place, family = place[met], family[met]
        below = np.zeros(qualified.shape, dtype=bool)
        children = self.data.households.at(family, months[place] - 1 - self.data.months[0])["children"]
        below[place, family] = children > 0
        return below


@dataclass(frozen=True, eq=False)
class RiskSets:
    """Rows of the arms: the family's row in the panel, its index month, whether it starts then, its pool; the flow."""

    family: np.ndarray
    index_month: np.ndarray
    treated: np.ndarray
    pool: np.ndarray
    steps: list[FlowStep]


def build_risk_sets(population: Population, intervention: str, rule: PoolRule) -> RiskSets:
    """Return the treated families and, for each month in which one of them starts, the families to compare with.

    A comparison family has not started the intervention by the index month's end, nor anything else in that month;
    it may start later, and may stand at many index months (Li, Propert and Rosenbaum 2001, "Balanced risk set
    matching"). Which of them are taken, and what support either arm may have had before, is for the rule to say.

    Args:
        population: the cohort's families.
        intervention: the intervention, by name.
        rule: who may be compared.
    """
    treated, treated_steps = _treated(population, intervention, rule)
    comparison, pool, comparison_steps = _comparison(population, intervention, rule, np.unique(treated.month))
    family = np.concatenate([treated.family, comparison.family])
    month = np.concatenate([treated.month, comparison.month])
    is_treated = np.arange(len(family)) < len(treated.family)
    pools = np.concatenate([np.full(len(treated.family), None, dtype=object), pool])
    order = np.lexsort((family, ~is_treated, month))
    return RiskSets(family[order], month[order], is_treated[order], pools[order], [*treated_steps, *comparison_steps])


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Pairs of a family's row and an index month."""

    family: np.ndarray
    month: np.ndarray

    def only(self, wanted: np.ndarray) -> "_Pairs":
        return _Pairs(self.family[wanted], self.month[wanted])


def _treated(population: Population, intervention: str, rule: PoolRule) -> tuple[_Pairs, list[FlowStep]]:
    started = population.history.first_start(intervention)
    family = np.flatnonzero(started != NEVER)
    pairs = _Pairs(family, started[family])
    name = intervention.replace("_", " ")
    conditions = [
        *_first_support(population, pairs, intervention, rule),
        ("linked to other records", _linked(population, pairs), UNLINKED),
        ("identified before the start", _qualified(population, pairs), NOT_QUALIFIED),
        *_washed_out(population, pairs, rule),
        *_observed_before(population.data, pairs),
    ]
    kept, steps = _follow("treated", population, (f"started {name}", family), pairs, conditions)
    return pairs.only(kept), steps


def _comparison(
    population: Population, intervention: str, rule: PoolRule, months: np.ndarray
) -> tuple[_Pairs, np.ndarray, list[FlowStep]]:
    who, too_late = "identified", TOO_LATE
    eligible = ~np.isnat(population.qualified_on)
    if rule.below_threshold:
        who, too_late = "identified or with a criterion met", f"{TOO_LATE}, or with a criterion met at another time"
        eligible = np.ones(len(eligible), dtype=bool)
    family = np.flatnonzero(eligible)
    pairs = _Pairs(np.tile(family, len(months)), np.repeat(months, len(family)))
    pool = population.pools(months, intervention, rule.unanswered_months)[:, family].ravel()
    in_time = pool != NO_POOL if rule.below_threshold else _qualified(population, pairs)
    conditions = [
        (f"{who} before a month in which a family started", in_time, too_late),
        ("linked to other records", _linked(population, pairs), UNLINKED),
        _could_have_started(population, pairs, intervention, rule),
        *_in_a_pool(pool, rule),
        *_washed_out(population, pairs, rule),
        *_observed_before(population.data, pairs),
    ]
    kept, steps = _follow("comparison", population, (who, family), pairs, conditions)
    return pairs.only(kept), pool[kept], steps


def _follow(
    arm: str,
    population: Population,
    first: tuple[str, np.ndarray],
    pairs: _Pairs,
    conditions: Sequence[Condition],
) -> tuple[np.ndarray, list[FlowStep]]:
    """Return the pairs that meet all conditions, and the families with a pair that meets all up to each of them."""
    kept = np.ones(len(pairs.family), dtype=bool)
    named = [(first[0], tally(population.home[first[1]]), "")]
    for step, holds, reason in conditions:
        kept = kept & holds
        named.append((step, tally(population.home[np.unique(pairs.family[kept])]), reason))
    return kept, build_steps(arm, named)


def _first_support(population: Population, pairs: _Pairs, intervention: str, rule: PoolRule) -> list[Condition]:
    if rule.prior_support == "allow":
        return []
    alone = (population.first_support == intervention) & ~population.history.first_start_is_shared()
    return [("as their first support", alone[pairs.family], OTHER_FIRST)]


def _could_have_started(population: Population, pairs: _Pairs, intervention: str, rule: PoolRule) -> Condition:
    step = "could have started when others did"
    if rule.prior_support == "exclude":
        return step, population.data.start[pairs.family] > pairs.month, NOT_WAITING
    not_it = population.history.first_start(intervention)[pairs.family] > pairs.month
    return step, not_it & (population.history.next_start(pairs.family, pairs.month) > pairs.month), NOT_WAITING_FOR_IT


def _in_a_pool(pool: np.ndarray, rule: PoolRule) -> list[Condition]:
    if not rule.narrow:
        return []
    left_out = [POOLS[name].label for name in POOLS if name not in rule.pools]
    return [("in a group that is compared", np.isin(pool, rule.pools), f"in another group: {'; or '.join(left_out)}")]


def _washed_out(population: Population, pairs: _Pairs, rule: PoolRule) -> list[Condition]:
    within = rule.washout_months
    if not within:
        return []
    had = population.history.had_support(pairs.family, pairs.month, within)
    return [(f"without support in the {within} months before", ~had, NOT_WASHED_OUT)]


def _observed_before(data: PanelData, pairs: _Pairs) -> list[Condition]:
    return [
        ("in the county", data.here_before(pairs.family, pairs.month), LEFT),
        (
            "observed for a year before",
            data.observed_before(pairs.family, pairs.month, LOOKBACK),
            _too_short(data, pairs),
        ),
    ]


def _too_short(data: PanelData, pairs: _Pairs) -> str:
    uncovered = [outcome.label for outcome in data.uncovered_before(pairs.month, LOOKBACK)]
    return f"{TOO_SHORT} (extracts do not cover all of {listed(uncovered)})" if uncovered else TOO_SHORT


def _linked(population: Population, pairs: _Pairs) -> np.ndarray:
    return population.linked_on[pairs.family] < first_day(pairs.month)


def _qualified(population: Population, pairs: _Pairs) -> np.ndarray:
    return population.qualified_on[pairs.family] < first_day(pairs.month)
