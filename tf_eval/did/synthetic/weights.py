"""Weights on comparison units and on periods: exact solutions of two small quadratic programmes.

Arkhangelsky, Athey, Hirshberg, Imbens and Wager (2021, American Economic Review 111, equations 4 to 6). Both weights
are at least 0 and sum to 1, and an intercept is free: levels do not count, only courses. The reference implementations
stop Frank and Wolfe's steps when they gain little; here the optimum itself is found, whatever the units of the outcome.
"""

import math

import numpy as np
from scipy.optimize import nnls

# A whole step that leaves the same units with weight ends at the optimum. That takes a handful of steps.
MOST_STEPS = 500
NO_STEP = 1e-9
# What rounding alone may make of a value that should fall.
ROUNDING = 1e-14


def unit_weights(courses: np.ndarray, target: np.ndarray, penalty: float) -> np.ndarray:
    """Return the weights of units whose weighted course is nearest to the target's.

    They minimise the sum of squares of what is left of ``target`` (one number a period), plus ``penalty`` times the sum
    of the squared weights. As each weight is a projection of ``miss``, what is left, the problem is one in as many
    numbers as there are periods, however many units: convex, in pieces of quadratics, which Newton's steps (Qi and Sun
    1993, Mathematical Programming 58), halved where they go too far, solve to the last digit. Small penalties are come
    to by way of larger ones.

    Args:
        courses: periods by units.
        penalty: more than 0. Where it is 0, as of units whose courses are all alike, every unit has the same weight.
    """
    apart = _without_mean(courses - target[:, None])
    if penalty <= 0:
        return np.full(courses.shape[1], 1 / courses.shape[1])
    penalties = _falling(np.square(apart).sum() / apart.shape[1], penalty)
    pull = apart.mean(axis=1) / penalties[0]
    for easier in penalties:
        # What is left, in penalties, says which weights there are; so each penalty starts from the weights before it.
        pull = _solved(pull * easier, apart, easier) / easier
    return _weights_at(pull * penalty, apart, penalty)


def time_weights(courses: np.ndarray, target: np.ndarray, penalty: float) -> np.ndarray:
    """Return the weights of periods with which units' outcomes before treatment are nearest to those after it.

    They minimise the sum of squares of what is left of ``target`` (one number a unit), plus ``penalty`` times the sum
    of the squared weights. Weights that sum to 1 make this the point of a polytope that is nearest to zero, and the
    least squares without negative coefficients that come nearest to a sum of 1 are a multiple of them.

    Args:
        courses: units by periods.
        penalty: more than 0 and small, to decide between periods that do equally well; 0 as of units.
    """
    apart = np.linalg.qr(_without_mean(courses - target[:, None]), mode="r")
    scale = np.abs(apart).max()
    if penalty <= 0 or scale == 0:
        return np.full(courses.shape[1], 1 / courses.shape[1])
    size = courses.shape[1]
    rows = np.vstack([apart / scale, np.sqrt(penalty) / scale * np.eye(size), np.ones((1, size))])
    found = nnls(rows, np.append(np.zeros(len(rows) - 1), 1.0))[0]
    return found / found.sum()


def _without_mean(values: np.ndarray) -> np.ndarray:
    """Return the columns less their means: what is left when an intercept is free."""
    return values - values.mean(axis=0)


def _falling(first: float, last: float) -> np.ndarray:
    """Return penalties from about ``first`` down to ``last``: with a large one nearly all units keep their weight."""
    steps = max(0, math.ceil(math.log10(max(first, last) / last)))
    return last * 10.0 ** np.arange(steps, -1, -1)


def _solved(miss: np.ndarray, apart: np.ndarray, penalty: float) -> np.ndarray:
    """Return what is left at the optimum, from a guess of it."""
    held = _weights_at(miss, apart, penalty) > 0
    for _ in range(MOST_STEPS):
        miss, share = _stepped(miss, apart, penalty)
        before, held = held, _weights_at(miss, apart, penalty) > 0
        if (share == 1 and (held == before).all()) or share <= NO_STEP:
            break
    return miss


def _weights_at(miss: np.ndarray, apart: np.ndarray, penalty: float) -> np.ndarray:
    return _nearest_weights(-(miss @ apart) / penalty)


def _nearest_weights(point: np.ndarray) -> np.ndarray:
    """Return the weights (from 0 on, sum 1) nearest to a point (Held, Wolfe and Crowder 1974)."""
    falling = np.sort(point)[::-1]
    excess = (np.cumsum(falling) - 1) / np.arange(1, len(point) + 1)
    last = np.flatnonzero(falling > excess)[-1]
    weights = np.maximum(point - excess[last], 0.0)
    return weights / weights.sum()


def _stepped(miss: np.ndarray, apart: np.ndarray, penalty: float) -> tuple[np.ndarray, float]:
    """Return where Newton's step leads, and the share of it that was taken, the largest with which the dual falls."""
    weights = _weights_at(miss, apart, penalty)
    held = apart[:, weights > 0]
    held = held - held.mean(axis=1, keepdims=True)
    slope = miss - apart @ weights
    step = np.linalg.solve(np.eye(len(miss)) + held @ held.T / penalty, slope)
    value, promised, share = _dual(miss, apart, penalty), slope @ step, 1.0
    slack = ROUNDING * (miss @ miss + abs(value))
    while share > NO_STEP:
        reached = miss - share * step
        fallen = value - _dual(reached, apart, penalty)
        if fallen >= 1e-4 * share * promised - slack:
            break
        share /= 2
    return miss - share * step, share


def _dual(miss: np.ndarray, apart: np.ndarray, penalty: float) -> float:
    weights = _weights_at(miss, apart, penalty)
    return float(miss @ miss / 2 - miss @ apart @ weights - penalty / 2 * weights @ weights)
