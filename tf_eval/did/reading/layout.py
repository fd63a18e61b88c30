"""Where the rows of a long frame stand in the panel: which unit, and which period."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd


@dataclass(frozen=True, eq=False)
class Layout:
    """The unit (codes in sorted order) and the position of the period of each row of a long frame.

    Where rows stand unit by unit, each with every period in order, the frame ``is_regular``: rows need not be looked
    up then.
    """

    unit: np.ndarray
    position: np.ndarray
    periods: np.ndarray
    n_units: int
    is_regular: bool

    @cached_property
    def first_row(self) -> np.ndarray:
        """The first row of each unit, in the order of the frame."""
        if self.is_regular:
            return np.arange(self.n_units) * len(self.periods)
        first = np.empty(self.n_units, dtype=np.int64)
        first[self.unit[::-1]] = np.arange(len(self.unit))[::-1]
        return first

    @cached_property
    def row_of(self) -> np.ndarray:
        """Units by periods: the row, or -1 where there is none."""
        shape = (self.n_units, len(self.periods))
        if self.is_regular:
            return np.arange(len(self.unit)).reshape(shape)
        row_of = np.full(shape, -1, dtype=np.int64)
        row_of[self.unit, self.position] = np.arange(len(self.unit))
        return row_of

    @property
    def n_repeated(self) -> int:
        """How many rows repeat the unit and period of another."""
        return 0 if self.is_regular else len(self.unit) - int((self.row_of >= 0).sum())

    def wide(self, values: np.ndarray, units: np.ndarray) -> np.ndarray:
        """Return ``values`` (one for each row) of some units, units by periods; NaN where a unit has no row."""
        if self.is_regular:
            return values.reshape(self.n_units, -1)[units]
        rows = self.row_of[units]
        return np.where(rows >= 0, values[rows], np.nan)

    def n_changing(self, values: np.ndarray) -> int:
        """Return within how many units ``values`` (one for each row, none missing) are not all the same."""
        if self.is_regular:
            of_units = values.reshape(self.n_units, -1)
            return int((of_units != of_units[:, :1]).any(axis=1).sum())
        differs = values != values[self.first_row][self.unit]
        return len(np.unique(self.unit[differs])) if differs.any() else 0


def lay_out(unit: pd.Series, period: np.ndarray) -> Layout:
    """Return the layout of a frame's columns of units and (whole-number) periods, neither with missing values."""
    earliest = int(period.min())
    since = period.astype(np.int64) - earliest
    found = np.flatnonzero(np.bincount(since)) if since.max() < 10 * len(since) else np.unique(since)
    position = np.searchsorted(found, since) if len(found) <= since.max() else since
    code, n_units = _unit_codes(unit)
    n_rows, n_periods = len(code), len(found)
    is_regular = n_rows == n_units * n_periods and bool(
        (code.reshape(n_units, -1) == np.arange(n_units)[:, None]).all()
        and (position.reshape(n_units, -1) == np.arange(n_periods)).all()
    )
    return Layout(code, position, found + earliest, n_units, is_regular)


def each_row_a_unit(n_rows: int) -> Layout:
    """Return the layout of a frame in which every row is another unit, seen once."""
    return Layout(np.arange(n_rows), np.zeros(n_rows, dtype=np.int64), np.zeros(1, dtype=np.int64), n_rows, True)


def _unit_codes(unit: pd.Series) -> tuple[np.ndarray, int]:
    """Return codes in sorted order and how many there are; rows that are sorted already need no look-up."""
    if isinstance(unit.dtype, np.dtype) and unit.dtype.kind in "iu":
        values = unit.to_numpy()
        if (values[1:] >= values[:-1]).all():
            code = np.concatenate([[0], np.cumsum(values[1:] != values[:-1])])
            return code, int(code[-1]) + 1
    code, labels = pd.factorize(unit, sort=True)
    return code, len(labels)
