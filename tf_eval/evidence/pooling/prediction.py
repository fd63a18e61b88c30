"""What another place may expect, by the confidence distribution of tau² (Nagashima, Noma and Furukawa 2019).

Statistical Methods in Medical Research 28, 1689-1702: the effect of another place is the mean given tau², with its
error, and the distance of a place from it, mixed over the tau² that go with the estimates. Theirs (pimeta, of R) draws
tau² by Cochran's Q at fixed weights; here it is that at which the Q-profile comes to a value of chi squared, and the
mixture is integrated, so that nothing is drawn. The mean given tau² has t with k - 1 degrees of freedom and Hartung and
Knapp's error as in ``random_effects.py``, never smaller than that of known variances.
"""

import numpy as np
from scipy import stats
from scipy.optimize import brentq
from scipy.special import ndtr

from tf_eval.evidence.pooling.q_profile import MOST_STEPS, q_at, where_q_is

NODES = 48  # at which ends are right to 1e-4 of their width up to a confidence of 0.99
OUTSIDE = 1e-12  # probability that is left out at either end
FAR = 40  # standard deviations beyond which a normal has nothing
CLOSE = 1e-10  # of the smallest standard deviation in the mixture, to which ends are found


def prediction_ends(effects: np.ndarray, variances: np.ndarray, confidence: float) -> tuple[float, float]:
    """Return between which effects that of another place may be expected, of estimates and variances (k,)."""
    freedom = len(effects) - 1
    tau_squared, shares = _confidence_of_tau_squared(effects, variances)
    weights = 1 / (variances + tau_squared[:, None])
    total = weights.sum(axis=1)
    means = weights @ effects / total
    inflation = (weights * (effects - means[:, None]) ** 2).sum(axis=1) / freedom
    # t is a normal over the root of chi squared, so that it and the normal of places come to one normal.
    chi_squared, chances = _chi_squared(freedom)
    spread = np.sqrt(tau_squared[:, None] + (np.maximum(1, inflation) / total)[:, None] * freedom / chi_squared)

    def beyond(effect: float, chance: float) -> float:
        return float(shares @ ndtr((effect - means[:, None]) / spread) @ chances) - chance

    low, high = means.min() - FAR * spread.max(), means.max() + FAR * spread.max()
    close = {"xtol": CLOSE * spread.min(), "maxiter": MOST_STEPS}
    tail = 0.5 - confidence / 2
    return tuple(float(brentq(beyond, low, high, args=(chance,), **close)) for chance in (tail, 1 - tail))


def _confidence_of_tau_squared(effects: np.ndarray, variances: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return tau² and how much confidence each has: where Q is never so large as chi squared may be, tau² is 0."""
    freedom, largest = len(effects) - 1, q_at(0.0, effects, variances)
    values, shares = _chi_squared(freedom, largest)
    tau_squared = [where_q_is(float(value), effects, variances) for value in values]
    return np.r_[0.0, tau_squared], np.r_[1 - shares.sum(), shares]


def _chi_squared(freedom: int, largest: float = np.inf) -> tuple[np.ndarray, np.ndarray]:
    """Return values of chi squared up to a largest one, and their shares: Gauss and Legendre's, over its root.

    Over its root, for the integrands are smooth in it down to 0.
    """
    low, high = stats.chi.ppf([OUTSIDE, 1 - OUTSIDE], freedom)
    high = np.clip(np.sqrt(largest), low, high)
    nodes, shares = np.polynomial.legendre.leggauss(NODES)
    roots = low + (high - low) * (nodes + 1) / 2
    return roots**2, shares * (high - low) / 2 * stats.chi.pdf(roots, freedom)
