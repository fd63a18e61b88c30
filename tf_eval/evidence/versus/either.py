"""Families that might have had either of two interventions: who started one or the other, weighed to be alike.

Each family is weighed by the chance that it would have started the other, by what was known of it before (overlap
weights: Li, Morgan and Zaslavsky 2018, JASA 113, 390-400). Who could hardly have had but one counts for hardly
anything, and no weight is extreme. Then the change after the start is held against the change after the start, in
event time: whatever all families do who take up support, such as getting over the crisis at which it began, both did.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from tf_eval.cohort.outcomes import Outcome
from tf_eval.errors import EstimationError, NotEstimated
from tf_eval.evidence.attrition import measure_attrition
from tf_eval.evidence.check import FEWEST_FAMILIES, Check, design_checks
from tf_eval.evidence.effect_size import EffectSize
from tf_eval.evidence.outcome_effect import OutcomeEffect, estimate_outcome
from tf_eval.matching import Balance, Matched, check_balance, match

FEW = f"fewer than {FEWEST_FAMILIES} families started the one or the other"
UNLIKE = "families that started the one and families that started the other could not be weighed to be alike"
SHOWN = "the page shows how alike they are, and a verdict rests on it"
NOBODY_WITHOUT = NotEstimated("nobody is without support here")
MOMENT = "index_month"
WHEN = {MOMENT: "Month of the start"}


@dataclass(frozen=True, eq=False, repr=False)
class Starters:
    """Families that started either of two interventions, each at the month of its own start.

    They are arms, as ``match`` takes them, and lay themselves out in event time, as ``estimate_att`` asks of a panel.

    Attributes:
        panel: families by months, as ``build_panel`` returns it.
        frame: one row per family; ``treated`` is 1 where it started that of the two which fewer started.
        companions: see ``tf_eval.cohort.arms.Arms``.
    """

    panel: Any
    frame: pd.DataFrame
    companions: Mapping[str, str]
    treated: str = "treated"
    unit: str = "family_id"
    risk_set: str | None = None

    def event_time_frame(self, matched: Matched, outcome: str, columns: Sequence[str]) -> pd.DataFrame:
        """Return the months of both arms as a panel returns those of families with the intervention: none is waiting,
        so that none is lost from sight at its own start."""
        arm = matched.frame[self.treated]
        all_started = replace(matched, frame=matched.frame.assign(**{self.treated: 1}))
        laid = self.panel.event_time_frame(all_started, outcome, columns)
        return laid.assign(adopted=np.where(laid["row"].map(arm) == 1, 0.0, np.nan))


@dataclass(frozen=True, eq=False, repr=False)
class Either:
    """Families that might have had either of two interventions.

    Attributes:
        starters: who started one of them.
        matched: the same with their weights.
        balance: how unlike the two kinds of families were, and how alike they are as weighed.
        turn: what estimates are multiplied by to be of the first intervention less the second: the arm of which there
            are fewer is held against a model of the other, whichever it is.
    """

    starters: Starters
    matched: Matched
    balance: Balance
    turn: int

    @property
    def checks(self) -> tuple[Check, ...]:
        """What can be asked of the comparison before any outcome is looked at."""
        return design_checks(self.balance, self.matched)

    def size_of(self, size: EffectSize | NotEstimated) -> EffectSize | NotEstimated:
        """Return an effect of one arm as that of the first intervention less the second: see ``turned``."""
        return turned(size, self.turn)

    def __repr__(self) -> str:
        return f"<Either: {self.balance.summary()}>"


def weigh_either(
    panel: Any,
    first: Any,
    second: Any,
    *,
    on: Iterable[str],
    exact: Iterable[str] = (),
) -> Either | NotEstimated:
    """Weigh the families that started either of two interventions to be alike in what was known before their start.

    Args:
        panel: families by months, as ``build_panel`` returns it.
        first, second: the arms of the two interventions, as ``panel.arms`` returns them. Who started both is left out.
        on: covariates at the start. The month of the start is one, too, because times differ.
        exact: columns in each of whose values both kinds of families are to weigh the same.

    Returns:
        The families with their weights; or why there are none: fewer than ``FEWEST_FAMILIES`` started either, or nobody
        who started the one is like anybody who started the other.
    """
    rows = [arms.frame[arms.frame[arms.treated] == 1] for arms in (first, second)]
    fewer = int(len(rows[1]) < len(rows[0]))
    both = [own.assign(treated=int(place == fewer)) for place, own in enumerate(rows)]
    frame = pd.concat(both, ignore_index=True).drop_duplicates("family_id", keep=False).reset_index(drop=True)
    if frame["treated"].value_counts().reindex([0, 1], fill_value=0).min() < FEWEST_FAMILIES:
        return NotEstimated(FEW)
    starters = Starters(panel, frame, {**_companions(first), **_companions(second)})
    when = [MOMENT] if frame[MOMENT].nunique() > 1 else []
    try:
        matched = match(starters, on=list(dict.fromkeys([*on, *when])), exact=list(exact), method="overlap")
    except EstimationError:
        return NotEstimated(UNLIKE)
    labels = {**getattr(first, "labels", {}), **WHEN}
    known = {name: label for name, label in labels.items() if name in matched.covariates}
    balance = check_balance(matched, labels=known, sd="pooled")
    return Either(starters, balance.accept(because=SHOWN), balance, turn=1 if fewer == 0 else -1)


def measure_either(
    either: Either,
    outcome: Outcome,
    *,
    method: str = "doubly_robust",
    covariates: Sequence[str] = (),
    baseline: int = 12,
    follow_up: tuple[int, int] = (1, 12),
    smallest_worthwhile: float | None = None,
) -> OutcomeEffect:
    """Estimate on one outcome what one intervention does beyond the other, for those who might have had either.

    Args:
        either: as ``weigh_either`` returns it.
        outcome: one of the panel's outcomes.
        method, covariates, baseline, follow_up, smallest_worthwhile: as ``measure`` has them.

    Returns:
        The effect of that of the two which fewer started; ``either.size_of`` turns it. Weights are taken as known (how
        often intervals hold the truth even so stands in ``docs/evidence.md``).
    """
    months = tuple(follow_up)
    starters, matched = either.starters, either.matched
    # Its months are those of the calendar, in which nobody may be seen.
    dated = replace(matched, design=replace(matched.design, risk_set=MOMENT))
    return OutcomeEffect(
        outcome=outcome,
        estimate=estimate_outcome(starters, matched, outcome, method=method, covariates=covariates, baseline=baseline),
        follow_up=months,
        smallest_worthwhile=outcome.smallest_worthwhile if smallest_worthwhile is None else smallest_worthwhile,
        naive=NOBODY_WITHOUT,
        attrition=measure_attrition(starters, dated, outcome.name, baseline=baseline, follow_up=months),
    )


def turned(size: EffectSize | NotEstimated, turn: int) -> EffectSize | NotEstimated:
    """Return the effect of the one less the other as that of the other less the one, where ``turn`` is -1.

    Its base rate is then what the one came to.
    """
    if isinstance(size, NotEstimated) or turn == 1:
        return size
    ends = {"value": -size.value, "low": -size.high, "high": -size.low, "base_rate": size.base_rate + size.value}
    return replace(size, **ends, n_treated=size.n_comparison, n_comparison=size.n_treated)


def _companions(arms: Any) -> Mapping[str, str]:
    return getattr(arms, "companions", {})
