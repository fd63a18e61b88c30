"""Least squares with a constant for each unit absorbed, exact however the panel has gaps.

Frisch, Waugh and Lovell: columns and outcome less their unit means. The means are never taken out row by row; sums by
unit do it in the matrices of products (no iterations, unlike alternating projections), so columns stay sparse.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from tf_eval.did.regression.columns import gram, scaled
from tf_eval.did.regression.observations import Observations
from tf_eval.did.regression.solution import Solution, solve


@dataclass(frozen=True, eq=False)
class LeastSquares:
    """Coefficients of the columns, ``residual`` of each row, and each unit's ``scores`` (units by columns, sparse)."""

    coefficients: np.ndarray
    solution: Solution
    residual: np.ndarray
    scores: csr_array

    def influence(self, chosen: np.ndarray) -> np.ndarray:
        """Return how units move the ``chosen`` coefficients (units by those); nothing where one is not estimable."""
        reach = self.solution.inverse[:, chosen] * self.solution.estimable[chosen]
        return self.scores @ reach


def regress(rows: Observations, columns: csr_array) -> LeastSquares:
    """Return the weighted regression of the rows' outcome on ``columns`` (rows by columns) and unit constants."""
    by_unit = rows.by_unit
    total = by_unit @ np.ones(len(rows))
    share = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
    sums = csr_array(by_unit @ columns)
    mean_outcome = share * (by_unit @ rows.outcome)
    products = gram(columns, rows.weight)
    solution = solve(products - gram(sums, share), np.diag(products))
    cross = columns.T @ (rows.weight * rows.outcome) - sums.T @ mean_outcome
    coefficients = solution.inverse @ cross
    apart = rows.outcome - columns @ coefficients
    residual = apart - (share * (by_unit @ apart))[rows.unit]
    return LeastSquares(coefficients, solution, residual, csr_array(by_unit @ scaled(columns, residual)))


def small_sample(n_rows: int, n_coefficients: int, n_clusters: int) -> float:
    """Return what errors are multiplied by for few clusters and many coefficients, as R's fixest does by default.

    The root of G / (G - 1) times (n - 1) / (n - k): k counts the coefficients and a constant for each period, but not
    those of units, which lie within their clusters.
    """
    return float(np.sqrt(n_clusters / (n_clusters - 1) * (n_rows - 1) / max(n_rows - n_coefficients, 1)))
