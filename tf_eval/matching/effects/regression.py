"""Weighted least squares as plain functions of arrays, with what clustered errors need of it."""

from dataclasses import dataclass

import numpy as np

COLLINEAR = 1e-9  # share of a scaled column below which nothing of it is left beside the others


@dataclass(frozen=True, eq=False, repr=False)
class WeightedFit:
    """A fitted regression.

    regressors     rows by columns, the constant among them
    weight         one number above 0 for each row
    coefficients   one for each column; of columns that follow from others, the solution of least norm
    residuals      outcome less what is fitted
    bread          (X'WX)^-1, columns by columns; a generalised inverse where columns follow from others
    rank           how many columns do not follow from others
    indirect       how far each row moves the estimate that is asked for otherwise than by its residual; 0 where weights
                   are taken as known
    """

    regressors: np.ndarray
    weight: np.ndarray
    coefficients: np.ndarray
    residuals: np.ndarray
    bread: np.ndarray
    rank: int
    indirect: np.ndarray

    def pull(self, contrast: np.ndarray) -> np.ndarray:
        """Return how far each row's outcome moves ``contrast``, a combination of the coefficients."""
        return self.weight * (self.regressors @ (self.bread @ contrast))

    def can_tell(self, contrast: np.ndarray) -> bool:
        """Say whether the rows determine ``contrast``, a combination of the coefficients (estimable: Searle 1971)."""
        information = (self.regressors * self.weight[:, None]).T @ self.regressors
        scale = _no_zero(np.sqrt(np.diag(information)))
        return bool(np.allclose(information @ self.bread @ contrast / scale, contrast / scale, rtol=0, atol=1e-6))

    @property
    def residual_degrees(self) -> int:
        return len(self.residuals) - self.rank


def fit_weighted(regressors: np.ndarray, outcome: np.ndarray, weight: np.ndarray) -> WeightedFit:
    """Regress ``outcome`` (rows) on ``regressors`` (rows by columns) by least squares with ``weight`` (rows).

    Columns are scaled for the factorisation, so that their units do not decide what counts as collinear.
    """
    root = np.sqrt(weight)
    weighted = regressors * root[:, None]
    scale = _no_zero(np.linalg.norm(weighted, axis=0))
    left, size, right = np.linalg.svd(weighted / scale, full_matrices=False)
    rank = int((size > COLLINEAR * size.max(initial=0.0)).sum())
    inverse = right[:rank].T / size[:rank] / scale[:, None]
    coefficients = inverse @ (left[:, :rank].T @ (root * outcome))
    residuals = outcome - regressors @ coefficients
    nothing = np.zeros(len(outcome))
    return WeightedFit(regressors, weight, coefficients, residuals, inverse @ inverse.T, rank, nothing)


def _no_zero(scale: np.ndarray) -> np.ndarray:
    return np.where(scale > 0, scale, 1.0)
