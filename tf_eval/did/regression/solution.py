"""Solving for coefficients where not all of them can be told apart: which can be, and how scores move them."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

# Relative size of an eigenvalue (of columns scaled to length 1), or of what is left of a column's squares, under which
# a direction counts as empty; and of a coefficient's part in such directions from which it cannot be told from others.
EMPTY = 1e-10
SHARED = 1e-5


@dataclass(frozen=True, eq=False)
class Solution:
    """The inverse of a matrix of products where it has one, and the directions in which it has none (``empty``).

    ``empty`` is columns by directions, for columns scaled by ``scale``.
    """

    inverse: np.ndarray
    empty: np.ndarray
    scale: np.ndarray

    @property
    def rank(self) -> int:
        return len(self.scale) - self.empty.shape[1]

    @property
    def estimable(self) -> np.ndarray:
        """Which single coefficients the data determine."""
        return np.linalg.norm(self.empty, axis=1) < SHARED

    def determines(self, columns: csr_array) -> np.ndarray:
        """Return for which rows the data determine the product with the coefficients."""
        if not self.empty.shape[1]:
            return np.ones(columns.shape[0], dtype=bool)
        within = columns @ (self.empty / self.scale[:, None])
        size = np.sqrt((columns.multiply(columns)) @ (1 / self.scale**2))
        return np.linalg.norm(within, axis=1) < SHARED * size


def solve(gram: np.ndarray, whole: np.ndarray) -> Solution:
    """Return the solution for a matrix of products, in which empty directions are left at nothing.

    ``whole`` are the columns' squares before anything, such as constants of units, was taken out of them: of a column
    that lies in those only rounding is left, which scaling would make as good as any other column.
    """
    squares = np.diag(gram)
    left = squares > EMPTY * whole
    scale = np.sqrt(np.where(left, squares, 1.0))
    values, vectors = np.linalg.eigh(np.where(np.outer(left, left), gram, 0.0) / np.outer(scale, scale))
    full = values > EMPTY * max(values[-1], 1.0) if len(values) else np.zeros(0, dtype=bool)
    inverse = (vectors[:, full] / values[full]) @ vectors[:, full].T
    return Solution(inverse / np.outer(scale, scale), vectors[:, ~full], scale)
