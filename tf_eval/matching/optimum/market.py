"""What a treated row can have, as far as it need look, and what it costs to go without."""

import numpy as np

from tf_eval.matching.line import Line
from tf_eval.matching.optimum.candidates import Candidates
from tf_eval.matching.optimum.penalties import penalties, widest_distance
from tf_eval.matching.problem import Problem

ROUNDING = 3e-13  # of the widest distance times the pairs wanted: a total distance is known no better


class Market:
    """The places that each treated row looks at, given which are free, and what it costs to go without.

    Args:
        problem: the problem.
        line: its comparison rows in a line.
        is_free: for each place, whether it serves nobody.
    """

    def __init__(self, problem: Problem, line: Line, is_free: np.ndarray) -> None:
        self._candidates = Candidates.up_to_free(problem, line, is_free)
        self._unit, self._penalties = problem.unit[line.rows], penalties(problem)
        self.tolerance = ROUNDING * widest_distance(problem) * int(problem.wanted.sum())

    def look(self, row: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the places that may serve a row, their units and their distances."""
        places, far = self._candidates.of(row)
        return places, self._unit[places], far

    def penalty(self, number: int) -> float:
        """Return what it costs to go without a row's first, second, ... comparison; ``number`` counts from 1."""
        return self._penalties.first if number == 1 else self._penalties.further
