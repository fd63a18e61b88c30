"""Which rows of both arms may be set beside each other, and how far apart they are: looked at a block at a time."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import cdist

from tf_eval.matching.line import Line
from tf_eval.matching.neighbours.pool import problem_allows
from tf_eval.matching.optimum.pairs import refuse_too_many
from tf_eval.matching.problem import Problem

TOGETHER = 500_000  # pairs of a block: 4 MB for each number that is kept of them
MOST = 30_000_000  # edges that are held: about 1.5 GB with the matrix made of them


class Block(NamedTuple):
    """Some treated rows, some comparison rows, and how far (treated by comparison) they are apart.

    Infinite where they may not be set together. Rows of either arm are in canonical order.
    """

    treated: np.ndarray
    compared: np.ndarray
    far: np.ndarray


class Edges(NamedTuple):
    """Pairs that may pay: treated row, comparison row, and what is saved if each has the other for its only partner."""

    treated: np.ndarray
    compared: np.ndarray
    saving: np.ndarray


@dataclass(frozen=True, eq=False)
class Reach:
    """The pairs of a treated and a comparison row that may be set together.

    problem   the problem
    stands    for each of its rows, whether it may be in a set at all
    """

    problem: Problem
    stands: np.ndarray

    def blocks(self) -> Iterator[Block]:
        """Yield blocks in which every pair that may be set together is found once."""
        line, treated = self.problem.line, np.flatnonzero(self.problem.treated & self.stands)
        treated = treated[np.lexsort((treated, self.problem.score[treated], self.problem.stratum[treated]))]
        first, last = (bound[treated] for bound in self.problem.windows)
        start = 0
        while start < len(treated):
            end = _end_of_block(first, last, start)
            yield self._block(line, treated[start:end], first[start:end], last[start:end])
            start = end

    def _block(self, line: Line, treated: np.ndarray, first: np.ndarray, last: np.ndarray) -> Block:
        problem, order = self.problem, np.argsort(treated)
        treated, first, last = treated[order], first[order, None], last[order, None]
        places = np.arange(first.min(), max(last.max(), first.min()))
        places = places[self.stands[line.rows[places]]]
        places = places[np.argsort(line.rows[places])]
        compared = line.rows[places]
        may = (first <= places) & (places < last) & problem_allows(problem, treated, compared)
        far = cdist(problem.coordinates[treated], problem.coordinates[compared])
        far[~may] = np.inf
        return Block(treated, compared, far)

    def nearest(self) -> tuple[np.ndarray, np.ndarray]:
        """Return how far the nearest of the other arm is from each row, infinite if none is, and the first such row."""
        far, partner = np.full(len(self.stands), np.inf), np.full(len(self.stands), -1)
        for block in self.blocks():
            if block.far.size:
                _improve(far, partner, block.treated, block.compared, block.far)
                _improve(far, partner, block.compared, block.treated, block.far.T)
        return far, partner

    def edges(self, near: np.ndarray) -> Edges:
        """Return the pairs less far apart than their two nearest distances together (``near``): no other can pay."""
        found, held = [], 0
        for treated, compared, far in self.blocks():
            one, other = np.nonzero(far < near[treated, None] + near[compared])
            found.append((treated[one], compared[other], far[one, other]))
            held += len(one)
            refuse_too_many(held, MOST)
        treated, compared, far = (np.concatenate(parts) for parts in zip(*found, strict=True))
        order = np.lexsort((compared, treated))
        treated, compared = treated[order], compared[order]
        return Edges(treated, compared, near[treated] + near[compared] - far[order])


def reach_once(problem: Problem) -> tuple[Reach, np.ndarray, np.ndarray]:
    """Keep of each unit the comparison row that is nearest to any treated row; return who is nearest to whom then."""
    reach = Reach(problem, np.ones(len(problem.treated), dtype=bool))
    near, partner = reach.nearest()
    compared = np.flatnonzero(~problem.treated)
    order = compared[np.lexsort((compared, near[compared], problem.unit[compared]))]
    again = order[np.diff(problem.unit[order], prepend=-1) == 0]
    if not len(again):
        return reach, near, partner
    stands = reach.stands.copy()
    stands[again] = False
    reach = Reach(problem, stands)
    return reach, *reach.nearest()


def _end_of_block(first: np.ndarray, last: np.ndarray, start: int) -> int:
    """Return the end of the longest block from ``start`` on that has no more pairs than are looked at together."""
    size = lambda end: (end - start) * (int(last[end - 1]) - int(first[start]))  # noqa: E731
    ends = range(start + 1, len(first) + 1)
    return start + max(1, bisect_right(ends, TOGETHER, key=size))


def _improve(far: np.ndarray, partner: np.ndarray, rows: np.ndarray, others: np.ndarray, distance: np.ndarray) -> None:
    """Note for ``rows`` which of the ``others`` are nearer than any before, or as near and first in canonical order.

    Who it is is looked up where anybody is as near as that: that is soon seldom, and slower than how near.
    """
    least = distance.min(axis=1)
    near = np.flatnonzero((least <= far[rows]) & np.isfinite(least))
    rows, least, found = rows[near], least[near], others[distance[near].argmin(axis=1)]
    better = (least < far[rows]) | (found < partner[rows])
    far[rows[better]], partner[rows[better]] = least[better], found[better]
