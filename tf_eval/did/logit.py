"""Logistic regression by iteratively reweighted least squares: the chance of being treated, given covariates."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

MAX_STEPS = 50
TOLERANCE = 1e-10
# A fitted chance from here on means that treatment is foretold by the covariates: there is nobody to compare with.
NO_OVERLAP = 0.999


@dataclass(frozen=True, eq=False)
class Logit:
    """Fitted chances of treatment and the inverse of the Hessian of the log-likelihood."""

    score: np.ndarray
    inverse_hessian: np.ndarray


def fit_logit(matrix: np.ndarray, treated: np.ndarray, weight: np.ndarray) -> Logit | None:
    """Return the fit, or None where there is no overlap: separation, no convergence, or a chance of 0.999 or more."""
    coefficients = np.zeros(matrix.shape[1])
    share = weight[treated].sum() / weight.sum()
    coefficients[0] = np.log(share / (1 - share))
    for _ in range(MAX_STEPS):
        score = expit(matrix @ coefficients)
        if score[treated].max() >= 1 - 1e-12:
            return None
        hessian = (matrix * (weight * score * (1 - score))[:, None]).T @ matrix
        try:
            step = np.linalg.solve(hessian, matrix.T @ (weight * (treated - score)))
        except np.linalg.LinAlgError:
            return None
        coefficients = coefficients + step
        if np.abs(step).max() < TOLERANCE:
            return _finish(matrix, coefficients, weight)
    return None


def _finish(matrix: np.ndarray, coefficients: np.ndarray, weight: np.ndarray) -> Logit | None:
    score = expit(matrix @ coefficients)
    hessian = (matrix * (weight * score * (1 - score))[:, None]).T @ matrix
    if score.max() >= NO_OVERLAP or np.linalg.cond(hessian) > 1e14:
        return None
    return Logit(score, np.linalg.inv(hessian))
