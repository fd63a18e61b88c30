"""In which months a family was seen: it lived here, the extracts cover the month, and the outcome could be told."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False, repr=False)
class Presence:
    """The months all through which each family (row) lived in the county and had somebody in it.

    arrived, left  the columns [arrived, left) of the panel from when it first to when it last lived here
    away           cells (row * columns + column, ascending, each once) in between in which it did not, or had no member
    columns        how many columns a row has
    """

    arrived: np.ndarray
    left: np.ndarray
    away: np.ndarray
    columns: int

    def at(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Return whether each family lived here all through its month."""
        return self.within(rows, columns) & ~_among(self.away, rows * self.columns + columns)

    def within(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Return whether each month is none before the family first came, nor one after it left for good."""
        return (self.arrived[rows] <= columns) & (columns < self.left[rows])

    def within_by_column(self) -> np.ndarray:
        """Return of how many families each month is ``within``."""
        columns = self.columns
        came = np.bincount(np.clip(self.arrived, 0, columns), minlength=columns + 1)
        went = np.bincount(np.clip(np.maximum(self.left, self.arrived), 0, columns), minlength=columns + 1)
        return (came - went).cumsum()[:columns]


@dataclass(frozen=True, eq=False, repr=False)
class Seen:
    """The cells of a panel in which an outcome was seen.

    presence  when each family lived here
    months    whether each month is covered by the extracts and was finished when they were drawn
    lost      cells (row * columns + column, ascending) that are not seen although the family had come, had not left
              for good, and the month is one of these: it was away, or the outcome could not be told
    """

    presence: Presence
    months: np.ndarray
    lost: np.ndarray

    @classmethod
    def but(cls, presence: Presence, months: np.ndarray, lost: np.ndarray) -> "Seen":
        """Return what was seen but for some cells, which may be named more than once, or be unseen anyhow."""
        lost = np.union1d(lost, presence.away)
        row, column = np.divmod(lost, len(months))
        return cls(presence, months, lost[presence.within(row, column) & months[column]])

    def holds(self, cell: np.ndarray) -> np.ndarray:
        """Return whether each cell was seen."""
        row, column = np.divmod(cell, len(self.months))
        return self.presence.within(row, column) & self.months[column] & ~_among(self.lost, cell)

    def dense(self, rows: np.ndarray) -> np.ndarray:
        """Return rows x months: whether each cell was seen."""
        column = np.arange(len(self.months))
        seen = self.presence.within(rows[:, None], column) & self.months
        return seen & ~_among(self.lost, rows[:, None] * len(self.months) + column)

    def before(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Return how many months of a family were seen before a column."""
        months = np.concatenate([[0], self.months.cumsum()])
        arrived = np.clip(self.presence.arrived[rows], 0, len(self.months))
        upto = np.clip(columns, arrived, np.maximum(np.minimum(self.presence.left[rows], len(self.months)), arrived))
        cell = rows * len(self.months)
        lost = np.searchsorted(self.lost, cell + columns) - np.searchsorted(self.lost, cell)
        return months[upto] - months[arrived] - lost

    def by_column(self) -> np.ndarray:
        """Return how many families were seen in each month."""
        lost = np.bincount(self.lost % len(self.months), minlength=len(self.months))
        return self.presence.within_by_column() * self.months - lost


def _among(cells: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Return whether each cell asked about is one of the cells, which ascend."""
    if not len(cells):
        return np.zeros(np.shape(asked), dtype=bool)
    place = np.searchsorted(cells, asked)
    return cells[np.minimum(place, len(cells) - 1)] == asked
