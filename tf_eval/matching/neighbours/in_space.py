"""The nearest comparison rows in space, without any limit, from a tree for each stratum."""

import numpy as np
from scipy.spatial import cKDTree

from tf_eval.matching.line import Line
from tf_eval.matching.neighbours.pool import Pool
from tf_eval.matching.neighbours.ranked import TIED, ranked
from tf_eval.matching.problem import Problem

ASKED_FIRST = 8


class InSpace(Pool):
    """A pool in which distance is that of positions; a tree is asked for more and more, until enough of them serve.

    Of rows equally far, the first in canonical order comes first.
    """

    def __init__(self, problem: Problem, line: Line) -> None:
        super().__init__(problem, line)
        self._first, self._last = problem.windows
        self._trees: dict[int, cKDTree] = {}

    def nearest(self, row: int, count: int = 1) -> list[tuple[float, int]]:
        first, size = int(self._first[row]), int(self._last[row] - self._first[row])
        asked = min(max(ASKED_FIRST, 2 * count), size)
        while size:
            distances, found = self._ask(row, asked)
            serving, far = self._serving(row, first + found, distances)
            # One more than is wanted lies farther away, so that none that is tied with the last has been missed.
            beyond = len(serving) > count and far[count] > far[count - 1] * (1 + TIED)
            if beyond or asked == size:
                return ranked(far**2, serving, self.line.rows[serving], count)
            asked = min(4 * asked, size)
        return []

    def _ask(self, row: int, asked: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the nearest so many of the row's stratum: their distances and their places in the stratum."""
        first, last = int(self._first[row]), int(self._last[row])
        if first not in self._trees:
            self._trees[first] = cKDTree(self.problem.position[self.line.rows[first:last]])
        distances, found = self._trees[first].query(self.problem.position[row], k=asked)
        return np.atleast_1d(distances), np.atleast_1d(found)

    def _serving(self, row: int, places: np.ndarray, distances: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        serves = self.is_free[places]
        serves[serves] = self.allowed(row, places[serves])
        return places[serves], distances[serves]
