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
        first, last = self._first[row], self._last[row]
        offset = self._position[first:last] - self.problem.position[row]  # of the taken too: a slice is not copied
        squares = np.einsum("ij,ij->i", offset, offset)
        free = np.flatnonzero(self.is_free[first:last])
        if self.problem.is_picky:
            free = free[self.allowed(row, first + free)]
        return ranked(squares[free], first + free, self.line.rows[first + free], count)
