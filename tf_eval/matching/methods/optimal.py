"""Optimal matching: the pairs of least total distance."""

from dataclasses import replace

from tf_eval.matching.optimum.along_line import match_along_line
from tf_eval.matching.optimum.among_pairs import match_among_pairs
from tf_eval.matching.optimum.candidates import is_plain
from tf_eval.matching.optimum.prices import find_prices
from tf_eval.matching.problem import Assignment, Problem
from tf_eval.matching.weights import assign_pairs


def match_optimally(problem: Problem) -> Assignment:
    """Match as many treated rows as can be, then make as many pairs as can be, then at the least total distance.

    All risk sets are decided at once, and a unit serves once over all of them (Rosenbaum 1989; Hansen and Klopfer
    2006). The prices that come with the assignment prove it (see ``auditing.least``). Raises ``EstimationError`` where
    there are more pairs to look at than memory holds.
    """
    line = problem.line
    pairs = match_along_line(problem, line) if is_plain(problem) else match_among_pairs(problem, line)
    assignment = assign_pairs(pairs.treated, line.rows[pairs.place], problem.treated)
    return replace(assignment, price=find_prices(problem, line, pairs))
