"""The generalised propensity score: multinomial logistic regression, for several arms."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from scipy.special import logsumexp, softmax

from tf_eval.matching.scatter import index_of, scatter
from tf_eval.matching.score.newton import Derivatives, find_top
from tf_eval.matching.score.regressors import INTERCEPT, Regressors


@dataclass(frozen=True, eq=False)
class GeneralisedPropensity:
    """A fitted score: how the log odds of each arm against the first depend on the columns.

    names          of the columns
    coefficients   for each arm after the first, by name, on the columns' own scale
    notes          sentences about what was left out, or fitted otherwise than asked
    """

    names: tuple[str, ...]
    coefficients: tuple[dict[str, float], ...]
    notes: tuple[str, ...]

    def predictor(self, values: np.ndarray) -> np.ndarray:
        """Return the log odds of each arm against the first, rows by arms (0 for the first) of rows by columns."""
        return np.column_stack([np.zeros(len(values)), *(self._index(values, of_arm) for of_arm in self.coefficients)])

    def _index(self, values: np.ndarray, of_arm: dict[str, float]) -> np.ndarray:
        return of_arm[INTERCEPT] + index_of(values, np.array([of_arm.get(name, 0.0) for name in self.names]))


def fit_generalised(values: np.ndarray, names: Sequence[str], arm: np.ndarray) -> GeneralisedPropensity:
    """Fit the probability of each arm given ``values`` (rows by columns named ``names``) by maximum likelihood.

    values   rows by columns
    names    of the columns
    arm      of each row, a whole number from 0 on; each has rows

    Imbens (2000) has the score. What is said of ``fit_propensity`` holds: with two arms this is that score. A prior,
    where one has to help, is on the log odds against the first arm. Raises ``EstimationError`` where no fit is found.
    """
    regressors = Regressors.of(values, names)
    others = int(arm.max())
    slopes = np.tile(np.append(0.0, np.ones(len(regressors.names))), others)
    beta, prior_notes = find_top(_derivatives(regressors.columns, arm), slopes)
    coefficients = tuple(regressors.coefficients(part) for part in np.split(beta, others))
    return GeneralisedPropensity(tuple(names), coefficients, (*regressors.notes, *prior_notes))


def log_odds_of(predictor: np.ndarray, arm: int) -> np.ndarray:
    """Return the log odds of one arm against all others together, of log odds against the first (rows by arms)."""
    return predictor[:, arm] - logsumexp(np.delete(predictor, arm, axis=1), axis=1)


def _derivatives(regressors: np.ndarray, arm: np.ndarray) -> Derivatives:
    """Return the function from coefficients, arm by arm, to gradient and curvature of the log-likelihood."""
    had = (arm[:, None] == np.arange(1, arm.max() + 1)).astype(float)

    def at(beta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        parts = np.split(beta, had.shape[1])
        index = [index_of(regressors, part) for part in parts]
        probability = softmax(np.column_stack([np.zeros(len(arm)), *index]), axis=1)[:, 1:]
        return ((had - probability).T @ regressors).ravel(), _curvature(regressors, probability)

    return at


def _curvature(regressors: np.ndarray, probability: np.ndarray) -> np.ndarray:
    """Return the curvature, a block for each two arms, of which the lower ones are the upper ones."""
    arms, size = probability.shape[1], regressors.shape[1]
    blocks = np.empty((arms, size, arms, size))
    for one, other in combinations_with_replacement(range(arms), 2):
        block = scatter(regressors, probability[:, one] * ((one == other) - probability[:, other]))
        blocks[one, :, other], blocks[other, :, one] = block, block
    return blocks.reshape(arms * size, arms * size)
