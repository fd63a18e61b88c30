"""Fixed-length intervals under smoothness (Rambachan and Roth 2023, section 4; Armstrong and Kolesar 2018).

The target is estimated by extrapolating the trend before treatment, with weights on its bends chosen so that the
interval, wide enough for the worst bias, is as short as can be. Worst bias is the sum of the weights' sizes, so that
the best trade of bias for error is a lasso: its path, of straight pieces, is traced once and serves every bound.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import ndtr, ndtri
from sklearn.linear_model import lars_path_gram

from tf_eval.did.credibility.course import Course
from tf_eval.did.credibility.restrictions import Restricted

# Points tried on each straight piece of the path before the best is found to the digit.
TRIED = 16


@dataclass(frozen=True, eq=False)
class Frontier:
    """The best trades of bias for error: weights on the effects at the knots of a path (knots x effects), the bias of
    each under a bound of 1, and the effects with their covariance.
    """

    weights: np.ndarray
    bias: np.ndarray
    course: Course

    def at(self, place: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return weights, bias and error at places between the knots (0 to the last)."""
        knot = np.clip(np.asarray(place, dtype=float).astype(int), 0, max(len(self.bias) - 2, 0))
        after, share = np.minimum(knot + 1, len(self.bias) - 1), place - knot
        weights = self.weights[knot] + share[..., None] * (self.weights[after] - self.weights[knot])
        bias = self.bias[knot] + share * (self.bias[after] - self.bias[knot])
        return weights, bias, np.sqrt(self.course.variance(weights))


def trace(restricted: Restricted, course: Course) -> Frontier:
    """Trace the trades from the least bias (the last two periods extrapolated) to the least error."""
    unit = course.variance(restricted.target)
    gram = restricted.before @ course.covariance @ restricted.before.T / unit
    shared = restricted.before @ course.covariance @ restricted.target / unit
    path = np.zeros((0, 1))
    if len(gram):
        path = lars_path_gram(-shared, gram, n_samples=1, method="lasso")[2]
    weights = restricted.target + path.T @ restricted.before
    return Frontier(weights, restricted.reach + np.abs(path).sum(axis=0), course)


def fixed_length_set(frontier: Frontier, bound: float, size: float) -> tuple[float, float]:
    """Return the ends of the shortest interval that covers under ``bound`` with chance 1 - ``size``."""

    def half_length(place: np.ndarray) -> np.ndarray:
        _, bias, error = frontier.at(place)
        return error * folded_quantile(bound * bias / error, 1 - size)

    knots = len(frontier.bias) - 1
    places = np.linspace(0, knots, knots * TRIED + 1)
    lengths = half_length(places)
    best = places[lengths.argmin()]
    if knots:
        around = (max(best - 1 / TRIED, 0), min(best + 1 / TRIED, knots))
        found = minimize_scalar(lambda place: float(half_length(np.array(place))), bounds=around, method="bounded")
        best = found.x if found.fun < lengths.min() else best
    centre = float(frontier.at(np.array(best))[0] @ frontier.course.effects)
    half = float(half_length(np.array(best)))
    return centre - half, centre + half


def folded_quantile(mean: np.ndarray, share: float) -> np.ndarray:
    """Return what the size of a normal with this mean and variance 1 stays below in ``share`` of draws."""
    mean = np.abs(mean)
    value = mean + ndtri(0.5 + share / 2)
    for _ in range(30):
        excess = ndtr(value - mean) - ndtr(-value - mean) - share
        density = (np.exp(-((value - mean) ** 2) / 2) + np.exp(-((value + mean) ** 2) / 2)) / np.sqrt(2 * np.pi)
        value = value - excess / density
    return value
