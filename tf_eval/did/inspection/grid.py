"""Cells laid out as a grid: a row for each start cohort, a column for each period or event time."""

from dataclasses import dataclass

import numpy as np

from tf_eval.did.design import Design
from tf_eval.did.group_time.cells import REFERENCE, Cells
from tf_eval.did.inspection.starts import start_names
from tf_eval.did.times import time_name

NOTHING, SHOWN, BASE, FEW, MISSING = range(5)


@dataclass(frozen=True, eq=False)
class Grid:
    """``values`` and ``state`` (rows by columns; see the words above), with names, and where treatment starts.

    ``start`` is, for each row, the first column from which on it is treated.
    """

    values: np.ndarray
    state: np.ndarray
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    start: np.ndarray


def lay_out(cells: Cells, values: np.ndarray, state: np.ndarray, time_unit: str, time: str = "period") -> Grid:
    """Return the grid of one value and state per cell; ``time`` is ``"period"`` or ``"event_time"``."""
    times, place = np.unique(getattr(cells, time), return_inverse=True)
    names = start_names(cells, time_unit)
    laid, states = np.full((len(names), len(times)), np.nan), np.full((len(names), len(times)), NOTHING)
    laid[cells.group, place], states[cells.group, place] = values, state
    since = cells.group_adopted if time == "period" else np.zeros(len(names), dtype=int)
    columns = tuple(time_name(int(one), time_unit) for one in times)
    return Grid(laid, states, tuple(names), columns, np.searchsorted(times, since))


def states(cells: Cells, design: Design) -> np.ndarray:
    """Return what may be shown of each cell: one that rests on few units of either arm may not."""
    few = np.minimum(cells.n_treated, cells.n_comparison) < design.smallest_shown
    state = np.where(few, FEW, SHOWN)
    state[cells.reason == REFERENCE] = BASE
    state[~cells.estimated] = MISSING
    return state
