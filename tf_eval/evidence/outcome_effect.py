"""One outcome, measured: the effect with everything that a reader needs to believe it or not."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import pandas as pd

from tf_eval import did
from tf_eval.cohort.outcomes import Outcome
from tf_eval.errors import ConfigError, NotEstimated
from tf_eval.evidence.attrition import Attrition, attrition_check, measure_attrition
from tf_eval.evidence.check import CHECK_LEVEL, Check
from tf_eval.evidence.effect_size import EffectSize
from tf_eval.evidence.looks import LookSchedule, RepeatedIntervals, as_looked_at, look_again
from tf_eval.evidence.plain_outcome import PlainOutcome

PLACEBO = (-24, -13)
MOVED_ALIKE = "The groups moved alike before the start"
NOT_EXAMINED = "This could not be examined:"
SEEN = {True: "no difference beyond chance", False: "a difference beyond chance"}
START_COHORT = "start_cohort"


@dataclass(frozen=True, eq=False, repr=False)
class OutcomeEffect:
    """The effect of one intervention on one outcome, in reporting units.

    Attributes:
        outcome: what is measured, and how it is reported.
        estimate: the group-time effects that everything else is made of, in the outcome's own units.
        follow_up: event months, first and last, of the headline; None: all since the start, as ``overall()`` has them.
        smallest_worthwhile: the smallest change worth having, in reporting units.
        naive: the plain before-and-after change of the families with the intervention, in the outcome's own units.
        tested: the checks of this outcome alone, where they are not those of a council's panel by month.
        schedule: when the study is looked at, where it is looked at again and again.
        looks: the headline at each look so far, in the outcome's own units, with intervals that hold over all.
        attrition: who was seen before the start and no longer after it; None where nobody asked.
    """

    outcome: Outcome | PlainOutcome
    estimate: did.GroupTimeATT
    follow_up: tuple[int, int] | None
    smallest_worthwhile: float
    naive: did.NaiveChange | NotEstimated
    tested: tuple[Check, ...] = ()
    schedule: LookSchedule | None = None
    looks: RepeatedIntervals | NotEstimated | None = None
    attrition: Attrition | NotEstimated | None = None

    @cached_property
    def headline(self) -> EffectSize | NotEstimated:
        """The mean effect over the follow-up months; of several looks the last, whose interval holds over all."""
        size = self.size_of(self.estimate.band(*self.follow_up) if self.follow_up else self.estimate.overall())
        if not isinstance(self.looks, RepeatedIntervals) or isinstance(size, NotEstimated):
            return size
        reach = float(self.looks.critical[-1])
        ends = {"low": size.value - reach * size.std_error, "high": size.value + reach * size.std_error}
        return replace(size, **ends, p_value=float(self.looks.p_value[-1]), reach=reach)

    @cached_property
    def placebo(self) -> EffectSize | NotEstimated:
        """The "effect" over months before the baseline, where there can be none."""
        if (self.estimate.design.window or 0) >= -PLACEBO[1]:
            return NotEstimated("the baseline reaches into the months that would show it")
        return self.size_of(self.estimate.placebo(*PLACEBO))

    @cached_property
    def bands(self) -> "Series":
        """The effect by follow-up band."""
        return Series(
            "band", self, self._sizes(self.estimate.bands(), lambda where: where["band"].replace("-", " to "))
        )

    @cached_property
    def event_study(self) -> "Series":
        """The effect by month from the start."""
        return Series("event_time", self, self._sizes(self.estimate.by_event_time(), lambda where: where["event_time"]))

    @property
    def naive_change(self) -> float | None:
        """What before and after alone would have claimed, in reporting units."""
        return None if isinstance(self.naive, NotEstimated) else self.naive.change * self.outcome.scale

    @property
    def checks(self) -> tuple[Check, ...]:
        """The checks of this outcome alone."""
        asked = () if self.attrition is None else (attrition_check(self.attrition),)
        return self.tested or (placebo_check(self.placebo), *asked)

    def is_harm(self, change: float) -> bool:
        return is_harm(self.outcome, change)

    def table(self) -> pd.DataFrame:
        """Return one row per follow-up band, in reporting units."""
        return self.bands.table()

    def plot(self, ax: Any = None) -> Any:
        """Draw the event study, in the outcome's own units."""
        return self.estimate.plot(ax)

    def summary(self) -> str:
        size, design = self.headline, self.estimate.design
        if isinstance(size, NotEstimated):
            return f"{self.outcome.label}: {size.summary()}"
        if not design.shows(size.n_treated, size.n_comparison):
            return f"{self.outcome.label}: {design.not_shown}"
        said = told_size(self.outcome, size, self._when)
        return f"{said} It holds only if both groups would otherwise have changed alike."

    @property
    def _when(self) -> str:
        if self.follow_up is None:
            return ""
        first, last = self.follow_up
        return f", {self.estimate.time_unit}s {first} to {last}"

    def __repr__(self) -> str:
        return f"<OutcomeEffect: {self.outcome.label}>"

    def _sizes(self, estimates: did.Estimates, label: Callable) -> tuple[tuple[Any, EffectSize | NotEstimated], ...]:
        return tuple(
            (label(where), self.size_of(row)) for where, row in zip(estimates.where, estimates.rows, strict=True)
        )

    def size_of(self, estimate: did.Estimate | NotEstimated) -> EffectSize | NotEstimated:
        if isinstance(estimate, NotEstimated):
            return estimate
        size = EffectSize(
            value=estimate.att,
            low=estimate.ci_low,
            high=estimate.ci_high,
            std_error=estimate.std_error,
            p_value=estimate.p_value,
            base_rate=estimate.counterfactual_mean,
            n_treated=estimate.n_treated,
            n_comparison=estimate.n_comparison,
            degrees_of_freedom=estimate.degrees_of_freedom,
        )
        return in_unit(size, self.outcome)


@dataclass(frozen=True, eq=False, repr=False)
class Series:
    """Effects on one outcome side by side, by band or by month.

    Attributes:
        kind: ``band`` or ``event_time``.
        measured: the outcome's effect that they belong to.
        rows: pairs of the place (a band's name, a month) and the effect there.
    """

    kind: str
    measured: OutcomeEffect
    rows: tuple[tuple[Any, EffectSize | NotEstimated], ...]

    def table(self) -> pd.DataFrame:
        """Return one row per place; where the effect is not estimated, the reason."""
        return pd.DataFrame([{self.kind: place, **size.to_dict()} for place, size in self.rows])

    def __repr__(self) -> str:
        return f"<Series: {self.measured.outcome.label} by {self.kind}>"


def measure(
    panel: Any,
    matched: Any,
    outcome: Outcome,
    *,
    method: str = "doubly_robust",
    covariates: Sequence[str] = (),
    baseline: int = 12,
    follow_up: tuple[int, int] = (1, 12),
    smallest_worthwhile: float | None = None,
    looks: LookSchedule | None = None,
) -> OutcomeEffect:
    """Estimate the effect of an intervention on one outcome.

    Args:
        panel: families by months, as ``build_panel`` returns it.
        matched: matched families, as ``check_balance(matched).accept()`` returns them.
        outcome: one of ``panel.outcomes``.
        method, covariates, baseline: as ``estimate_att`` has them; the baseline in months before the start. With
            covariates, start cohorts are estimated together with an intercept each, because one by one they are too
            small to adjust for anything.
        follow_up: event months, first and last, of the headline effect.
        smallest_worthwhile: the smallest change worth having, in reporting units; the outcome's own by default.
        looks: when the study is looked at, fixed before the first look. The effect is then that on families whose
            follow-up is over, and interval and p-value of the headline hold over all looks together.

    Returns:
        Group-time effects (Callaway and Sant'Anna 2021) by start cohort and month from the start, against the mean of
        the baseline months, with errors clustered by family. Intervals use the t distribution and errors allow
        for the number of covariates, because an intervention may have been given to few families. Beside them stand the
        change before and after alone, and who was lost from sight.

    Raises:
        EstimationError: balance was not accepted.
        ConfigError: the weights are for others than those who started (an estimand other than ``"att"``), or the looks
            are still to come or all over.
    """
    if matched.design.estimand != "att":
        raise ConfigError("measure: a verdict is of those who started; match with estimand 'att'")
    matched.require_accepted("measure")
    first, last = follow_up
    asked = {"method": method, "covariates": covariates, "baseline": baseline}
    estimate = partial(estimate_outcome, matched=matched, outcome=outcome, **asked)
    view = as_looked_at(panel, looks, last)
    found, intervals = (estimate(view), None) if looks is None else look_again(panel, looks, (first, last), estimate)
    return OutcomeEffect(
        outcome=outcome,
        estimate=found,
        follow_up=(first, last),
        smallest_worthwhile=outcome.smallest_worthwhile if smallest_worthwhile is None else smallest_worthwhile,
        naive=did.naive_change(view, matched, first=first, last=last, outcome=outcome.name, baseline=baseline),
        schedule=looks,
        looks=intervals,
        attrition=measure_attrition(view, matched, outcome.name, baseline=baseline, follow_up=(first, last)),
    )


def estimate_outcome(
    panel: Any, matched: Any, outcome: Outcome, *, method: str, covariates: Sequence[str], baseline: int
) -> did.GroupTimeATT:
    """Return the group-time effects on one outcome as evaluations estimate them; see ``measure``."""
    return did.estimate_att(
        panel,
        matched,
        outcome=outcome.name,
        method=method,
        covariates=_pooled(covariates),
        baseline=baseline,
        cluster="family_id",
        quantile="t",
        small_sample=bool(covariates),
    )


def _pooled(covariates: Sequence[str]) -> tuple[str, ...]:
    return (START_COHORT, *covariates) if covariates else ()


def is_harm(outcome: Outcome | PlainOutcome, change: float) -> bool:
    """Say whether a change goes the wrong way."""
    return change > 0 if outcome.good_direction == "fall" else change < 0


def in_unit(size: EffectSize, outcome: Outcome | PlainOutcome) -> EffectSize:
    """Return an effect on the outcome's own numbers in the unit in which it is told."""
    return size.in_percent() if outcome.is_log else size.scaled(outcome.scale)


def told_size(outcome: Outcome | PlainOutcome, size: EffectSize, when: str) -> str:
    """Return an effect with its interval, and its base rate if there is one, as a sentence."""
    base = "" if math.isnan(size.base_rate) else f", against {size.base_rate:.1f} without the intervention"
    interval = f"95% interval {size.low:.1f} to {size.high:.1f}"
    return f"{outcome.label}{when}: {size.value:+.1f} {outcome.unit} ({interval}){base}."


def placebo_check(placebo: EffectSize | NotEstimated) -> Check:
    """Were the two groups moving alike before the baseline, over months that were not matched on?"""
    if isinstance(placebo, NotEstimated):
        return Check(MOVED_ALIKE, False, f"{NOT_EXAMINED} {placebo.reason}.", "pre_trend", told=False)
    first, last = PLACEBO
    passed = placebo.p_value >= CHECK_LEVEL
    detail = f"Between {-first} and {-last} months before there was {SEEN[passed]}."
    return Check(MOVED_ALIKE, passed, detail, "pre_trend")
