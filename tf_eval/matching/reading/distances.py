"""Distances between rows over several covariates, each as places in a space in which distance is Euclid's.

A distance that is a quadratic form of the differences is Euclid's once rows are multiplied by a root of its matrix.
That is done once, and no pair of rows is looked at before it has to be.
"""

from collections.abc import Callable

import numpy as np
from scipy.stats import rankdata

SINGULAR = 1e-10  # of the largest eigenvalue: directions in which the covariates do not vary on their own


def scaled_euclidean(values: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Return the values in standard deviations within the arms; columns that do not vary there are left out."""
    spread = np.sqrt(np.diag(_covariance_within(values, treated)))
    return values[:, spread > 0] / spread[spread > 0]


def mahalanobis(values: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Return places for the distance of Mahalanobis, by the covariance within the arms (as MatchIt has it).

    Where covariates follow from others the generalised inverse serves, so that a category may come with all its levels.
    """
    return values @ _root_of_inverse(_covariance_within(values, treated))


def robust_mahalanobis(values: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Return places for the distance of Mahalanobis between ranks (Rosenbaum 2010, section 8.3).

    Ranks, with ties averaged, let no far value rule; each rank's variance is set to that of ranks without ties, so that
    a rare yes does not weigh more for being rare.
    """
    ranks = rankdata(values, axis=0)
    covariance = np.atleast_2d(np.cov(ranks, rowvar=False))
    spread = np.sqrt(np.diag(covariance))
    varying = spread > 0
    untied = np.sqrt(np.arange(1, len(values) + 1).var(ddof=1))
    scale = untied / spread[varying]
    return ranks[:, varying] @ _root_of_inverse(covariance[np.ix_(varying, varying)] * np.outer(scale, scale))


DISTANCES: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray] | None] = {
    "score": None,
    "mahalanobis": mahalanobis,
    "robust_mahalanobis": robust_mahalanobis,
    "scaled_euclidean": scaled_euclidean,
}


def _covariance_within(values: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Return the covariance of the values about the means of their arms."""
    centred = values.astype(float, copy=True)
    for arm in (treated, ~treated):
        centred[arm] -= centred[arm].mean(axis=0)
    return centred.T @ centred / max(len(values) - 2, 1)


def _root_of_inverse(covariance: np.ndarray) -> np.ndarray:
    """Return a matrix whose square is the (generalised) inverse, without the directions that do not vary."""
    variances, directions = np.linalg.eigh(covariance)
    kept = variances > SINGULAR * variances.max(initial=0.0)
    return directions[:, kept] / np.sqrt(variances[kept])
