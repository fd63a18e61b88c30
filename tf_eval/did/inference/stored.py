"""Influence functions that an estimator has worked out for all units, held as they are."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Stored:
    """How units move cells (``values``, units by cells), and which units of either arm serve which cell.

    The variance of a cell is the plain sum of the squares of ``values`` over independent units.
    """

    values: np.ndarray
    treated: np.ndarray
    comparison: np.ndarray

    def stretches(self) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
        """Yield all units, all cells, and the influence (units by cells)."""
        yield slice(0, len(self.values)), np.arange(self.values.shape[1]), self.values

    def serving(self, cells: np.ndarray, *, treated: bool) -> Iterator[np.ndarray]:
        """Yield the units of an arm that serve in any of ``cells``."""
        serving = self.treated if treated else self.comparison
        yield np.flatnonzero(serving[:, cells].any(axis=1))
