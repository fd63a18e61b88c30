"""Logistic regression by Newton's steps: the chance of being treated, given covariates, from passes over the rows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from tf_eval.did.group_time.rows import Rows
from tf_eval.did.reading.panel import Panel

MAX_STEPS = 50
# Steps shrink quadratically near the end: after one of this size what is left is its square, which is rounding.
TOLERANCE = 1e-6
# A fitted chance from here on means that treatment is foretold by the covariates: there is nobody to compare with.
NO_OVERLAP = 0.999
SINGULAR = 1e14
# Rows from which a first guess is worth more than the passes that it spares, and a last step of 1e-4 will do: then
# the coefficients are 1e-8 off and the Hessian 1e-4, a hundredth of what sampling leaves of either.
MANY = 50_000
TOLERANCE_OF_MANY = 1e-4


@dataclass(frozen=True, eq=False)
class Logit:
    """Coefficients of the chance of treatment, and the inverse of the Hessian of the log-likelihood.

    Without the inverse the coefficients count as given: fitting them moves no estimate at first order.
    """

    coefficients: np.ndarray
    inverse_hessian: np.ndarray | None


@dataclass(frozen=True, eq=False)
class Arms:
    """Treated and comparison rows with the covariates of a period, some columns of them."""

    panel: Panel
    treated: Rows
    compared: Rows
    position: int
    columns: np.ndarray

    def stretches(self, every: int = 1) -> Iterator[tuple[bool, np.ndarray, np.ndarray]]:
        """Yield whether rows are treated, their design and their weights."""
        for treated, rows in ((True, self.treated), (False, self.compared)):
            for some in rows.stretches(every):
                design = self.panel.covariates.at(some, self.position)
                yield (
                    treated,
                    design if len(self.columns) == design.shape[1] else design[:, self.columns],
                    (self.panel.weight[some]),
                )


def fit_logit(arms: Arms, start: np.ndarray) -> Logit | None:
    """Return the fit, or None where there is no overlap: separation, no convergence, or a chance of 0.999 or more.

    ``start`` are coefficients to start from. Of many rows a part gives a better start.
    """
    every = (len(arms.treated) + len(arms.compared)) // MANY
    if every <= 1:
        return _climb(arms.stretches, start, TOLERANCE)
    guess = _climb(lambda: arms.stretches(every), start, 1e-2)
    return _climb(arms.stretches, start if guess is None else guess.coefficients, TOLERANCE_OF_MANY)


def _climb(stretches, start: np.ndarray, tolerance: float) -> Logit | None:
    coefficients = start
    for _ in range(MAX_STEPS):
        gradient, hessian, highest, highest_treated = _pass(stretches(), coefficients)
        if highest_treated >= 1 - 1e-12 or not np.isfinite(hessian).all():
            return None
        try:
            step = np.linalg.solve(hessian, gradient)
        except np.linalg.LinAlgError:
            return None
        coefficients = coefficients + step
        if np.abs(step).max() < tolerance:
            overlaps = highest < NO_OVERLAP and np.linalg.cond(hessian) <= SINGULAR
            return Logit(coefficients, np.linalg.inv(hessian)) if overlaps else None
    return None


def _pass(
    stretches: Iterable[tuple[bool, np.ndarray, np.ndarray]], coefficients: np.ndarray
) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Return gradient and Hessian of the log-likelihood, and the highest chance of anybody and of a treated row."""
    size = len(coefficients)
    gradient, hessian, highest = np.zeros(size), np.zeros((size, size)), {True: 0.0, False: 0.0}
    for treated, design, weight in stretches:
        chance = chances(design @ coefficients)
        highest[treated] = max(highest[treated], float(chance.max()))
        gradient += design.T @ (weight * (treated - chance))
        hessian += (design * (weight * chance * (1 - chance))[:, None]).T @ design
    return gradient, hessian, max(highest.values()), highest[True]


def chances(index: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-index))."""
    chance = np.exp(-np.abs(index))
    return np.where(index >= 0, 1.0, chance) / (1.0 + chance)
