"""Pairs that may bring the total distance down: those less far apart than the prices of their two rows together."""

from typing import NamedTuple

import numpy as np

from tf_eval.matching.covering.reach import Reach
from tf_eval.matching.problem import Problem

EACH = 8  # pairs of a row that are looked at first, and that are added at once


class Pairs(NamedTuple):
    """Some pairs: treated row, comparison row, and how far they are apart. Each stands there once, in order."""

    treated: np.ndarray
    compared: np.ndarray
    far: np.ndarray

    @classmethod
    def of(cls, problem: Problem, treated: np.ndarray, compared: np.ndarray) -> "Pairs":
        """Return pairs that may come several times, each once."""
        rows = len(problem.treated)
        treated, compared = np.divmod(np.unique(treated * rows + compared), rows)
        step = problem.coordinates[treated] - problem.coordinates[compared]
        return cls(treated, compared, np.linalg.norm(step, axis=1))

    def joined(self, problem: Problem, more: "Pairs") -> "Pairs":
        """Return these and more pairs together."""
        treated, compared = np.concatenate([self[:2], more[:2]], axis=1)
        return Pairs.of(problem, treated, compared)


def find_bargains(reach: Reach, price: np.ndarray, below: float) -> Pairs:
    """Return for each row the few pairs whose distance less both prices is least, of those where it is ``below`` that.

    ``price`` has an entry for each row of the problem.
    """
    best = _Best(len(price))
    for treated, compared, far in reach.blocks():
        left = far - price[treated, None] - price[compared]
        best.improve(treated, compared, left, below)
        best.improve(compared, treated, left.T, below)
    row, number = np.nonzero(best.partner >= 0)
    partner = best.partner[row, number]
    first = reach.problem.treated[row]
    return Pairs.of(reach.problem, np.where(first, row, partner), np.where(first, partner, row))


class _Best:
    """The best pairs of each row among those seen so far."""

    def __init__(self, rows: int) -> None:
        self.left, self.partner = np.full((rows, EACH), np.inf), np.full((rows, EACH), -1)

    def improve(self, rows: np.ndarray, others: np.ndarray, left: np.ndarray, below: float) -> None:
        """Look at all pairs of ``rows`` and ``others``."""
        if not left.size:
            return
        better = np.flatnonzero(left.min(axis=1) < np.minimum(self.left[rows].max(axis=1), below))
        rows, left = rows[better], left[better]
        seen = _least(left)
        value, partner = np.take_along_axis(left, seen, axis=1), others[seen]
        partner = np.where(value < below, partner, -1)
        value = np.hstack([self.left[rows], np.where(partner < 0, np.inf, value)])
        partner, kept = np.hstack([self.partner[rows], partner]), _least(value)
        self.left[rows] = np.take_along_axis(value, kept, axis=1)
        self.partner[rows] = np.take_along_axis(partner, kept, axis=1)


def _least(values: np.ndarray) -> np.ndarray:
    """Return the columns of the few least values of each row."""
    if values.shape[1] <= EACH:
        return np.broadcast_to(np.arange(values.shape[1]), values.shape)
    return np.argpartition(values, EACH - 1, axis=1)[:, :EACH]
