"""How much each comparison cohort counts where several give an estimate of the same effect."""

from dataclasses import dataclass

import numpy as np

from tf_eval.did.credibility.course import full_rank
from tf_eval.did.inference.influence import Source

# Relative to an alternative's variance, under which its cohort's part in it counts as rounding.
NOTHING = 1e-12


@dataclass(frozen=True, eq=False)
class Alternatives:
    """Estimates of cells, several of one cell: how units move them (``source``), and the ``cell`` of each, in order.

    ``start`` is that of the cohort which each of them compares with, and ``adopted`` that of each unit.
    """

    source: Source
    cell: np.ndarray
    start: np.ndarray
    adopted: np.ndarray

    def weights(self) -> np.ndarray:
        """Return the weight of every alternative, with sum 1 within each cell and the smallest variance over units.

        Ortiz-Villavicencio and Sant'Anna (2025, equation 4.11): 1' V^-1 / (1' V^-1 1), with V the covariance of the
        alternatives. It is that of units, whatever errors are clustered by: a few clusters would give weights that
        chance rules, and the estimate is sound under any. All alternatives count alike where V has no inverse, as in a
        reference period, and where the outcome of some cohort never changes: that looks like perfect precision.
        """
        sizes = np.bincount(self.cell)
        weights, (covariances, of_cohort) = 1 / sizes[self.cell], self._spreads(np.flatnonzero(sizes > 1))
        for number, covariance in covariances.items():
            own = self.cell == number
            if (of_cohort[own] > NOTHING * np.diag(covariance)).all() and full_rank(covariance):
                precision = np.linalg.inv(covariance).sum(axis=0)
                weights[own] = precision / precision.sum()
        return weights

    def _spreads(self, cells: np.ndarray) -> tuple[dict[int, np.ndarray], np.ndarray]:
        """Return the covariance of the alternatives of each of ``cells``, and each one's variance from its cohort."""
        bounds = {number: np.searchsorted(self.cell, (number, number + 1)) for number in cells}
        total = {number: np.zeros((stop - start,) * 2) for number, (start, stop) in bounds.items()}
        of_cohort = np.zeros(len(self.cell))
        for units, moved, values in self.source.stretches():
            compared = self.start[moved] == self.adopted[units.start]
            of_cohort[moved[compared]] += (values[:, compared] ** 2).sum(axis=0)
            for number, (start, stop) in bounds.items():
                own = slice(*np.searchsorted(moved, (start, stop)))
                places = moved[own] - start
                total[number][np.ix_(places, places)] += values[:, own].T @ values[:, own]
        return total, of_cohort
