"""In which months a family was seen: it lived here, the extracts cover the month, and the outcome could be told."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False, repr=False)
class Presence:
    """The months [arrived, left), as columns of the panel, all through which each family lived in the county."""

    arrived: np.ndarray
    left: np.ndarray

    def at(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Return whether each family lived here all through its month."""
        return (self.arrived[rows] <= columns) & (columns < self.left[rows])

    def by_column(self, columns: int) -> np.ndarray:
        """Return how many families lived here all through each month."""
        came = np.bincount(np.clip(self.arrived, 0, columns), minlength=columns + 1)
        went = np.bincount(np.clip(np.maximum(self.left, self.arrived), 0, columns), minlength=columns + 1)
        return (came - went).cumsum()[:columns]


@dataclass(frozen=True, eq=False, repr=False)
class Seen:
    """The cells of a panel in which an outcome was seen.

    presence  when each family lived here
    months    whether each month is covered by the extracts and was finished when they were drawn
    lost      cells (row * columns + column, ascending) that could not be told although both hold
    """

    presence: Presence
    months: np.ndarray
    lost: np.ndarray

    @classmethod
    def but(cls, presence: Presence, months: np.ndarray, lost: np.ndarray) -> "Seen":
        """Return what was seen but for some cells, which may be named more than once, or be unseen anyhow."""
        lost = np.unique(lost)
        everywhere = cls(presence, months, lost[:0])
        return cls(presence, months, lost[everywhere.holds(lost)])

    def holds(self, cell: np.ndarray) -> np.ndarray:
        """Return whether each cell was seen."""
        row, column = np.divmod(cell, len(self.months))
        seen = self.presence.at(row, column) & self.months[column]
        return seen & ~np.isin(cell, self.lost) if len(self.lost) else seen

    def dense(self, rows: np.ndarray) -> np.ndarray:
        """Return rows x months: whether each cell was seen."""
        column = np.arange(len(self.months))
        seen = self.presence.at(rows[:, None], column) & self.months
        if len(self.lost):
            seen &= ~np.isin(rows[:, None] * len(self.months) + column, self.lost)
        return seen

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
        return self.presence.by_column(len(self.months)) * self.months - lost
