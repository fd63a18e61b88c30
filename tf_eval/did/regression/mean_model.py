"""Mean models for counts and chances: Poisson and logit regression by Newton's steps on sparse columns.

With these (canonical) links the coefficients solve "outcome less its mean is 0 on every column", which is all that is
used: the outcome need not be Poisson, nor need the variance be right (Wooldridge 2023).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from tf_eval.did.group_time.logit import chances
from tf_eval.did.regression.columns import gram
from tf_eval.did.regression.solution import Solution, solve

MAX_STEPS = 50
# Steps shrink quadratically near the end: what is left after one of this size is its square.
TOLERANCE = 1e-7
# An index as large as this belongs to a mean of nothing (or, of a chance, of all): the fit runs away.
RUNAWAY = 50.0


@dataclass(frozen=True)
class Family:
    """A mean as a function of the index, its slope there, the index of a mean, and the highest mean that there can be.

    ``needs`` says what outcomes must be, and ``effect`` what a difference of two indices is the log of.
    """

    mean: Callable[[np.ndarray], np.ndarray]
    slope: Callable[[np.ndarray], np.ndarray]
    index: Callable[[np.ndarray], np.ndarray]
    highest: float
    needs: str
    effect: str


FAMILIES = {
    "poisson": Family(
        mean=np.exp,
        slope=lambda mean: mean,
        index=np.log,
        highest=np.inf,
        needs="family 'poisson' needs outcomes of 0 or more",
        effect="rate ratio",
    ),
    "logit": Family(
        mean=chances,
        slope=lambda mean: mean * (1 - mean),
        index=lambda mean: np.log(mean / (1 - mean)),
        highest=1.0,
        needs="family 'logit' needs outcomes between 0 and 1",
        effect="odds ratio",
    ),
}


@dataclass(frozen=True, eq=False)
class MeanModel:
    """Coefficients, the inverse of the information matrix, and the ``residual`` of each row."""

    family: Family
    coefficients: np.ndarray
    solution: Solution
    residual: np.ndarray

    def means(self, columns: csr_array) -> np.ndarray:
        return self.family.mean(columns @ self.coefficients)


def fit_means(family: Family, columns: csr_array, outcome: np.ndarray, weight: np.ndarray) -> MeanModel | None:
    """Return the weighted fit, or None where it does not settle: something foretells the outcome without fail."""
    index = family.index(_towards_the_middle(outcome, weight))
    for _ in range(MAX_STEPS):
        mean = family.mean(index)
        slope = family.slope(mean)
        information = gram(columns, weight * slope)
        solution = solve(information, np.diag(information))
        cross = columns.T @ (weight * (slope * index + outcome - mean))
        coefficients = solution.inverse @ cross
        step = columns @ coefficients - index
        index = index + step
        if not np.isfinite(index).all() or np.abs(index).max() > RUNAWAY:
            return None
        if np.abs(step).max() < TOLERANCE:
            return MeanModel(family, coefficients, solution, outcome - family.mean(index))
    return None


def _towards_the_middle(outcome: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return means to start from: inside the possible values, where every index is finite."""
    return (outcome + np.average(outcome, weights=weight)) / 2


def varied(family: Family, outcome: np.ndarray, codes: tuple[np.ndarray, ...]) -> np.ndarray:
    """Return which rows belong to no kind (by each of ``codes``) whose outcomes are all 0, or all the highest possible.

    Such a kind's own constant would run away without end, and its rows say nothing of the others'.
    """
    kept = np.ones(len(outcome), dtype=bool)
    while True:
        before = int(kept.sum())
        for code in codes:
            for extreme in (0.0, family.highest):
                off = np.bincount(code[kept & (outcome != extreme)], minlength=int(code.max()) + 1)
                kept &= off[code] > 0
        if int(kept.sum()) == before:
            return kept
