"""Pairs of least total distance on a score, by a dynamic programme along the line."""

import numpy as np

from tf_eval.matching.line import Line
from tf_eval.matching.optimum.pairs import Pairs, refuse_too_many
from tf_eval.matching.problem import Problem

PASSED, LEFT_OUT, TAKEN = 0, 1, 2


def match_along_line(problem: Problem, line: Line) -> Pairs:
    """Return the pairs where nothing but the score, its caliper and the strata decides.

    A distance that is a convex function of the difference, as this one is also where it ends at a caliper, has a best
    match without crossings: of two treated rows the lower one has the lower comparison row (Karp and Li 1975). So rows
    are gone through in order, and for each place is kept what it costs at least to have served all up to here with
    places up to there. A treated row that wants several stands in the order as often.
    """
    rows, weight = _wanting(problem)
    first, last = _windows(problem, line, rows)
    refuse_too_many(int((last - first).sum()))
    steps = _forward(problem.score[rows], weight, line.score, first, last)
    turn, places = _backward(steps, first, last)
    return Pairs(rows[turn], _settled(line, line.place[rows[turn]], places))


def _wanting(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    """Return the treated rows in line order, each as often as it wants a comparison, and how much each time counts.

    To count more for the first is enough: who can be matched at all never stands against how many pairs can be made.
    """
    treated = np.flatnonzero(problem.treated)
    treated = treated[np.lexsort((treated, problem.score[treated], problem.stratum[treated]))]
    rows = np.repeat(treated, problem.wanted[treated])
    return rows, np.where(np.diff(rows, prepend=-1) != 0, 2, 1)


def _windows(problem: Problem, line: Line, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first place that each may have in a best match, and the one after the last.

    Nobody passes a free place by. So who goes up has at most the place it would have if all before it went up too, each
    to the first place left; and so downwards.
    """
    first, last = (bound[rows] for bound in problem.windows)
    turn, place = np.arange(len(rows)), line.place[rows]
    ahead = problem.stratum[rows] * (len(rows) + len(line.rows)) - turn  # strata are kept apart by more than all turns
    highest = np.maximum.accumulate(place + ahead) - ahead
    lowest = np.minimum.accumulate((place - 1 + ahead)[::-1])[::-1] - ahead
    first = np.maximum(first, lowest)
    return first, np.maximum(first, np.minimum(last, highest + 1))


def _forward(
    score: np.ndarray, weight: np.ndarray, places: np.ndarray, first: np.ndarray, last: np.ndarray
) -> list[np.ndarray]:
    """Return, for each row and each place it may have, whether the best so far is improved there, and how.

    The entry before the window's first place stands for all places before it. Costs are complex, which sort by their
    real part, who was left out, and then by the imaginary part, the distance: no penalty takes away its digits.
    """
    least, start, steps = np.zeros(1, dtype=complex), first[0], []
    for value, refused, low, high in zip(score, weight, first, last, strict=True):
        carried = _moved(least, low - start, high - low + 1)
        left_out = carried + refused
        taken = np.concatenate([[np.inf], carried[:-1] + 1j * np.abs(places[low:high] - value)])
        least = np.minimum.accumulate(np.minimum(left_out, taken))
        better = np.concatenate([[True], least[1:] < least[:-1]])
        steps.append(np.where(better, np.where(taken <= left_out, TAKEN, LEFT_OUT), PASSED).astype(np.uint8))
        least -= least[-1]  # only differences matter
        start = low
    return steps


def _moved(least: np.ndarray, shift: int, length: int) -> np.ndarray:
    """Return the costs of the last row at the places of the next: beyond its own window they do not fall further."""
    kept = least[min(shift, len(least) - 1) :][:length]
    return np.concatenate([kept, np.full(length - len(kept), least[-1])])


def _backward(steps: list[np.ndarray], first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return who has a place, as a number in the order, and the place."""
    found, highest = [], int(last[-1]) - 1
    for turn in range(len(steps) - 1, -1, -1):
        before = int(first[turn]) - 1
        at = int(np.flatnonzero(steps[turn][: highest - before + 1])[-1])
        if steps[turn][at] == TAKEN:
            found.append((turn, before + at))
            highest = before + at - 1
    return tuple(np.array(found[::-1], dtype=np.int64).reshape(-1, 2).T)


def _settled(line: Line, stands: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return other places of the same scores, such that of equal ones those next to who has them are taken.

    stands   for each pair in line order, where the treated row stands in the line; places: the place that it has

    Rows at or below a score have the first of the places with it, rows above have the last, as in greedy matching.
    """
    starts = np.diff(line.score, prepend=np.nan) != 0
    starts |= np.diff(line.stratum, prepend=-1) != 0
    first = np.flatnonzero(starts)
    run = np.cumsum(starts)[places] - 1
    after = np.append(first[1:], len(line.rows))[run]
    number = np.arange(len(places)) - np.searchsorted(run, run)
    having = np.bincount(run, minlength=len(first))[run]
    return np.where(stands <= first[run], first[run], after - having) + number
