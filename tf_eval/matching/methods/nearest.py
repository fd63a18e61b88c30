"""Greedy nearest-neighbour matching on a score, without reuse."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from tf_eval.matching.line import FreePlaces, Line
from tf_eval.matching.problem import Assignment, Problem
from tf_eval.matching.weights import assign_sets


def match_nearest(problem: Problem) -> Assignment:
    """Give each treated row, in turn, the nearest free comparison row of its stratum, within the caliper.

    Risk sets are handled in increasing order. Within one, ``ratio`` rounds are made: every treated row has its first
    comparison before any has a second, and one that finds none leaves the later rounds. This is the greedy rule of
    MatchIt (Ho, Imai, King and Stuart 2011). Of a lower and a higher score equally far, the lower is taken. Of rows
    with equal scores it is the last in canonical order where they lie below the treated row, the first where they lie
    at or above it. Pairs of an earlier match are made again first, in all risk sets; they count as that many rounds.
    """
    line = Line.of(problem)
    pool = _Pool(problem, line)
    pairs = list(_made_again(problem, line, pool))
    had = Counter(row for row, _ in pairs)
    for queue in _queues(problem):
        pairs += _rounds(queue, problem.ratio, pool, had)
    treated, places = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    found = np.unique(treated)
    rows = np.concatenate([found, line.rows[places]])
    return assign_sets(rows, np.concatenate([np.arange(len(found)), np.searchsorted(found, treated)]), problem.treated)


def _made_again(problem: Problem, line: Line, pool: "_Pool") -> Iterator[tuple[int, int]]:
    """Yield the pairs (treated row, place) of the earlier match that can still be made."""
    had: Counter[int] = Counter()
    for row, compared in problem.earlier:
        place = int(line.place[compared])
        if had[row] < problem.ratio and pool.take_again(row, place):
            had[row] += 1
            yield row, place


def _rounds(queue: list[int], ratio: int, pool: "_Pool", had: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """Yield the pairs (treated row, place) of one risk set; who ``had`` some made again sits out as many rounds."""
    for turn in range(ratio):
        served = []
        for row in queue:
            place = -1 if had[row] > turn else pool.take_nearest(row)
            if place >= 0:
                yield row, place
            if place >= 0 or had[row] > turn:
                served.append(row)
        queue = served


def _queues(problem: Problem) -> list[list[int]]:
    """Return the treated rows of each risk set, in the order in which they choose."""
    treated = np.flatnonzero(problem.treated)
    turn = {"largest": -problem.score, "smallest": problem.score, "data": problem.input_row}[problem.order][treated]
    treated = treated[np.lexsort((treated, turn, problem.risk_set[treated]))]
    starts = np.flatnonzero(np.diff(problem.risk_set[treated])) + 1
    return [part.tolist() for part in np.split(treated, starts)]


class _Pool:
    """The comparison rows that nobody has taken yet, by their places in the line."""

    def __init__(self, problem: Problem, line: Line) -> None:
        self._free, self._places_of = FreePlaces(len(line.rows)), _places_of_unit(problem, line)
        # A stratum that no row has stands at both ends, so that the ends need no case of their own.
        self._scores = [*line.score.tolist(), 0.0]
        self._strata = [*line.stratum.tolist(), -1]
        self._score, self._stratum, self._start = (
            part.tolist() for part in (problem.score, problem.stratum, line.place)
        )
        self._caliper = problem.caliper

    def take_nearest(self, row: int) -> int:
        """Take the nearest free place for a treated row and return it, or -1 where none is within reach."""
        below, above = self._free.below(self._start[row]), self._free.above(self._start[row])
        far_below, far_above = self._distance(row, below), self._distance(row, above)
        place, far = (below, far_below) if far_below <= far_above else (above, far_above)
        if far == np.inf:
            return -1
        self._take(place)
        return place

    def take_again(self, row: int, place: int) -> bool:
        """Take this place for a treated row, if it is free and within reach."""
        if self._free.above(place) != place or self._distance(row, place) == np.inf:
            return False
        self._take(place)
        return True

    def _distance(self, row: int, place: int) -> float:
        """Return how far a place is from a treated row; infinite out of its stratum or beyond the caliper."""
        if self._strata[place] != self._stratum[row]:
            return np.inf
        far = abs(self._scores[place] - self._score[row])
        return far if far <= self._caliper else np.inf

    def _take(self, place: int) -> None:
        for taken in self._places_of(place):
            self._free.take(taken)


def _places_of_unit(problem: Problem, line: Line) -> Callable[[int], list[int]]:
    """Return the function from a place to all places held by the same unit: they leave together."""
    unit = problem.unit[line.rows]
    by_unit = np.argsort(unit, kind="stable")
    first = np.searchsorted(unit[by_unit], unit).tolist()
    last = np.searchsorted(unit[by_unit], unit, side="right").tolist()
    places = by_unit.tolist()
    return lambda place: places[first[place] : last[place]]
