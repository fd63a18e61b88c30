"""Greedy nearest-neighbour matching on a score, without reuse."""

from collections.abc import Callable, Iterator

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
    at or above it.
    """
    line = Line.of(problem)
    take_nearest = _picker(problem, line)
    treated, compared = [], []
    for queue in _queues(problem):
        for row, place in _rounds(queue, problem.ratio, take_nearest):
            treated.append(row)
            compared.append(line.rows[place])
    found = np.unique(np.asarray(treated, dtype=np.int64))
    rows = np.concatenate([found, np.asarray(compared, dtype=np.int64)])
    return assign_sets(rows, np.concatenate([np.arange(len(found)), np.searchsorted(found, treated)]), problem.treated)


def _rounds(queue: list[int], ratio: int, take_nearest: Callable[[int], int]) -> Iterator[tuple[int, int]]:
    for _ in range(ratio):
        served = []
        for row in queue:
            place = take_nearest(row)
            if place >= 0:
                served.append(row)
                yield row, place
        queue = served


def _queues(problem: Problem) -> list[list[int]]:
    """Return the treated rows of each risk set, in the order in which they choose."""
    treated = np.flatnonzero(problem.treated)
    turn = {"largest": -problem.score, "smallest": problem.score, "data": problem.input_row}[problem.order][treated]
    treated = treated[np.lexsort((treated, turn, problem.risk_set[treated]))]
    starts = np.flatnonzero(np.diff(problem.risk_set[treated])) + 1
    return [part.tolist() for part in np.split(treated, starts)]


def _picker(problem: Problem, line: Line) -> Callable[[int], int]:
    """Return the function that takes the nearest free place for a treated row, or answers -1."""
    free, places_of = FreePlaces(len(line.rows)), _places_of_unit(problem, line)
    # A stratum that no row has stands at both ends, so that the ends need no case of their own.
    scores = [*line.score.tolist(), 0.0]
    strata = [*line.stratum.tolist(), -1]
    score, stratum, start = problem.score.tolist(), problem.stratum.tolist(), line.place.tolist()

    def distance(row: int, place: int) -> float:
        return abs(scores[place] - score[row]) if strata[place] == stratum[row] else np.inf

    def take_nearest(row: int) -> int:
        below, above = free.below(start[row]), free.above(start[row])
        far_below, far_above = distance(row, below), distance(row, above)
        place, far = (below, far_below) if far_below <= far_above else (above, far_above)
        if far == np.inf or far > problem.caliper:
            return -1
        for taken in places_of(place):
            free.take(taken)
        return place

    return take_nearest


def _places_of_unit(problem: Problem, line: Line) -> Callable[[int], list[int]]:
    """Return the function from a place to all places held by the same unit: they leave together."""
    unit = problem.unit[line.rows]
    by_unit = np.argsort(unit, kind="stable")
    first = np.searchsorted(unit[by_unit], unit).tolist()
    last = np.searchsorted(unit[by_unit], unit, side="right").tolist()
    places = by_unit.tolist()
    return lambda place: places[first[place] : last[place]]
