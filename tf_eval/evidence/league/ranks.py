"""Which ranks each may have: all true ranks at once are among these, in the share of samples that was asked for."""

from typing import NamedTuple

import numpy as np


class RankSets(NamedTuple):
    """The best and the worst rank (1 is the largest) that each may have."""

    low: np.ndarray
    high: np.ndarray


def rank_sets(values: np.ndarray, covariance: np.ndarray, deviations: np.ndarray, confidence: float) -> RankSets:
    """Return sets of ranks that hold for all at once (Mogstad, Romano, Shaikh and Wilhelm 2024, REStud 91, 476-518).

    Of each ordered pair it is tested that the first is no larger than the second, in steps: what has been rejected no
    longer counts among the largest deviations that the rest are held against, and so on until nothing more is rejected.
    A rank is as good as the number of those told to be larger leaves it, and as bad as that of those told smaller.

    Args:
        values: shape (k,), the larger the better.
        covariance: of the values, k by k and positive definite.
        deviations: draws by k, of values from themselves.
        confidence: of all sets together.
    """
    count = len(values)
    errors = _errors_of_differences(covariance)
    apart = (values[:, None] - values) / errors
    left = ~np.eye(count, dtype=bool)
    while True:
        reach = np.quantile(_largest(deviations, errors, left), confidence, method="inverted_cdf")
        found = left & (apart > reach)
        if not found.any():
            break
        left &= ~found
    larger = ~left & ~np.eye(count, dtype=bool)
    return RankSets(1 + larger.sum(axis=0), count - larger.sum(axis=1))


def _errors_of_differences(covariance: np.ndarray) -> np.ndarray:
    variances = np.diag(covariance)
    squares = variances[:, None] + variances - 2 * covariance
    np.fill_diagonal(squares, np.inf)
    return np.sqrt(squares)


def _largest(deviations: np.ndarray, errors: np.ndarray, left: np.ndarray) -> np.ndarray:
    """Return for each draw the largest deviation of a difference, in its errors, among the pairs that are left."""
    largest = np.full(len(deviations), -np.inf)
    for one, others in enumerate(left):
        if others.any():
            apart = (deviations[:, [one]] - deviations[:, others]) / errors[one, others]
            np.maximum(largest, apart.max(axis=1), out=largest)
    return largest
