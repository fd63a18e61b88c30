"""From combinations of cells to estimates: the error of each and the covariance of all, from influence functions."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from tf_eval.did.aggregate import Combination, counted_units, is_mean, moments
from tf_eval.did.alone import one_treated
from tf_eval.did.design import Design
from tf_eval.did.estimate import Estimate, interval
from tf_eval.did.estimates import Estimates
from tf_eval.did.group_time.cells import REFERENCE, SINGLE, Cells
from tf_eval.did.inference.clusters import AnyInfluence
from tf_eval.did.inference.multipliers import Draws, draw
from tf_eval.did.inference.strata import Spread
from tf_eval.did.times import time_name
from tf_eval.errors import NotEstimated

ONE_CLUSTER = (
    "there is a single cluster of some kind (of a start cohort, of the never treated, or of a mix of these): how far "
    "such clusters differ cannot be seen; errors='clustered' takes all clusters to differ alike"
)
ROUNDING = 1e-12  # of the variances of the cells that cancel out in it: what is left of a variance of 0
NOTHING_THERE = "none of its cells could be estimated"


@dataclass(frozen=True, eq=False)
class Inference:
    """What is needed to give combinations of cells their error.

    An effect on fewer treated units than ``fewest_treated`` is not estimated: one unit does not show how far units
    differ. With 1 it is, for those who do not take its error for more than it is.
    """

    design: Design
    cells: Cells
    influence: AnyInfluence
    time_unit: str
    fewest_treated: int = 2

    def estimates(
        self, kind: str, combinations: Sequence[Combination | None], where: Sequence[Mapping[str, Any]]
    ) -> Estimates:
        """Return the combinations as one table; all errors come from one product with the influence functions."""
        spread = self._spread(combinations)
        rows = [
            self._row(combination, spread, number, self._label(kind, place), place)
            for number, (combination, place) in enumerate(zip(combinations, where, strict=True))
        ]
        drawn = partial(self._draw, combinations)
        return Estimates(kind, tuple(where), tuple(rows), spread.covariance, self.time_unit, self.design, drawn)

    def estimate(self, combination: Combination | None, label: str) -> Estimate | NotEstimated:
        return self._row(combination, self._spread([combination]), 0, label, {})

    def spread_of(self, combination: Combination, served: Combination) -> tuple[float, float | None]:
        """Return a combination's variance and degrees of freedom (None: normal); ``served`` is on its cells."""
        spread = self._spread([combination])
        freedom = self._freedom(moments(self.cells, served), float(spread.degrees_of_freedom[0]))
        return float(spread.covariance[0, 0]), freedom

    def of_cells(self, known: np.ndarray) -> tuple[np.ndarray, list[tuple[float, float]]]:
        """Return the error of each cell and the ends of its interval; ``known`` says which have any."""
        variance, freedom = self.influence.cell_variances, np.full(len(self.cells), np.nan)
        if self.design.errors == "unequal":
            spread = self.influence.covariance_by_stratum(
                np.eye(len(self.cells)), np.zeros((self._n_groups, len(known)))
            )
            variance, freedom = np.diag(spread.covariance), spread.degrees_of_freedom
        errors = np.where(known, np.sqrt(variance), np.nan)
        ends = [
            interval(att, error, self.design, self._freedom([np.array([cell])], freedom[cell]))[:2]
            for cell, (att, error) in enumerate(zip(self.cells.att, errors, strict=True))
        ]
        return errors, ends

    @property
    def _n_groups(self) -> int:
        return len(self.cells.group_weight)

    def _freedom(self, served: Sequence[np.ndarray], own: float) -> float | None:
        """Return the degrees of freedom of what rests on the cells ``served``, one array a moment; None for a normal.

        They are those of the errors themselves (``own``) where these have any. Else t has one less than the clusters
        whose treated units serve in the moment with the fewest.
        """
        if self.design.errors == "unequal":
            return max(own, 1.0)
        if self.design.quantile == "normal":
            return None
        return max(min(self.influence.n_treated_clusters(moment) for moment in served) - 1, 1)

    def counted(self, moment: np.ndarray) -> tuple[int, int]:
        """Return how many treated and comparison units serve in a moment; of rows of a match, who they are of."""
        if self.design.counts_clusters:
            return self.influence.n_treated_clusters(moment), self.influence.n_comparison_clusters(moment)
        return counted_units(self.cells, moment)

    @property
    def counted_cells(self) -> Cells:
        """The cells with their units as effects count them."""
        if not self.design.repeats_units:
            return self.cells
        counts = np.array([self.counted(np.array([cell])) for cell in range(len(self.cells))])
        return replace(self.cells, n_treated=counts[:, 0], n_comparison=counts[:, 1])

    def _draw(
        self, combinations: Sequence[Combination | None], rows: Sequence[int], multiplier: str, draws: int, seed: int
    ) -> Draws:
        weights = side_by_side([combinations[position] for position in rows])
        influence = (values for _, values in self.influence.combined(*weights))
        return draw(influence, multiplier, draws, seed)

    def _spread(self, combinations: Sequence[Combination | None]) -> Spread:
        had = [position for position, combination in enumerate(combinations) if combination is not None]
        covariance = np.full((len(combinations),) * 2, np.nan)
        freedom = np.full(len(combinations), np.nan)
        if had:
            weights, square = side_by_side([combinations[position] for position in had]), np.ix_(had, had)
            if self.design.errors == "unequal":
                spread = self.influence.covariance_by_stratum(*weights)
                covariance[square], freedom[had] = spread.covariance, spread.degrees_of_freedom
            else:
                covariance[square] = self.influence.covariance(*weights)
        return Spread(covariance, freedom)

    def _row(
        self, combination: Combination | None, spread: Spread, number: int, label: str, where: Mapping[str, Any]
    ) -> Estimate | NotEstimated:
        served = [] if combination is None else moments(self.cells, combination)
        if not served:
            return NotEstimated(self._why_nothing())
        treated, comparison = zip(*(self.counted(moment) for moment in served), strict=True)
        # One moment with two units of each arm gives an error; the counts that are told are those of the emptiest.
        if max(treated) < self.fewest_treated:
            return NotEstimated(one_treated(self.design))
        if max(comparison) < 2:
            return NotEstimated(SINGLE)
        used = combination.cells != 0
        att = float(combination.cells[used] @ self.cells.att[used])
        total = float(combination.cells.sum())
        treated_mean = float(combination.cells[used] @ self.cells.treated_mean[used]) if is_mean(total) else math.nan
        variance = float(spread.covariance[number, number])
        if math.isnan(variance):
            return NotEstimated(ONE_CLUSTER)
        # What is zero by construction has no error to show.
        is_base = self._is_base(combination.cells, variance)
        std_error = math.sqrt(variance) if variance > 0 and not is_base else math.nan
        freedom = self._freedom(served, float(spread.degrees_of_freedom[number]))
        low, high, p_value = interval(att, std_error, self.design, freedom)
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
            degrees_of_freedom=math.inf if freedom is None else freedom,
            is_base=is_base,
            is_alone=self.influence.has_one_treated_cluster(np.flatnonzero(used)),
            is_over_times=combination.is_over_times,
            weights_sum=total,
        )

    def _is_base(self, weights: np.ndarray, variance: float) -> bool:
        """Say whether a combination is zero by construction: of base periods, or of just those of a baseline window."""
        used = weights != 0
        if self.design.window is None:
            return bool((self.cells.reason[used] == REFERENCE).all())
        return variance < ROUNDING * float(weights[used] ** 2 @ self.influence.cell_variances[used])

    def _label(self, kind: str, where: Mapping[str, Any]) -> str:
        return _label(kind, where, self.time_unit, self.cells.group_set.count(where.get("set")) > 1)

    def _why_nothing(self) -> str:
        """Say why there is no cell to be had, with what the cells themselves say where all say the same."""
        reasons = set(self.cells.reason[~self.cells.estimated])
        return f"{NOTHING_THERE}: {reasons.pop()}" if len(reasons) == 1 else NOTHING_THERE


def side_by_side(combinations: Sequence[Combination]) -> tuple[np.ndarray, np.ndarray]:
    """Return the weights on cells, and on groups, a column for each combination."""
    on_cells = np.column_stack([combination.cells for combination in combinations])
    return on_cells, np.column_stack([combination.groups for combination in combinations])


def _label(kind: str, where: Mapping[str, Any], time_unit: str, has_starts: bool) -> str:
    """Say in words what a row stands for; of a set that ``has_starts``, several, which of them."""
    if kind == "band":
        return f"{time_unit}s {where['first']} to {where['last']}"
    if kind == "event_time":
        return f"{time_unit} {where['event_time']}"
    if kind == "calendar_period":
        return f"period {time_name(where['period'], time_unit)}"
    adopted = f"adopted in {time_name(where['adopted'], time_unit)}"
    group = adopted if where["set"] is None else f"start cohort {where['set']}"
    group = f"{group}, {adopted}" if has_starts and where["set"] is not None else group
    if kind == "left_out":
        return f"without {group}"
    return group if kind == "cohort" else f"{group}, {time_unit} {where['event_time']}"
