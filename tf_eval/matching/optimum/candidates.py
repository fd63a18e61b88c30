"""Which comparison rows a treated row may have, and how far away they are."""

from typing import Self

import numpy as np

from tf_eval.matching.line import Line
from tf_eval.matching.neighbours.pool import problem_allows
from tf_eval.matching.problem import Problem


class Candidates:
    """The places of the line that may serve each treated row, without regard to who else wants them.

    Args:
        problem: the problem.
        line: its comparison rows in a line.
        first, last: for each row of the problem, the first place that is looked at, and the one after the last.
    """

    def __init__(self, problem: Problem, line: Line, first: np.ndarray, last: np.ndarray) -> None:
        self._problem, self._line, self._first, self._last = problem, line, first, last
        self._plain = is_plain(problem)
        self._most = int(problem.wanted.sum())
        self._rows_of_unit = int(np.bincount(problem.unit[line.rows]).max())
        self._found: dict[int, tuple[np.ndarray, np.ndarray]] = {}

    @classmethod
    def of_problem(cls, problem: Problem, line: Line) -> Self:
        """Look at every place within the stratum and the caliper on the score."""
        return cls(problem, line, *problem.windows)

    @classmethod
    def up_to_free(cls, problem: Problem, line: Line, is_free: np.ndarray) -> Self:
        """Look no farther than the nearest free place on either side, where distance is the score's alone.

        What lies beyond a free place is farther away and no cheaper, so that it need not be looked at.
        """
        first, last = problem.windows
        if not is_plain(problem):
            return cls(problem, line, first, last)
        at = np.arange(len(is_free))
        below = np.maximum.accumulate(np.r_[0, np.where(is_free, at, 0)])
        above = np.minimum.accumulate(np.r_[np.where(is_free, at, len(at)), len(at)][::-1])[::-1]
        return cls(problem, line, np.maximum(first, below[line.place]), np.minimum(last, above[line.place] + 1))

    def of(self, row: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the places that may serve a treated row, at most one of each unit, and their distances.

        In line order where distance is the score's alone; else the nearest first, and no more of them than there are
        pairs to be made: among so many one is always left.
        """
        places = np.arange(self._first[row], self._last[row])
        if self._plain:
            return places, self._distances(row, places)
        if row not in self._found:
            self._found[row] = self._nearest(row, places)
        return self._found[row]

    def _nearest(self, row: int, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        problem, rows = self._problem, self._line.rows
        places = places[problem_allows(problem, row, rows[places])]
        far = self._distances(row, places)
        enough = self._most * self._rows_of_unit
        if enough < len(far):
            near = far <= np.partition(far, enough - 1)[enough - 1]
            places, far = places[near], far[near]
        order = np.lexsort((rows[places], far))
        if self._rows_of_unit > 1:
            order = order[np.sort(np.unique(problem.unit[rows[places[order]]], return_index=True)[1])]
        return places[order[: self._most]], far[order[: self._most]]

    def _distances(self, row: int, places: np.ndarray) -> np.ndarray:
        position = self._problem.position
        if position is None:
            return np.abs(self._line.score[places] - self._problem.score[row])
        return np.linalg.norm(position[self._line.rows[places]] - position[row], axis=1)


def is_plain(problem: Problem) -> bool:
    """Say whether the score alone, its caliper and the strata decide: any nearer place then serves as well."""
    compared = problem.unit[~problem.treated]
    return problem.by_score_alone and len(np.unique(compared)) == len(compared)
