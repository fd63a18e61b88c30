"""Rows of both arms in a line, in blocks of one arm, and how far each is from the other arm on either side."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from tf_eval.matching.problem import Problem


@dataclass(frozen=True, eq=False)
class Blocks:
    """The line, sorted by stratum and score; of equal scores treated rows stand first.

    rows          row of the problem at each place of the line
    score         its score
    block         the block each place is in; first and last: the first place of each block, and the one after its last
    low, high     how far each place is from the nearest of the other arm below and above; infinite where none is
    """

    rows: np.ndarray
    score: np.ndarray
    block: np.ndarray
    first: np.ndarray
    last: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @classmethod
    def of(cls, problem: Problem, rows: np.ndarray) -> Self:
        """Lay out some rows of a problem that stand in line order already."""
        arm, score, stratum = problem.treated[rows], problem.score[rows], problem.stratum[rows]
        apart = np.diff(stratum, prepend=stratum[:1]) != 0  # a stratum begins: nobody there has a partner before
        first = np.flatnonzero(np.diff(arm, prepend=~arm[:1]) | apart)
        last = np.append(first[1:], len(rows))
        block = np.repeat(np.arange(len(first)), last - first)
        below, above = np.append(-np.inf, score[first[1:] - 1]), np.append(score[first[1:]], np.inf)
        below[apart[first]], above[np.append(apart[first[1:]], False)] = -np.inf, np.inf
        return cls(rows, score, block, first, last, score - below[block], above[block] - score)

    @classmethod
    def of_everybody(cls, problem: Problem) -> Self:
        """Lay out all rows of a problem."""
        return cls.of(problem, np.lexsort((~problem.treated, problem.score, problem.stratum)))

    @property
    def near(self) -> np.ndarray:
        """How far each place is from the nearest of the other arm."""
        return np.minimum(self.low, self.high)
