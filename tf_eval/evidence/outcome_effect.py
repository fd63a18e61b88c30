"""One outcome, measured: the effect with everything that a reader needs to believe it or not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from tf_eval import did
from tf_eval.cohort.outcomes import Outcome
from tf_eval.errors import ConfigError, NotEstimated
from tf_eval.evidence.attrition import Attrition, attrition_check, measure_attrition
from tf_eval.evidence.check import Check
from tf_eval.evidence.effect_size import EffectSize

PLACEBO = (-24, -13)
START_COHORT = "start_cohort"


@dataclass(frozen=True, eq=False, repr=False)
class OutcomeEffect:
    """The effect of one intervention on one outcome, in reporting units.

    Attributes:
        outcome: what is measured, and how it is reported.
        estimate: the group-time effects that everything else is made of, in the outcome's own units.
        follow_up: event months, first and last, of the headline.
        smallest_worthwhile: the smallest change worth having, in reporting units.
        naive: the plain before-and-after change of the families with the intervention, in the outcome's own units.
        attrition: who was seen before the start and no longer after it; None where nobody asked.
    """

    outcome: Outcome
    estimate: did.GroupTimeATT
    follow_up: tuple[int, int]
    smallest_worthwhile: float
    naive: did.NaiveChange | NotEstimated
    attrition: Attrition | NotEstimated | None = None

    @property
    def headline(self) -> EffectSize | NotEstimated:
        """The mean effect over the follow-up months."""
        return self.size_of(self.estimate.band(*self.follow_up))

    @property
    def placebo(self) -> EffectSize | NotEstimated:
        """The "effect" over months before the baseline, where there can be none."""
        if (self.estimate.design.window or 0) >= -PLACEBO[1]:
            return NotEstimated("the baseline reaches into the months that would show it")
        return self.size_of(self.estimate.placebo(*PLACEBO))

    @property
    def bands(self) -> "Series":
        """The effect by follow-up band."""
        return Series(
            "band", self, self._sizes(self.estimate.bands(), lambda where: where["band"].replace("-", " to "))
        )

    @property
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
        return (placebo_check(self.placebo), *asked)

    def is_harm(self, change: float) -> bool:
        return change > 0 if self.outcome.good_direction == "fall" else change < 0

    def table(self) -> pd.DataFrame:
        """Return one row per follow-up band, in reporting units."""
        return self.bands.table()

    def plot(self, ax: Any = None) -> Any:
        """Draw the event study, in the outcome's own units."""
        return self.estimate.plot(ax)

    def summary(self) -> str:
        size = self.headline
        first, last = self.follow_up
        if isinstance(size, NotEstimated):
            return f"{self.outcome.label}: {size.summary()}"
        design = self.estimate.design
        if not design.shows(size.n_treated, size.n_comparison):
            return f"{self.outcome.label}: {design.not_shown}"
        return (
            f"{self.outcome.label}, months {first} to {last}: {size.value:+.1f} {self.outcome.unit} "
            f"(95% interval {size.low:.1f} to {size.high:.1f}), against {size.base_rate:.1f} without the intervention. "
            "It holds only if both groups would otherwise have changed alike."
        )

    def __repr__(self) -> str:
        return f"<OutcomeEffect: {self.outcome.label}>"

    def _sizes(self, estimates: did.Estimates, label: Callable) -> tuple[tuple[Any, EffectSize | NotEstimated], ...]:
        return tuple(
            (label(where), self.size_of(row)) for where, row in zip(estimates.where, estimates.rows, strict=True)
        )

    def size_of(self, estimate: did.Estimate | NotEstimated) -> EffectSize | NotEstimated:
        if isinstance(estimate, NotEstimated):
            return estimate
        scale = self.outcome.scale
        return EffectSize(
            value=estimate.att * scale,
            low=estimate.ci_low * scale,
            high=estimate.ci_high * scale,
            std_error=estimate.std_error * scale,
            p_value=estimate.p_value,
            base_rate=estimate.counterfactual_mean * scale,
            n_treated=estimate.n_treated,
            n_comparison=estimate.n_comparison,
            degrees_of_freedom=estimate.degrees_of_freedom,
        )


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

    Returns:
        Group-time effects (Callaway and Sant'Anna 2021) by start cohort and month from the start, against the mean of
        the baseline months, with errors clustered by family. Intervals use the t distribution and errors allow
        for the number of covariates, because an intervention may have been given to few families. Beside them stand the
        change before and after alone, and who was lost from sight.

    Raises:
        EstimationError: balance was not accepted.
        ConfigError: the weights are for others than those who started (an estimand other than ``"att"``).
    """
    if matched.design.estimand != "att":
        raise ConfigError("measure: a verdict is of those who started; match with estimand 'att'")
    matched.require_accepted("measure")
    first, last = follow_up
    return OutcomeEffect(
        outcome=outcome,
        estimate=estimate_outcome(panel, matched, outcome, method=method, covariates=covariates, baseline=baseline),
        follow_up=(first, last),
        smallest_worthwhile=outcome.smallest_worthwhile if smallest_worthwhile is None else smallest_worthwhile,
        naive=did.naive_change(panel, matched, first=first, last=last, outcome=outcome.name, baseline=baseline),
        attrition=measure_attrition(panel, matched, outcome.name, baseline=baseline, follow_up=(first, last)),
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


def placebo_check(placebo: EffectSize | NotEstimated) -> Check:
    """Were the two groups moving alike before the baseline, over months that were not matched on?"""
    name = "The groups moved alike before the start"
    if isinstance(placebo, NotEstimated):
        return Check(name, False, f"This could not be examined: {placebo.reason}.", "pre_trend")
    first, last = PLACEBO
    seen = "no difference beyond chance" if not placebo.excludes_zero else "a difference beyond chance"
    detail = f"Between {-first} and {-last} months before there was {seen}."
    return Check(name, not placebo.excludes_zero, detail, "pre_trend")
