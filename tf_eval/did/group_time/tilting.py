"""Chances of treatment by tilting: odds of the comparison rows with which their covariate means are the treated's.

Graham, Pinto and Egel (2012, Review of Economic Studies 79); for differences Sant'Anna and Zhao (2020, section 3.2).
"""

import numpy as np

from tf_eval.did.group_time.logit import MAX_STEPS, NO_OVERLAP, SINGULAR, TOLERANCE, Arms
from tf_eval.did.group_time.sums import Sums

HIGHEST = np.log(NO_OVERLAP / (1 - NO_OVERLAP))
MOST_HALVINGS = 30


def tilt(arms: Arms, treated: Sums, start: np.ndarray) -> np.ndarray | None:
    """Return the coefficients b with which comparison rows weigh exp(x'b), so that the sums of x of both arms agree.

    ``treated`` are the sums of the treated rows. None where there are no such weights, or a chance is 0.999 or more.
    """
    wanted = treated.gram[0]
    at, (value, gradient, hessian, highest) = start, _pass(arms, start, wanted)
    for _ in range(MAX_STEPS):
        if not np.isfinite(hessian).all() or np.linalg.cond(hessian) > SINGULAR:
            return None
        step = -np.linalg.solve(hessian, gradient)
        if np.abs(step).max() < TOLERANCE:
            return at + step if highest < HIGHEST else None
        lower = _lower(arms, at, step, wanted, value)
        if lower is None:
            return None
        at, (value, gradient, hessian, highest) = lower
    return None


def _lower(
    arms: Arms, at: np.ndarray, step: np.ndarray, wanted: np.ndarray, value: float
) -> tuple[np.ndarray, tuple[float, np.ndarray, np.ndarray, float]] | None:
    """Return the first of the step, its half, its quarter ... that does not raise the convex loss."""
    for halving in range(MOST_HALVINGS):
        there = at + 0.5**halving * step
        found = _pass(arms, there, wanted)
        if found[0] <= value + 1e-12 * abs(value):
            return there, found
    return None


def _pass(arms: Arms, at: np.ndarray, wanted: np.ndarray) -> tuple[float, np.ndarray, np.ndarray, float]:
    """Return the loss, its gradient and Hessian, and the highest log odds of any row."""
    value, gradient, hessian = -float(wanted @ at), -wanted.astype(float), np.zeros((len(at), len(at)))
    highest = -np.inf
    for treated, design, weight in arms.stretches():
        index = design @ at
        highest = max(highest, float(index.max()))
        if treated:
            continue
        odds = weight * np.exp(np.minimum(index, 700.0))
        value += float(odds.sum())
        weighted = (design * odds[:, None]).T
        gradient += weighted.sum(axis=1)
        hessian += weighted @ design
    return value, gradient, hessian, highest
