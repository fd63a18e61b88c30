"""Greedy nearest-neighbour matching."""

from collections import Counter
from collections.abc import Iterator, Mapping
from heapq import heapify, heappop, heappush

import numpy as np

from tf_eval.matching.line import Line
from tf_eval.matching.neighbours import Pool, open_pool
from tf_eval.matching.problem import Assignment, Problem
from tf_eval.matching.weights import assign_pairs

Found = Iterator[tuple[int, int]]


def match_nearest(problem: Problem) -> Assignment:
    """Give each treated row, in turn, the nearest free comparison row that may serve it.

    Risk sets are handled in increasing order. Within one, rounds are made: every treated row has its first comparison
    before any has a second, and one that finds none, or wants no more, leaves the later rounds. This is the greedy
    rule of MatchIt (Ho, Imai, King and Stuart 2011). Pairs of an earlier match are made again first, in all risk sets;
    they count as that many rounds. With reuse nobody's choice touches another's, and no order matters.
    """
    line = problem.line
    pool = open_pool(problem, line)
    pairs = list(_each_for_itself(problem, pool) if problem.reuse else _in_turn(problem, line, pool))
    treated, places = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return assign_pairs(treated, line.rows[places], problem.treated)


def _each_for_itself(problem: Problem, pool: Pool) -> Found:
    """Yield the pairs (treated row, place) with reuse."""
    for row in np.flatnonzero(problem.treated).tolist():
        yield from ((row, place) for _, place in pool.nearest(row, int(problem.wanted[row])))


def _in_turn(problem: Problem, line: Line, pool: Pool) -> Found:
    """Yield the pairs (treated row, place) without reuse."""
    had: Counter[int] = Counter()
    for row, place in _made_again(problem, line, pool):
        had[row] += 1
        yield row, place
    wanted = problem.wanted.tolist()
    rounds = _closest_first if problem.order == "closest" else _one_by_one
    for queue in _queues(problem):
        for turn in range(int(problem.wanted.max())):
            queue = [row for row in queue if wanted[row] > turn]
            served = {row for row, pairs in had.items() if pairs > turn}
            for row, place in rounds([row for row in queue if row not in served], pool):
                served.add(row)
                yield row, place
            queue = [row for row in queue if row in served]


def _made_again(problem: Problem, line: Line, pool: Pool) -> Found:
    """Yield the pairs of the earlier match that can still be made."""
    had: Counter[int] = Counter()
    for row, compared in problem.earlier:
        place = int(line.place[compared])
        if had[row] < problem.wanted[row] and pool.serves(row, place):
            pool.take(place)
            had[row] += 1
            yield row, place


def _one_by_one(queue: list[int], pool: Pool) -> Found:
    """Yield the pairs of one round in which each row chooses in turn."""
    for row in queue:
        for _, place in pool.nearest(row):
            pool.take(place)
            yield row, place


def _closest_first(queue: list[int], pool: Pool) -> Found:
    """Yield the pairs of one round in which the closest pair of all is made next; of several, the first in the queue's.

    A row's nearest place may be gone when its turn comes: it then waits again, with the nearest that is left.
    """
    waiting = [(far, turn, row, place) for turn, row in enumerate(queue) for far, place in pool.nearest(row)]
    heapify(waiting)
    while waiting:
        _, turn, row, place = heappop(waiting)
        if pool.is_free[place]:
            pool.take(place)
            yield row, place
        else:
            for far, place in pool.nearest(row):
                heappush(waiting, (far, turn, row, place))


def _queues(problem: Problem) -> list[list[int]]:
    """Return the treated rows of each risk set, in the order in which they choose."""
    treated = np.flatnonzero(problem.treated)
    turn = _turns(problem)[treated]
    treated = treated[np.lexsort((treated, turn, problem.risk_set[treated]))]
    starts = np.flatnonzero(np.diff(problem.risk_set[treated])) + 1
    return [part.tolist() for part in np.split(treated, starts)]


def _turns(problem: Problem) -> np.ndarray:
    """Return a number for each row: lower ones choose first. Of pairs equally close, that of the largest score is."""
    if problem.order == "random":
        return np.random.default_rng(problem.seed).permutation(len(problem.treated))
    orders: Mapping[str, np.ndarray] = {
        "largest": -problem.score,
        "closest": -problem.score,
        "smallest": problem.score,
        "data": problem.input_row,
    }
    return orders[problem.order]
