"""The lowest point of a quadratic with an L1 penalty, by an active set: exact, for as many unknowns as covariates."""

import numpy as np

ROUNDS_EACH = 20  # rounds for each unknown; each lets one in or puts one out
NEGLIGIBLE = 1e-13  # of the penalty


def lowest_point(curvature: np.ndarray, slope: np.ndarray, penalty: float) -> np.ndarray:
    """Return the x at which x' curvature x / 2 + slope' x + penalty |x| is lowest.

    Unknowns other than 0 are held with their signs and solved for; one that would change its sign on the way is put
    back to 0, and the one whose slope exceeds the penalty most is let in next (Lawson and Hanson 1974, chapter 23, with
    two signs). ``curvature`` may be very nearly singular, but not quite.
    """
    at, sign = np.zeros(len(slope)), np.zeros(len(slope))
    for _ in range(ROUNDS_EACH * len(slope)):
        steepness = curvature @ at + slope
        beyond = np.where(sign == 0, np.abs(steepness) - penalty, -np.inf)
        if beyond.max(initial=-np.inf) <= NEGLIGIBLE * penalty:
            break
        sign[beyond.argmax()] = -np.sign(steepness[beyond.argmax()])
        at = _settle(curvature, slope, penalty, at, sign)
    return at


def _settle(curvature: np.ndarray, slope: np.ndarray, penalty: float, at: np.ndarray, sign: np.ndarray) -> np.ndarray:
    """Go to the lowest point of the unknowns that have a sign, leaving out (in ``sign``) those that reach 0."""
    while (held := np.flatnonzero(sign)).size:
        goal = np.zeros(len(at))
        goal[held] = np.linalg.solve(curvature[np.ix_(held, held)], -slope[held] - penalty * sign[held])
        crossing = held[goal[held] * sign[held] <= 0]
        if not crossing.size:
            return goal
        way = at[crossing] - goal[crossing]
        share = np.divide(at[crossing], way, out=np.zeros(len(way)), where=way != 0)
        at = at + share.min() * (goal - at)
        sign[crossing[share == share.min()]] = 0.0
        at = np.where(sign == 0, 0.0, at)
    return np.zeros(len(at))
