"""Optimal full matching: everybody who has a partner is in a set, at the least total distance."""

from dataclasses import replace

import numpy as np

from tf_eval.matching.covering.along_line import cover_along_line
from tf_eval.matching.covering.among_edges import cover_among_edges
from tf_eval.matching.covering.within_limits import cover_within_limits
from tf_eval.matching.problem import Assignment, Problem

LEFT_OUT = "Rows without a partner within reach take no part."


def match_fully(problem: Problem) -> Assignment:
    """Set every row that has any of the other arm within its reach beside one, at the least total distance.

    Each set has one treated row and one or several comparison rows, or one comparison row and several treated, and the
    distances within sets sum to the least that can be (Rosenbaum 1991; Hansen 2004). That is an edge cover of least
    cost: everybody beside the nearest, less the most that pairs can save. A unit with several comparison rows stands
    where it is nearest to a treated row, and there alone, so that it serves once.
    """
    assignment = _cover(problem)
    absent = ~np.isin(problem.unit, problem.unit[assignment.row])
    if problem.in_limits:
        absent &= assignment.price == 0  # others were within reach, of which notes are made
    told = (LEFT_OUT,) if problem.estimand != "att" and absent.any() else ()
    return replace(assignment, notes=(*assignment.notes, *told))


def _cover(problem: Problem) -> Assignment:
    if problem.in_limits:
        return cover_within_limits(problem)
    return cover_along_line(problem) if problem.by_score_alone else cover_among_edges(problem)
