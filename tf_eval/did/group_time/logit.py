"""Logistic regression by Newton's steps: the chance of being treated, given covariates, from passes over the rows."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from tf_eval.did.group_time.rows import Rows
from tf_eval.did.reading.panel import Panel

MAX_STEPS = 50
# Steps shrink quadratically near the end: after one of this size what is left is its square, which is rounding.
TOLERANCE = 1e-6
# A fitted chance from here on means that treatment is foretold by the covariates: there is nobody to compare with.
NO_OVERLAP = 0.999
SINGULAR = 1e14
# Of this many rows on, twice over, as many are looked at first: what they give is worth more than the passes that it
# spares. A last step of 1e-4 will do then: the coefficients are 1e-8 off and the Hessian 1e-4, a hundredth of what
# sampling leaves of either.
MANY = 50_000
TOLERANCE_OF_MANY = 1e-4
TOLERANCE_OF_PART = 1e-2

Stretch = tuple[bool, np.ndarray, np.ndarray]


@dataclass(frozen=True, eq=False)
class Logit:
    """Coefficients of the chance of treatment, and the inverse of the Hessian of the log-likelihood.

    Without the inverse the coefficients count as given: fitting them moves no estimate at first order. Of many rows
    ``of_part`` are the coefficients that a part of them gave.
    """

    coefficients: np.ndarray
    inverse_hessian: np.ndarray | None = None
    of_part: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class Arms:
    """Treated and comparison rows with the covariates of a period, some columns of them."""

    panel: Panel
    treated: Rows
    compared: Rows
    position: int
    columns: np.ndarray

    def stretches(self, every: int = 1) -> Iterator[Stretch]:
        """Yield whether rows are treated, their design and their weights; or of ``every`` so manyeth row."""
        for treated, rows in ((True, self.treated), (False, self.compared)):
            for some in rows.stretches(every):
                yield treated, self.panel.covariates.at(some, self.position, self.columns), self.panel.weight[some]

    def __len__(self) -> int:
        return len(self.treated) + len(self.compared)


def same_chance(treated: float, compared: float, n_columns: int) -> Logit:
    """Return the chance that is the same for all, from the total weight of either arm: a start for the fit."""
    coefficients = np.zeros(n_columns)
    coefficients[0] = np.log(treated / compared)
    return Logit(coefficients)


def fit_logit(arms: Arms, like: Logit) -> Logit | None:
    """Return the fit, or None where there is no overlap: separation, no convergence, or a chance of 0.999 or more.

    ``like`` is the fit to start from, as a rule that of nearly the same rows.
    """
    every = _every(len(arms))
    if every == 1:
        return _climb(arms.stretches, like.coefficients, TOLERANCE)
    part = _climb(lambda: arms.stretches(every), like.coefficients, TOLERANCE_OF_PART)
    if part is None:
        return _climb(arms.stretches, like.coefficients, TOLERANCE_OF_MANY)
    start = part.coefficients
    if like.of_part is not None:
        # A part of like rows is nearly the same part, and as far from all of them.
        start = start + like.coefficients - like.of_part
    found = _climb(arms.stretches, start, TOLERANCE_OF_MANY)
    return None if found is None else replace(found, of_part=part.coefficients)


def _every(n_rows: int) -> int:
    """Return which row in how many is of the part looked at first: a power of 2, so that like rows have like parts."""
    return 1 << max(n_rows // MANY, 1).bit_length() - 1


def _climb(stretches: Callable[[], Iterable[Stretch]], start: np.ndarray, tolerance: float) -> Logit | None:
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


def _pass(stretches: Iterable[Stretch], coefficients: np.ndarray) -> tuple[np.ndarray, np.ndarray, float, float]:
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
    """Return 1 / (1 + exp(-index)); 0 where the exponential is beyond all numbers."""
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-index))
