"""Effects drawn towards the mean of all, because whatever looks largest of many is partly luck.

Estimates are normal around true effects with known errors, true effects normal around a mean with some spread. Both are
estimated by restricted maximum likelihood, which allows for the mean; the rest of what few interventions leave unknown
is allowed for as Morris does (1983, JASA 78, 47-55): effects are drawn to the mean by (k - 3) / (k - 1) of what a known
spread would have them, and the variance has the spread's own error in it. Of equal errors that is the estimator of
Efron and Morris (1975, JASA 70, 311-319), and Morris's interval; what is here is the same for any covariance.
"""

from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize_scalar

from tf_eval.errors import NotEstimated

FEWEST = 4  # with three, nothing is gained by drawing estimates to a mean that they themselves gave


class Prior(NamedTuple):
    """How true effects are spread: their mean, and their standard deviation, in units of the effects."""

    mean: float
    spread: float


class Shrunk(NamedTuple):
    """Effects drawn to their mean, with standard errors for intervals that hold on average over all of them."""

    values: np.ndarray
    std_errors: np.ndarray
    prior: Prior


def shrink(values: np.ndarray, covariance: np.ndarray) -> Shrunk | NotEstimated:
    """Return shrunk effects; ``covariance`` (k by k, positive definite) is that of the estimates around the truth."""
    count = len(values)
    if count < FEWEST:
        return NotEstimated(
            f"effects are shrunk towards their mean from {FEWEST} interventions on, and {count} have an estimate"
        )
    variance = _variance_of_effects(values, covariance)
    inverse = np.linalg.inv(covariance + variance * np.eye(count))
    projection = _projection(inverse)
    factor = (count - 3) / (count - 1)
    values_left = projection @ values
    # How far effects move as the spread does, and the variance of the spread as the likelihood has it, widened as of t.
    slopes = covariance @ projection @ values_left
    unknown = 2 / np.sum(projection**2) * (count - 1) / (count - 3)
    # Diagonals of the products alone.
    gained = np.einsum("ij,jk,ki->i", covariance, projection, covariance, optimize=True)
    variances = np.diag(covariance) - factor * gained + unknown * (factor * slopes) ** 2
    mean = float(inverse.sum(axis=0) @ values / inverse.sum())
    shrunk = values - factor * covariance @ values_left
    return Shrunk(shrunk, np.sqrt(variances), Prior(mean, float(np.sqrt(variance))))


def _projection(inverse: np.ndarray) -> np.ndarray:
    """Return what takes values less their generalised mean to that inverse of a covariance times them."""
    sums = inverse.sum(axis=0)
    return inverse - np.outer(sums, sums) / sums.sum()


def _variance_of_effects(values: np.ndarray, covariance: np.ndarray) -> float:
    """Return the variance of true effects by restricted maximum likelihood; 0 where nothing speaks for any."""

    def lack(variance: float) -> float:
        total = covariance + variance * np.eye(len(values))
        inverse = np.linalg.inv(total)
        return np.linalg.slogdet(total)[1] + np.log(inverse.sum()) + values @ _projection(inverse) @ values

    most = 2 * float(np.ptp(values)) ** 2
    if most == 0:
        return 0.0
    found = minimize_scalar(lack, bounds=(0.0, most), method="bounded", options={"xatol": 1e-9 * most})
    return float(found.x) if found.fun < lack(0.0) else 0.0
