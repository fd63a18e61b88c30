"""Subclassification: rows of much the same score are one set."""

import numpy as np

from tf_eval.matching.cells import serving
from tf_eval.matching.problem import Assignment, Problem
from tf_eval.matching.reading.codes import joint_code, members
from tf_eval.matching.weights import asked_of, assign_cells


def match_in_subclasses(problem: Problem) -> Assignment:
    """Set together the rows between two quantiles of the score of those asked about (Rosenbaum and Rubin 1984).

    Each exact cell and risk set is cut by itself, into no more subclasses than the smaller of its arms has rows. Rows
    beyond the outermost scores belong to the outermost subclasses. This is MatchIt's rule (method "subclass" with
    min.n = 1, which fills a subclass that lacks an arm) in each of them. A unit serves as comparison once, in the
    first risk set in which its exact cell has a treated row.
    """
    rows = serving(problem.treated, problem.stratum, problem.once)
    score, treated, asked = problem.score[rows], problem.treated[rows], asked_of(problem)[rows] > 0
    subclass = np.zeros(len(rows), dtype=np.int64)
    for own in members(problem.stratum[rows]):
        subclass[own] = _subclasses(score[own], treated[own], asked[own], problem.subclasses)
    return assign_cells(problem, rows, joint_code([problem.stratum[rows], subclass]))


def _subclasses(score: np.ndarray, treated: np.ndarray, asked: np.ndarray, wanted: int) -> np.ndarray:
    """Return each row's subclass, from 0 on without gaps; each has both arms."""
    parts = min(wanted, np.count_nonzero(treated), np.count_nonzero(~treated))
    subclass = joint_code([np.searchsorted(_between(score[asked], parts), score, side="right")])
    size = subclass.max() + 1
    for arm in (treated, ~treated):
        subclass[arm] = _filled(subclass[arm], score[arm], size)
    return subclass


def _between(score: np.ndarray, parts: int) -> np.ndarray:
    """Return the quantiles between so many equal parts, each on the line between two scores (R's type 7).

    Their places are whole numbers divided at the last, so that a quantile which is a score is not beside it.
    """
    ranked = np.sort(score)
    below, beyond = np.divmod(np.arange(1, parts) * (len(ranked) - 1), parts)
    above = np.minimum(below + 1, len(ranked) - 1)
    return ranked[below] + beyond / parts * (ranked[above] - ranked[below])


def _filled(subclass: np.ndarray, score: np.ndarray, size: int) -> np.ndarray:
    """Give every subclass that has no row of one arm the nearest of a neighbour; there are enough rows for all."""
    subclass, count = subclass.copy(), np.bincount(subclass, minlength=size)
    while not count.all():
        empty = int(np.argmin(count))
        giver = _giver(count, empty)
        given = np.flatnonzero(subclass == giver)
        nearness = score[given] if giver < empty else -score[given]
        subclass[given[np.lexsort((given, nearness))[-1]]] = empty
        count[[giver, empty]] += (-1, 1)
    return subclass


def _giver(count: np.ndarray, empty: int) -> int:
    """Return the next subclass with rows on the side that has more to spare, where what is nearer counts for more."""
    filled = np.flatnonzero(count)
    below, above = filled[filled < empty], filled[filled > empty]
    if not len(below) or not len(above):
        return int(below[-1] if len(below) else above[0])
    pull = sum(((count[filled] - 1) / (filled - empty)).tolist())
    return int(above[0] if pull > 0 else below[-1])
