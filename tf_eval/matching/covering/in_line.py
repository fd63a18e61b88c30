"""The cover of least distance within limits, where the score alone decides."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from scipy.sparse import coo_array, csr_array, hstack, vstack

from tf_eval.matching.covering.cover import Cover
from tf_eval.matching.covering.limits import Limits
from tf_eval.matching.covering.programme import solve_cover
from tf_eval.matching.covering.reach import Reach
from tf_eval.matching.problem import Problem


def cover_in_line(reach: Reach, limits: Limits, penalty: float) -> Cover:
    """Return the cover of the rows that stand by a linear programme of as many unknowns as rows, and not as pairs.

    Partners do not cross: going up the line, the first partner of a treated row goes to the first comparison row that
    is to have one, and so on (Karp and Li 1975). So it is enough to decide how many partners each row has, or all up to
    it of its arm together. The distances come to the sum, over the gaps of the line, of the width times the partners by
    which one arm is ahead of the other there. A caliper says that no arm may be ahead of rows that it cannot reach.
    """
    places = Places.of(reach.problem, reach.stands)
    rows, own = places.rows, places.treated
    cost = np.concatenate([np.zeros(len(rows)), places.width, places.width])
    bounds = limits.fewest[rows], limits.most[rows], penalty
    below = None if np.isinf(reach.problem.caliper) else places.unreached
    unknown, lacks, pays = solve_cover(places.has, cost, bounds, "highs-ds", places.ahead, below)
    partners = np.rint(places.has @ unknown).astype(np.int64)
    treated, compared = (np.repeat(rows[arm], partners[arm]) for arm in (own, ~own))
    return Cover.of_nobody(len(limits.most)).having(treated, compared, rows, (lacks, pays, places.part))


@dataclass(frozen=True, eq=False)
class Places:
    """Some rows of both arms in a line, sorted by stratum and score. Unknown is, for each, the partners of all rows of
    its arm and stratum up to it; and, after each, by how many the treated are ahead, and by how many behind.

    rows          the rows of the problem, and treated, who of them was
    start         the first place of the stratum of each
    width         how far the next of the stratum is; 0 at its last
    first, last   for each treated row, the first comparison row that it may have and the one after the last, counted
                  among the comparison rows that stand
    """

    rows: np.ndarray
    treated: np.ndarray
    start: np.ndarray
    width: np.ndarray
    first: np.ndarray
    last: np.ndarray

    @classmethod
    def of(cls, problem: Problem, stands: np.ndarray) -> Self:
        """Lay out the rows that stand."""
        rows = np.flatnonzero(stands)
        rows = rows[np.lexsort((~problem.treated[rows], problem.score[rows], problem.stratum[rows]))]
        stratum, own = problem.stratum[rows], problem.treated[rows]
        gap = np.where(np.diff(stratum) == 0, np.diff(problem.score[rows]), 0.0)
        place = problem.line.place[rows[~own]]
        first, last = (np.searchsorted(place, bound[rows[own]]) for bound in problem.windows)
        return cls(rows, own, np.searchsorted(stratum, stratum), np.append(gap, 0.0), first, last)

    @cached_property
    def part(self) -> np.ndarray:
        """For each treated row a whole number, the same where they vie for comparison rows; -1 for all others."""
        part = np.full(len(self.rows), -1)
        part[self.treated] = np.cumsum(np.append(True, self.first[1:] >= self.last[:-1]))
        return part

    @property
    def has(self) -> csr_array:
        """How many partners each row has: rows by unknowns."""
        return self._sums(np.arange(len(self.rows))) - self._sums(self._before)

    @property
    def ahead(self) -> csr_array:
        """By how many the treated are ahead after each row, less what is said of it, to come to 0."""
        length = len(self.rows)
        at, ends = np.arange(length), np.append(self.start[1:] != self.start[:-1], True)
        one = coo_array((np.where(ends, 0.0, 1.0), (at, at)), shape=(length, length))
        net = self._sums(self._up_to(self.treated)) - self._sums(self._up_to(~self.treated))
        return (net + hstack([csr_array((length, length)), -one, one])).tocsr()

    @property
    def unreached(self) -> csr_array:
        """What may not pass 0: partners of the treated up to each less those of all comparison rows up to the last that
        it reaches; and of comparison rows below the first that it reaches less those of the treated before it."""
        treated, compared = np.flatnonzero(self.treated), np.append(np.flatnonzero(~self.treated), -1)
        last, below = (self._within(treated, compared[bound - 1]) for bound in (self.last, self.first))
        beyond = self._sums(treated) - self._sums(last)
        return vstack([beyond, self._sums(below) - self._sums(self._before[treated])]).tocsr()

    @cached_property
    def _before(self) -> np.ndarray:
        """The place of the row before each of its arm and stratum, or -1."""
        at = np.arange(len(self.rows))
        before = np.empty_like(at)
        for arm in (self.treated, ~self.treated):
            before[arm] = np.append(-1, at[arm][:-1])
        return self._within(at, before)

    def _up_to(self, arm: np.ndarray) -> np.ndarray:
        """The last place of an arm in the stratum up to each place, or -1."""
        at = np.arange(len(self.rows))
        return self._within(at, np.maximum.accumulate(np.where(arm, at, -1)))

    def _within(self, places: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Return the others, or -1 where they are not in the stratum of the places."""
        return np.where(others >= self.start[places], others, -1)

    def _sums(self, places: np.ndarray) -> csr_array:
        """Return a row for each of the places that says how many partners there are up to it; none up to -1."""
        found = np.flatnonzero(places >= 0)
        shape = len(places), 3 * len(self.rows)
        return coo_array((np.ones(len(found)), (found, places[found])), shape=shape).tocsr()
