"""The nearest comparison rows in space, among those within the caliper on the score."""

import numpy as np

from tf_eval.matching.line import Line
from tf_eval.matching.neighbours.pool import Pool
from tf_eval.matching.neighbours.ranked import ranked
from tf_eval.matching.problem import Problem


class InWindow(Pool):
    """A pool in which distance is that of positions, and the score only bounds who is looked at.

    The rows within the caliper stand together in the line: a treated row's window is a slice. Of rows equally far, the
    first in canonical order comes first.
    """

    def __init__(self, problem: Problem, line: Line) -> None:
        super().__init__(problem, line)
        self._position = problem.position[line.rows]
        self._first, self._last = problem.windows

    def nearest(self, row: int, count: int = 1) -> list[tuple[float, int]]:
        window = np.arange(self._first[row], self._last[row])
        window = window[self.is_free[window]]
        window = window[self.allowed(row, window)]
        squares = ((self._position[window] - self.problem.position[row]) ** 2).sum(axis=1)
        return ranked(squares, window, self.line.rows[window], count)
