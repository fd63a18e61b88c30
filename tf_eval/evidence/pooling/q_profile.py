"""Cochran's Q at any tau²: chi squared with k - 1 degrees of freedom where that is the true one.

So what Q comes to tells which tau² go with the estimates: the Q-profile (Viechtbauer 2007, Statistics in Medicine 26,
37-52).
"""

import math

import numpy as np
from scipy import stats
from scipy.optimize import brentq

MOST_STEPS = 1000  # of a search at most: a hundred are too few where errors differ by many powers of ten


def q_at(tau_squared: float, effects: np.ndarray, variances: np.ndarray) -> float:
    """Return how far estimates are from their weighted mean, in their variances: it falls as tau² rises."""
    weights = 1 / (variances + tau_squared)
    return float(weights @ (effects - weights @ effects / weights.sum()) ** 2)


def where_q_is(value: float, effects: np.ndarray, variances: np.ndarray) -> float:
    """Return the tau² at which Q comes to a value; 0 where it never is so large."""
    if q_at(0.0, effects, variances) <= value:
        return 0.0
    squares = float(((effects - effects.mean()) ** 2).sum())
    highest = 2 * squares / value  # there Q is half of it or less: its own mean makes it least

    def above(tau_squared: float) -> float:
        return q_at(tau_squared, effects, variances) - value

    return float(brentq(above, 0.0, highest, xtol=1e-300, maxiter=MOST_STEPS))


def tau_ends(effects: np.ndarray, variances: np.ndarray, confidence: float) -> tuple[float, float]:
    """Return the interval of tau; missing where places agree better than chance lets them, so that no tau fits."""
    few, many = stats.chi2.ppf([0.5 - confidence / 2, 0.5 + confidence / 2], len(effects) - 1)
    if q_at(0.0, effects, variances) < few:
        return math.nan, math.nan
    return tuple(math.sqrt(where_q_is(float(value), effects, variances)) for value in (many, few))
