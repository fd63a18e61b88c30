"""The effects of several arms against each other, with their doubt."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from scipy import stats

from tf_eval.errors import NotEstimated
from tf_eval.matching.arms.head_to_head_plot import plot_head_to_head
from tf_eval.matching.display import FEW, counted, number
from tf_eval.matching.effects.effect import CAVEAT, Effect

Pair = tuple[Any, Any]

COLUMNS = (
    *("outcome", "first", "second", "estimate", "std_error", "ci_low", "ci_high"),
    *("simultaneous_low", "simultaneous_high", "first_mean", "second_mean", "n_first", "n_second"),
    *("n_first_units", "n_second_units", "reason"),
)


@dataclass(frozen=True, eq=False, repr=False)
class HeadToHead:
    """What each arm did against each other, in the outcome's own units.

    outcome   column of the outcome
    level     of the intervals
    effects   for every two arms, the first less the second as ``estimate_effect`` returns it, or why there is none
    design    what was asked of the estimate, and under "match" what was asked of the match
    """

    outcome: str
    level: float
    effects: Mapping[Pair, Effect | NotEstimated]
    design: Mapping[str, Any]

    def table(self) -> pd.DataFrame:
        """Return one row for each two arms, exact.

        Columns: outcome, first, second; ``estimate`` (first less second), ``std_error``, ``ci_low`` and ``ci_high``;
        ``simultaneous_low`` and ``simultaneous_high``, which hold for all pairs together; ``first_mean`` and
        ``second_mean`` (the base rate: what is expected in the second arm of those whom the answer is about);
        ``n_first``, ``n_second``, ``n_first_units`` and ``n_second_units``, their rows and units; and ``reason``, why
        there is no estimate, else missing.
        """
        rows = [self._row(pair, effect) for pair, effect in self.effects.items()]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def _row(self, pair: Pair, effect: Effect | NotEstimated) -> dict[str, Any]:
        row = {"outcome": self.outcome, "first": pair[0], "second": pair[1]}
        if isinstance(effect, NotEstimated):
            return row | {"reason": effect.reason}
        row |= {name: getattr(effect, name) for name in ("estimate", "std_error", "ci_low", "ci_high")}
        row |= zip(("simultaneous_low", "simultaneous_high"), self._together(effect), strict=True)
        row |= {"first_mean": effect.treated_mean, "second_mean": effect.counterfactual_mean}
        row |= {"n_first": effect.n_treated, "n_second": effect.n_comparison}
        return row | {"n_first_units": effect.n_treated_units, "n_second_units": effect.n_comparison_units}

    def _together(self, effect: Effect) -> tuple[float, float]:
        """Return the interval in which every pair is, at the level, when its doubt is shared out (Bonferroni)."""
        doubt = (1 - self.level) / len(self.effects)
        reach = float(stats.t(effect.degrees_of_freedom).ppf(1 - doubt / 2)) * effect.std_error
        return effect.estimate - reach, effect.estimate + reach

    def summary(self) -> str:
        """Return every difference with its interval and base rate; none of arms of fewer than 10 rows or units."""
        told = [self._told(pair, effect) for pair, effect in self.effects.items()]
        notes = dict.fromkeys(note for effect in self.effects.values() for note in getattr(effect, "notes", ()))
        return " ".join([f"Effects on {self.outcome}:", *told, f"{CAVEAT}.", *notes])

    def _told(self, pair: Pair, effect: Effect | NotEstimated) -> str:
        named = f"'{pair[0]}' rather than '{pair[1]}'"
        if isinstance(effect, NotEstimated):
            return f"{named} was not estimated: {effect.reason}."
        if effect.is_small:
            return f"{named} is not shown, for {FEW}."
        low, high = self._together(effect)
        return (
            f"{named} {number(effect.estimate)} ({self.level:.0%} interval {number(effect.ci_low)} to "
            f"{number(effect.ci_high)}; {number(low)} to {number(high)} for all pairs together), against "
            f"{number(effect.counterfactual_mean)} expected in '{pair[1]}' ("
            f"{counted(effect.n_treated, effect.n_treated_units)} and "
            f"{counted(effect.n_comparison, effect.n_comparison_units)} rows)."
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw every difference with its interval, and a thin line for the one that holds for all together."""
        return plot_head_to_head(self.table(), self.outcome, self.level, ax)

    def to_dict(self) -> dict[str, Any]:
        """Return design, numbers and reasons as JSON-safe values; None where there is no number."""
        rows = [{key: _json_safe(value) for key, value in row.items()} for row in self.table().to_dict("records")]
        return {"design": dict(self.design), "effects": rows}

    def __repr__(self) -> str:
        return f"<HeadToHead: {self.summary()}>"


def _json_safe(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, int | str) else str(value)
