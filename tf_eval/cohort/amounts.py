"""Whole amounts of families in months, held only where there are any: most families have none in most months."""

from dataclasses import dataclass

import numpy as np

from tf_eval.cohort.spans import expand


@dataclass(frozen=True, eq=False, repr=False)
class Amounts:
    """Amounts in the cells of a matrix of families (rows) by months (columns).

    cell     row * columns + column of each amount, ascending, each once
    upto     for each of them the sum of all amounts before it, and last the sum of all
    columns  how many columns a row has

    Amounts are whole (events, pence), so that sums do not depend on the order in which rows came.
    """

    cell: np.ndarray
    upto: np.ndarray
    columns: int

    @classmethod
    def add_up(cls, cell: np.ndarray, columns: int, amount: np.ndarray | None = None) -> "Amounts":
        """Return the sum in each cell; without amounts, how often the cell is named. Cells come in any order."""
        if amount is None:
            cell, running = np.sort(cell), np.arange(len(cell) + 1, dtype=np.int32)
        else:
            order = np.argsort(cell, kind="stable")
            cell, running = cell[order], np.concatenate([[0], amount[order].cumsum()])
        first = np.flatnonzero(_is_new(cell))
        return cls(cell[first], running[np.append(first, len(cell))], columns)

    @classmethod
    def ones(cls, cell: np.ndarray, columns: int) -> "Amounts":
        """Return 1 in each cell, however often it is named."""
        cell = cls.add_up(cell, columns).cell
        return cls(cell, np.arange(len(cell) + 1, dtype=np.int32), columns)

    def before(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Return a running sum; the difference of two columns of a row is the sum from the one up to the other."""
        return self.upto[self._places(rows, columns)]

    def dense(self, rows: np.ndarray) -> np.ndarray:
        """Return rows x columns, 0 where there is no amount."""
        owner, place = expand(self._places(rows, 0), self._places(rows, self.columns))
        matrix = np.zeros((len(rows), self.columns))
        matrix[owner, self.cell[place] % self.columns] = self.upto[place + 1] - self.upto[place]
        return matrix

    def by_column(self) -> np.ndarray:
        """Return the sum in each column."""
        return np.bincount(self.cell % self.columns, weights=np.diff(self.upto), minlength=self.columns)

    def _places(self, rows: np.ndarray, columns: np.ndarray | int) -> np.ndarray:
        # Of the cells' own type: otherwise all of them would be copied for each question.
        return np.searchsorted(self.cell, (rows * self.columns + columns).astype(self.cell.dtype))


def _is_new(ascending: np.ndarray) -> np.ndarray:
    new = np.ones(len(ascending), dtype=bool)
    np.not_equal(ascending[1:], ascending[:-1], out=new[1:])
    return new
