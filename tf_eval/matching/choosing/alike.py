"""Rows that are alike, counted together: which of them is taken makes no difference, so the first ones are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Alike:
    """Rows in kinds, and the kinds in the order of their values.

    kind    the kind of each row, from 0 on
    first   the first row of each kind
    size    rows of each kind
    """

    kind: np.ndarray
    first: np.ndarray
    size: np.ndarray

    @classmethod
    def of(cls, columns: Sequence[np.ndarray]) -> "Alike":
        """Return the kinds of rows that have equal values in all columns."""
        order = np.lexsort(columns[::-1])
        differs = np.any([column[order][1:] != column[order][:-1] for column in columns], axis=0)
        starts = np.flatnonzero(np.append(True, differs))
        kind = np.empty(len(order), dtype=np.int64)
        size = np.diff(np.append(starts, len(order)))
        kind[order] = np.repeat(np.arange(len(starts)), size)
        return cls(kind, order[starts], size)

    def take(self, count: np.ndarray) -> np.ndarray:
        """Say which rows are taken when the first ``count`` of each kind are."""
        order = np.argsort(self.kind, kind="stable")
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order)) - np.repeat(np.cumsum(self.size) - self.size, self.size)
        return place < count[self.kind]
