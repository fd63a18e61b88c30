"""Weighted sums of products over rows: all that regressions and means need, so that no row is looked at twice."""

from dataclasses import dataclass, field

import numpy as np

from tf_eval.did.group_time.rows import Rows, Some
from tf_eval.did.reading.panel import Panel


@dataclass(frozen=True, eq=False)
class Sums:
    """With X the design rows (intercept first) and Y the outcome columns: ``gram`` is X'WX and ``cross`` is X'WY."""

    gram: np.ndarray
    cross: np.ndarray

    @property
    def total(self) -> float:
        """The weight of all rows."""
        return float(self.gram[0, 0])

    @property
    def mean_design(self) -> np.ndarray:
        return self.gram[0] / self.total

    @property
    def mean_outcome(self) -> np.ndarray:
        return self.cross[0] / self.total

    def change(self, after: np.ndarray, base: np.ndarray) -> "Sums":
        """Return the sums for changes of the outcome, a column for each pair of columns."""
        return Sums(self.gram, self.cross[:, after] - self.cross[:, base])

    def of_columns(self, columns: np.ndarray) -> "Sums":
        """Return the sums for some columns of the design."""
        return Sums(self.gram[np.ix_(columns, columns)], self.cross[columns])

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.gram + other.gram, self.cross + other.cross)


@dataclass(frozen=True, eq=False)
class Ledger:
    """Sums over whole blocks of a panel, each made once; of other rows, as they are asked for.

    ``levels`` are the outcome columns: units by periods, and behind them any that were derived from these.
    """

    panel: Panel
    levels: np.ndarray
    blocks: dict[tuple[int, int], Sums] = field(default_factory=dict)

    def sums(self, rows: Rows, position: int, columns: np.ndarray) -> Sums:
        """Return the weighted sums over ``rows``, with the covariates of a period; only ``columns`` are meaningful."""
        parts = [self._part(part, position, columns) for part in rows.parts]
        return sum(parts[1:], start=parts[0])

    def _part(self, part: Some, position: int, columns: np.ndarray) -> Sums:
        if isinstance(part, np.ndarray):
            return self._measure(Rows((part,)), position, columns)
        key = (part.start, position if self.panel.covariates.row_of is not None else 0)
        if key not in self.blocks:
            self.blocks[key] = self._measure(Rows((part,)), position, np.arange(self.levels.shape[1]))
        return self.blocks[key]

    def _measure(self, rows: Rows, position: int, columns: np.ndarray) -> Sums:
        total = nothing(self.panel.covariates.matrix.shape[1], self.levels.shape[1])
        for some in rows.stretches():
            design = self.panel.covariates.at(some, position)
            add(total, design, self.panel.weight[some], self.outcomes(some, columns), columns)
        return total

    def outcomes(self, some: Some, columns: np.ndarray) -> np.ndarray:
        """Return some columns of the outcome, of some rows."""
        own = self.levels[some]
        return own if len(columns) == own.shape[1] else own[:, columns]


def nothing(n_design: int, n_outcomes: int) -> Sums:
    return Sums(np.zeros((n_design, n_design)), np.zeros((n_design, n_outcomes)))


def add(total: Sums, design: np.ndarray, weight: np.ndarray, outcomes: np.ndarray, columns: np.ndarray) -> None:
    """Add the rows of a stretch to ``total``, in place; ``outcomes`` are those of ``columns``."""
    weighted = (design * weight[:, None]).T
    np.add(total.gram, weighted @ design, out=total.gram)
    total.cross[:, columns] += weighted @ outcomes
