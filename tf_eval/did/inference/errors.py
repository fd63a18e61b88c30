"""From combinations of cells to estimates: the error of each and the covariance of all, from influence functions."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from tf_eval.did.aggregate import Combination, counted_units, moments
from tf_eval.did.design import Design
from tf_eval.did.estimate import Estimate, Estimates, interval
from tf_eval.did.group_time.cells import SINGLE, Cells
from tf_eval.did.inference.influence import Influence
from tf_eval.did.inference.multipliers import draw
from tf_eval.errors import NotEstimated

NOTHING_THERE = "none of its cells could be estimated"


@dataclass(frozen=True, eq=False)
class Inference:
    """What is needed to give combinations of cells their error."""

    design: Design
    cells: Cells
    influence: Influence
    time_unit: str

    def interval(self, att: float, std_error: float, cells: Sequence[np.ndarray]) -> tuple[float, float, float]:
        """Return the interval's ends and the p-value of an effect that rests on ``cells``, one array a moment.

        The t reference distribution has one degree of freedom less than the clusters whose treated units serve in the
        moment with the fewest.
        """
        if self.design.quantile == "normal":
            return interval(att, std_error, self.design, None)
        clusters = min(self.influence.n_treated_clusters(moment) for moment in cells)
        return interval(att, std_error, self.design, max(clusters - 1, 1))

    def estimates(
        self, kind: str, combinations: Sequence[Combination | None], where: Sequence[Mapping[str, Any]]
    ) -> Estimates:
        """Return the combinations as one table; all errors come from one product with the influence functions."""
        covariance = self._covariance(combinations)
        rows = [
            self._row(combination, variance, _label(kind, place, self.time_unit), place)
            for combination, variance, place in zip(combinations, np.diag(covariance), where, strict=True)
        ]
        drawn = partial(self._draw, combinations)
        return Estimates(kind, tuple(where), tuple(rows), covariance, self.time_unit, self.design, drawn)

    def estimate(self, combination: Combination | None, label: str) -> Estimate | NotEstimated:
        variance = float(self._covariance([combination])[0, 0])
        return self._row(combination, variance, label, {})

    def _counted(self, moment: np.ndarray) -> tuple[int, int]:
        """Return how many treated and comparison units serve in a moment; of rows of a match, who they are of."""
        if self.design.counts_clusters:
            return self.influence.n_treated_clusters(moment), self.influence.n_comparison_clusters(moment)
        return counted_units(self.cells, moment)

    def _draw(
        self, combinations: Sequence[Combination | None], rows: Sequence[int], multiplier: str, draws: int, seed: int
    ) -> np.ndarray:
        weights = _side_by_side([combinations[position] for position in rows])
        influence = (values for _, values in self.influence.combined(*weights))
        return draw(influence, multiplier, draws, seed)

    def _covariance(self, combinations: Sequence[Combination | None]) -> np.ndarray:
        had = [position for position, combination in enumerate(combinations) if combination is not None]
        covariance = np.full((len(combinations), len(combinations)), np.nan)
        if had:
            weights = _side_by_side([combinations[position] for position in had])
            covariance[np.ix_(had, had)] = self.influence.covariance(*weights)
        return covariance

    def _row(
        self, combination: Combination | None, variance: float, label: str, where: Mapping[str, Any]
    ) -> Estimate | NotEstimated:
        if combination is None:
            return NotEstimated(NOTHING_THERE)
        served = moments(self.cells, combination)
        if not served:
            return NotEstimated(NOTHING_THERE)
        treated, comparison = zip(*(self._counted(moment) for moment in served), strict=True)
        # One moment with two units of each arm gives an error; the counts that are told are those of the emptiest.
        if min(max(treated), max(comparison)) < 2:
            return NotEstimated(SINGLE)
        used = combination.cells != 0
        att = float(combination.cells[used] @ self.cells.att[used])
        treated_mean = float(combination.cells[used] @ self.cells.treated_mean[used])
        # A reference period is zero by construction: it has no error to show.
        std_error = math.sqrt(variance) if variance > 0 else math.nan
        low, high, p_value = self.interval(att, std_error, served)
        return Estimate(
            label=label,
            where=where,
            att=att,
            std_error=std_error,
            ci_low=low,
            ci_high=high,
            p_value=p_value,
            treated_mean=treated_mean,
            counterfactual_mean=treated_mean - att,
            n_treated=min(treated),
            n_comparison=min(comparison),
            treated_share=combination.treated_share,
            design=self.design,
        )


def _side_by_side(combinations: Sequence[Combination]) -> tuple[np.ndarray, np.ndarray]:
    """Return the weights on cells, and on groups, a column for each combination."""
    on_cells = np.column_stack([combination.cells for combination in combinations])
    return on_cells, np.column_stack([combination.groups for combination in combinations])


def _label(kind: str, where: Mapping[str, Any], time_unit: str) -> str:
    """Say in words what a row stands for."""
    if kind == "band":
        return f"{time_unit}s {where['first']} to {where['last']}"
    if kind == "event_time":
        return f"{time_unit} {where['event_time']}"
    if kind == "calendar_period":
        return f"period {where['period']}"
    group = f"start cohort {where['set']}" if where["set"] is not None else f"adopted in {where['adopted']}"
    return group if kind == "cohort" else f"{group}, {time_unit} {where['event_time']}"
