"""How far true effects differ, by restricted maximum likelihood, from estimates of them with known errors.

Effect i is N(mean, tau²), and its estimate normal around it; the errors of several may hang together. The likelihood is
that of what is left once the mean is taken out (Viechtbauer 2005, J. Educational and Behavioral Statistics 30,
261-293).
"""

from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq

STEPS = 400  # of tau² at which the likelihood is looked at first, for few effects can give it two tops
SMALLEST_STEP = 1e-6  # as a share of the largest tau² that can be; below it rounding would choose
MOST_STEPS = 1_000


def variance_between(effects: np.ndarray, covariance: np.ndarray) -> float:
    """Return the tau² with the largest restricted likelihood, 0 or above.

    Args:
        effects: shape (k,), two or more estimates.
        covariance: of the estimates around the truth, shape (k, k), positive definite; or, where they are independent,
            their variances, shape (k,).
    """
    apart = _Apart.of(effects, covariance)
    share = float(np.sum((effects - effects.mean()) ** 2)) / (len(effects) - 1)
    largest = share + np.sqrt(share * apart.variances.max())  # beyond it the likelihood falls
    if largest == 0:
        return 0.0
    steps = np.r_[0.0, np.geomspace(SMALLEST_STEP * largest, largest, STEPS)]
    best = int(np.argmax(apart.likelihood(steps)))
    low, high = float(steps[max(best - 1, 0)]), float(steps[min(best + 1, STEPS)])
    if apart.slope(low) <= 0 or apart.slope(high) >= 0:
        return float(steps[best])
    return float(brentq(apart.slope, low, high, xtol=1e-300, maxiter=MOST_STEPS))


def projection(covariance: np.ndarray) -> np.ndarray:
    """Return what takes values less their generalised mean to the inverse of their covariance times them."""
    inverse = np.linalg.inv(covariance)
    sums = inverse.sum(axis=0)
    return inverse - np.outer(sums, sums) / sums.sum()


class _Apart(NamedTuple):
    """Effects turned so that their errors are independent: with tau² added to each variance they still are.

    ``along`` is what the mean of all comes to in each; 1 where they were independent as they stood.
    """

    effects: np.ndarray
    variances: np.ndarray
    along: np.ndarray

    @classmethod
    def of(cls, effects: np.ndarray, covariance: np.ndarray) -> "_Apart":
        if covariance.ndim == 1:
            return cls(effects, covariance, np.ones(len(effects)))
        variances, turn = np.linalg.eigh(covariance)
        return cls(effects @ turn, variances, turn.sum(axis=0))

    def likelihood(self, steps: np.ndarray) -> np.ndarray:
        """Return the restricted log likelihood at each of some tau², less what does not depend on it."""
        weights = 1 / (self.variances + steps[:, None])
        total = weights @ self.along**2
        left = self.effects - self.along * (weights @ (self.along * self.effects) / total)[:, None]
        return 0.5 * (np.log(weights).sum(axis=1) - np.log(total) - (weights * left**2).sum(axis=1))

    def slope(self, tau_squared: float) -> float:
        """Return twice the derivative of the restricted log likelihood."""
        weights = 1 / (self.variances + tau_squared)
        pulls, squares = weights * self.along, weights**2
        total = pulls @ self.along
        left = self.effects - self.along * (pulls @ self.effects / total)
        return float(squares @ left**2 - weights.sum() + pulls @ pulls / total)
