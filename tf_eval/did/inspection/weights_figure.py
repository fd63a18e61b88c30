"""The figure of an average's weights: how much each start cohort and event time counts."""

from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes

from tf_eval.did.aggregate import Combination
from tf_eval.did.design import Design
from tf_eval.did.group_time.cells import Cells
from tf_eval.did.inspection.grid import FEW, NOTHING, SHOWN, Grid, lay_out, states
from tf_eval.did.inspection.grid_figure import draw_grid
from tf_eval.did.inspection.starts import time_axis
from tf_eval.matching.display import coarse


def draw_weights(
    cells: Cells, combination: Combination | None, time_unit: str, design: Design, ax: Axes | None = None
) -> Axes:
    """Draw the weights of cells in percent; of cohorts and event times that do not count there is nothing.

    Weights are shares of units, so that those of few units would tell how many they are: they are not shown, and the
    others only as closely as to that of about five units, for the few are what all the others leave.
    """
    weights = np.zeros(len(cells)) if combination is None else 100 * combination.cells
    state = np.where(weights != 0, states(cells, design), NOTHING)
    few = bool((state == FEW).any())
    if few:
        weights = np.where(state == SHOWN, coarse(weights, cells.n_treated), 0.0)
    grid = _counting(lay_out(cells, weights, state, time_unit, "event_time"))
    signed = bool((weights < 0).any())
    axis = time_axis(cells, time_unit, "event_time")
    label = f"Weight in the average, %{', rounded' if few else ''}"
    return draw_grid(grid, label=label, signed=signed, axis=axis, few=design.few, ax=ax)


def _counting(grid: Grid) -> Grid:
    """Return the grid from the first column that counts to the last, with the sums of its rows in their names."""
    used = np.flatnonzero((grid.state != NOTHING).any(axis=0))
    if not len(used):
        return grid
    columns = slice(int(used[0]), int(used[-1]) + 1)
    few, totals = (grid.state == FEW).any(axis=1), np.nansum(grid.values, axis=1)
    return replace(
        grid,
        values=grid.values[:, columns],
        state=grid.state[:, columns],
        rows=tuple(
            name if hidden else f"{name} ({total:.0f}%)"
            for name, hidden, total in zip(grid.rows, few, totals, strict=True)
        ),
        columns=grid.columns[columns],
        start=grid.start - columns.start,
    )
