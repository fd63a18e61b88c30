"""The nearest comparison rows along the score, by walking outwards from where the treated row stands."""

from collections.abc import Iterator
from itertools import islice

import numpy as np

from tf_eval.matching.line import FreePlaces, Line
from tf_eval.matching.neighbours.pool import Pool
from tf_eval.matching.problem import Problem


class AlongScore(Pool):
    """A pool in which distance is the difference of scores.

    Of a lower and a higher score equally far, the lower comes first. Of rows with equal scores it is the last in
    canonical order where they lie below the treated row, the first where they lie at or above it (as in MatchIt).
    """

    def __init__(self, problem: Problem, line: Line) -> None:
        super().__init__(problem, line)
        # A stratum that no row has stands at both ends, so that the ends need no case of their own. Plain lists,
        # because single reads of NumPy arrays are several times slower.
        self._scores, self._strata = [*line.score.tolist(), 0.0], [*line.stratum.tolist(), -1]
        arrays = problem.score, problem.stratum, line.place
        self._score, self._stratum, self._start = (part.tolist() for part in arrays)
        self._caliper, self._free = problem.caliper, FreePlaces(len(line.rows))
        self._first_serves = not problem.is_picky

    def close(self, place: int) -> None:
        super().close(place)
        self._free.take(place)

    def nearest(self, row: int, count: int = 1) -> list[tuple[float, int]]:
        if self._first_serves and count == 1:
            return self._first(row)
        found = self._outwards(row)
        if not self._first_serves:
            found = (each for each in found if self.allowed(row, np.array([each[1]]))[0])
        return list(islice(found, count))

    def _first(self, row: int) -> list[tuple[float, int]]:
        """Return what ``_outwards`` yields first, without starting it: here most of the time of a match goes."""
        start, score, stratum = self._start[row], self._score[row], self._stratum[row]
        below, above = self._free.below(start), self._free.above(start)
        far_below = score - self._scores[below] if self._strata[below] == stratum else np.inf
        far_above = self._scores[above] - score if self._strata[above] == stratum else np.inf
        far, place = (far_above, above) if far_above < far_below else (far_below, below)
        return [(far, place)] if far <= self._caliper and far < np.inf else []

    def _outwards(self, row: int) -> Iterator[tuple[float, int]]:
        """Yield the free places within the caliper, the nearest first."""
        below, above = self._free.below(self._start[row]), self._free.above(self._start[row])
        far_below, far_above = self._distance(row, below), self._distance(row, above)
        while min(far_below, far_above) < np.inf:
            if far_below <= far_above:
                yield far_below, below
                below = self._free.below(below)
                far_below = self._distance(row, below)
            else:
                yield far_above, above
                above = self._free.above(above + 1)
                far_above = self._distance(row, above)

    def _distance(self, row: int, place: int) -> float:
        """Return how far a place is from a treated row; infinite out of its stratum or beyond the caliper."""
        if self._strata[place] != self._stratum[row]:
            return np.inf
        far = abs(self._scores[place] - self._score[row])
        return far if far <= self._caliper else np.inf
