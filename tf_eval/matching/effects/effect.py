"""An effect on matched rows with its doubt."""

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tf_eval.matching.display import NOT_SHOWN, SMALLEST_SHOWN, counted, number
from tf_eval.matching.effects.design import EffectDesign
from tf_eval.matching.effects.effect_plot import plot_effect
from tf_eval.matching.figure import leave_empty

NUMBERS = (
    "estimate",
    "std_error",
    "ci_low",
    "ci_high",
    "p_value",
    "degrees_of_freedom",
    "treated_mean",
    "counterfactual_mean",
    "n_treated",
    "n_comparison",
    "n_sets",
    "n_treated_units",
    "n_comparison_units",
)
CAVEAT = (
    "It holds only if nothing that the match has not seen made both treatment and the outcome more likely; "
    "tipping_point says how strong such a thing would have to be"
)


@dataclass(frozen=True, eq=False, repr=False)
class Effect:
    """The effect on those of whom the match asks, as a rule the treated who were matched, in the outcome's own units.

    estimate              treated less what is expected without treatment
    std_error             its standard error; of randomisation, by how far the differences of the sets are apart
    ci_low, ci_high       interval at ``design.level``
    p_value               two-sided, of no effect
    degrees_of_freedom    of the t distribution behind interval and p-value; infinite for randomisation, which has none
    treated_mean          mean outcome of the treated
    counterfactual_mean   the same less the estimate: the base rate, what is expected without treatment
    n_treated, n_comparison, n_sets   matched rows of each arm, and sets; None where rows were weighted without sets
    n_treated_units, n_comparison_units   of how many units these rows are; of as many where no units are named
    design                what was asked, and the cluster and correction that were used
    notes                 sentences about what was done otherwise than asked
    """

    estimate: float
    std_error: float
    ci_low: float
    ci_high: float
    p_value: float
    degrees_of_freedom: float
    treated_mean: float
    counterfactual_mean: float
    n_treated: int
    n_comparison: int
    n_sets: int | None
    n_treated_units: int
    n_comparison_units: int
    design: EffectDesign
    notes: tuple[str, ...]

    def table(self) -> pd.DataFrame:
        """Return the effect as a table of one row, exact."""
        return pd.DataFrame([{"outcome": self.design.outcome, **{name: getattr(self, name) for name in NUMBERS}}])

    def summary(self) -> str:
        """Return size, interval and base rate in plain sentences; counts are rounded and small ones not shown."""
        if self.is_small:
            return " ".join([f"The effect on {self.design.outcome} is {NOT_SHOWN}", *self.notes])
        found = (
            f"The estimated effect on {self.design.outcome} is {number(self.estimate)} ({self._interval()}), "
            f"against {number(self.counterfactual_mean)} expected without treatment ({self._counts()})."
        )
        bounds = ", and so does rosenbaum_bounds" if self._has_bounds else ""
        return " ".join([found, f"{CAVEAT}{bounds}.", *self.notes])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw what was seen of the treated beside what is expected without treatment, with its interval."""
        if self.is_small:
            return leave_empty(ax, f"The effect on {self.design.outcome}")
        return plot_effect(self, f"Effect on {self.design.outcome}: {number(self.estimate)} ({self._interval()})", ax)

    def to_dict(self) -> dict[str, Any]:
        """Return design, numbers and notes as JSON-safe values; None for what is infinite or does not apply."""
        numbers = {name: getattr(self, name) for name in NUMBERS}
        finite = {name: None if value is None or math.isinf(value) else value for name, value in numbers.items()}
        return {"design": self.design.to_dict(), **finite, "notes": list(self.notes)}

    @property
    def is_small(self) -> bool:
        """Whether an arm is of so few units that nothing is shown of it."""
        return min(self.n_treated_units, self.n_comparison_units) < SMALLEST_SHOWN

    @property
    def _has_bounds(self) -> bool:
        """Whether each set has one treated row and no row serves twice, as the bounds need."""
        return self.n_sets == self.n_treated and self.design.method != "abadie_imbens"

    def _interval(self) -> str:
        return f"{self.design.level:.0%} interval {number(self.ci_low)} to {number(self.ci_high)}"

    def _counts(self) -> str:
        treated = counted(self.n_treated, self.n_treated_units, "treated rows")
        return f"{treated} and {counted(self.n_comparison, self.n_comparison_units, 'comparison rows')}"

    def __repr__(self) -> str:
        shown = "not shown" if self.is_small else f"{number(self.estimate)} ({self._interval()})"
        return f"<Effect: {self.design.outcome}, {self.design.method}: {shown}; {self._counts()}>"
