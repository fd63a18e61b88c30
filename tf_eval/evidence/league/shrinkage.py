"""Effects drawn towards the mean of all, because whatever looks largest of many is partly luck.

Estimates are normal around true effects with known errors, true effects normal around a mean with some spread. Both are
estimated by restricted maximum likelihood, which allows for the mean; the rest of what few interventions leave unknown
is allowed for as Morris does (1983, JASA 78, 47-55): effects are drawn to the mean by (k - 3) / (k - 1) of what a known
spread would have them, and the variance has the spread's own error in it. Of equal errors that is the estimator of
Efron and Morris (1975, JASA 70, 311-319), and Morris's interval; what is here is the same for any covariance.
"""

from typing import NamedTuple

import numpy as np

from tf_eval.errors import NotEstimated
from tf_eval.evidence.between import projection, variance_between

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
    variance = variance_between(values, covariance)
    total = covariance + variance * np.eye(count)
    inverse, away = np.linalg.inv(total), projection(total)
    factor = (count - 3) / (count - 1)
    values_left = away @ values
    # How far effects move as the spread does, and the variance of the spread as the likelihood has it, widened as of t.
    slopes = covariance @ away @ values_left
    unknown = 2 / np.sum(away**2) * (count - 1) / (count - 3)
    # Diagonals of the products alone.
    gained = np.einsum("ij,jk,ki->i", covariance, away, covariance, optimize=True)
    variances = np.diag(covariance) - factor * gained + unknown * (factor * slopes) ** 2
    mean = float(inverse.sum(axis=0) @ values / inverse.sum())
    shrunk = values - factor * covariance @ values_left
    return Shrunk(shrunk, np.sqrt(variances), Prior(mean, float(np.sqrt(variance))))
