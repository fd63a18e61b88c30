"""How strong a hidden difference would have to be, in units of each difference that was seen."""

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tf_eval.errors import ConfigError, NotEstimated, raise_all
from tf_eval.matching.arguments import names, word_problems
from tf_eval.matching.display import NOT_SHOWN, counted, number
from tf_eval.matching.effects import Effect, estimate_effect
from tf_eval.matching.effects.contrast import fit_method
from tf_eval.matching.effects.rows import Rows, read_rows
from tf_eval.matching.figure import leave_empty
from tf_eval.matching.matched import Matched, require_match
from tf_eval.matching.sensitivity.benchmarks import compare_benchmarks, covariate_strengths
from tf_eval.matching.sensitivity.omitted import Coefficient
from tf_eval.matching.sensitivity.tipping_plot import plot_tipping

WHERE = "tipping_point"
STRENGTHS = ("before", "after")


@dataclass(frozen=True)
class TippingDesign:
    """What was asked: the outcome, the covariates, the clusters, the level, and where strengths are measured."""

    outcome: str
    covariates: tuple[str, ...]
    cluster: str
    level: float
    strength: str

    def to_dict(self) -> dict[str, Any]:
        """Return the design as JSON-safe values."""
        return {**asdict(self), "covariates": list(self.covariates)}


@dataclass(frozen=True, eq=False, repr=False)
class TippingPoint:
    """How strong something hidden would have to be to bring an estimate, or its interval, to no effect.

    effect                the estimate by weighted regression
    coefficient           the same as a coefficient, which answers for any strength (``coefficient.adjusted``)
    robustness_value      share of what is left unexplained of both treatment and outcome that brings the estimate to 0
    robustness_value_ci   the same for the interval; 0 where it holds no effect as it is
    benchmarks            one row for each covariate: see ``table``
    design                what was asked
    """

    effect: Effect
    coefficient: Coefficient
    robustness_value: float
    robustness_value_ci: float
    benchmarks: pd.DataFrame
    design: TippingDesign

    def table(self) -> pd.DataFrame:
        """Return a tidy copy, one row for each covariate, the strongest first.

        ``r2_treatment`` and ``r2_outcome`` are its partial R2 given the others. ``estimate``, ``ci_low`` and
        ``ci_high`` would be found at worst with something hidden as strong (missing, with a ``reason``, where nothing
        can be). ``times_to_zero`` and ``times_to_ci`` say how many times as strong it would have to be to bring the
        estimate to 0, and the interval to hold 0; infinite where no strength would do.
        """
        return self.benchmarks.copy()

    def summary(self) -> str:
        """Return the tipping point in plain sentences."""
        return " ".join([self._found(), *self.effect.notes])

    def _found(self) -> str:
        outcome, effect, strongest = self.design.outcome, self.effect, self.benchmarks.iloc[0]
        if effect.is_small:
            return f"The effect on {outcome}, and what would bring it to nothing, is {NOT_SHOWN}"
        found = f"the estimated effect on {outcome} ({number(effect.estimate)}, {self._interval()})"
        share = f"one that explains {self.robustness_value:.0%} of what is left of both treatment and outcome would do"
        if math.isinf(strongest["times_to_zero"]):
            return f"None of the differences seen says how strong a hidden one would have to be for {found}; {share}."
        return (
            f"It would take a hidden difference {number(strongest['times_to_zero'])} times as strong as "
            f"{strongest['covariate']}, the strongest of those seen, to bring {found} to nothing; {share}. "
            f"{self._about_interval(strongest)}"
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the estimate over all strengths of a hidden difference, with the differences seen as marks."""
        if self.effect.is_small:
            return leave_empty(ax, f"What would bring the effect on {self.design.outcome} to nothing")
        return plot_tipping(self, ax)

    def to_dict(self) -> dict[str, Any]:
        """Return design, effect and benchmarks as JSON-safe values; None for what is infinite or missing."""
        rows = [
            {
                key: None if isinstance(value, float) and not math.isfinite(value) else value
                for key, value in row.items()
            }
            for row in self.benchmarks.to_dict(orient="records")
        ]
        return {
            "design": self.design.to_dict(),
            "effect": self.effect.to_dict(),
            "robustness_value": self.robustness_value,
            "robustness_value_ci": self.robustness_value_ci,
            "benchmarks": rows,
        }

    def _interval(self) -> str:
        return f"{self.design.level:.0%} interval {number(self.effect.ci_low)} to {number(self.effect.ci_high)}"

    def _about_interval(self, strongest: pd.Series) -> str:
        if strongest["times_to_ci"] == 0:
            return "The interval includes 0 as it is."
        if math.isinf(strongest["times_to_ci"]):
            return "No strength of it would bring 0 into the interval."
        return f"At {number(strongest['times_to_ci'])} times its strength the interval would include 0."

    def __repr__(self) -> str:
        effect = self.effect
        share = "not shown" if effect.is_small else f"robustness value {self.robustness_value:.0%}"
        arms = (effect.n_treated, effect.n_treated_units), (effect.n_comparison, effect.n_comparison_units)
        return f"<TippingPoint: {self.design.outcome}, {share}; {counted(*min(arms), 'rows')} in the smaller arm>"


def tipping_point(
    matched: Matched,
    outcome: str,
    *,
    covariates: str | Iterable[str] = (),
    cluster: str | None = None,
    level: float = 0.95,
    strength: str = "before",
) -> TippingPoint | NotEstimated:
    """Return how strong something hidden would have to be to bring the effect to nothing, beside what was seen.

    The effect is that of ``estimate_effect(..., method="regression")``: weighted least squares on the matched rows.

    Parameters
    ----------
    matched
        A match whose balance was accepted.
    outcome
        Column with the outcome, as for ``estimate_effect``.
    covariates
        Covariates of the regression, each of them a yardstick; none named means those of the match.
    cluster, level
        As for ``estimate_effect``.
    strength
        Where a covariate's partial R2 with treatment is measured. ``"before"``: among all rows before matching,
        unweighted (the default); ``"after"``: on the matched rows, as R's ``sensemakr`` would. Matching takes away
        what covariates have to do with treatment, but nothing of what a hidden thing has to do with it. "As strong as
        this covariate" would, measured after matching, mean next to nothing, and any effect look safe.

    Returns
    -------
    TippingPoint or NotEstimated
        The latter says why there is no effect to tip.

    Raises
    ------
    ConfigError
        An option is unknown, or a covariate was not in the match and so has no strength before it.
    EstimationError, InputError
        As ``estimate_effect``.

    Notes
    -----
    Cinelli and Hazlett (2020, Journal of the Royal Statistical Society B 82). Their classical error is scaled by the
    ratio of the clustered to the classical one, which is taken not to depend on what is hidden.
    """
    require_match(matched, WHERE)
    asked = names(covariates, "covariates") or matched.covariates
    raise_all(ConfigError, WHERE, _problems(matched, asked, strength))
    matched.require_accepted(WHERE)
    effect = estimate_effect(matched, outcome, method="regression", covariates=asked, cluster=cluster, level=level)
    if isinstance(effect, NotEstimated):
        return effect
    design = TippingDesign(outcome, asked, effect.design.cluster, level, strength)
    return _tip(matched, read_rows(matched, outcome, asked, WHERE), effect, design)


def _tip(matched: Matched, rows: Rows, effect: Effect, design: TippingDesign) -> TippingPoint:
    coefficient = _coefficient(rows, effect)
    sample = matched.everyone if design.strength == "before" else None
    benchmarks = compare_benchmarks(coefficient, covariate_strengths(rows, sample, design.covariates))
    shares = coefficient.robustness_value(), coefficient.robustness_value_ci()
    return TippingPoint(effect, coefficient, *shares, benchmarks, design)


def _coefficient(rows: Rows, effect: Effect) -> Coefficient:
    fit, contrast = fit_method(rows, "regression")
    freedom = fit.residual_degrees
    classical = math.sqrt(fit.weight @ fit.residuals**2 / freedom * (contrast @ fit.bread @ contrast))
    reach = (effect.ci_high - effect.ci_low) / 2
    return Coefficient(effect.estimate, classical, freedom, reach / classical)


def _problems(matched: Matched, covariates: tuple[str, ...], strength: str) -> list[str]:
    problems = word_problems("strength", strength, STRENGTHS)
    if problems:
        return problems
    strange = [name for name in covariates if name not in matched.covariates] if strength == "before" else []
    return [
        f"covariate '{name}' was not in the match, which knows it only after matching; use strength='after'"
        for name in strange
    ]
