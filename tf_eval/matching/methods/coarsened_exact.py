"""Coarsened exact matching: exact matching on covariates that were cut into bins."""

from dataclasses import replace

from tf_eval.matching.methods.exact import match_exactly
from tf_eval.matching.methods.nearest import match_nearest
from tf_eval.matching.problem import Assignment, Problem


def match_coarsely(problem: Problem) -> Assignment:
    """Set together all rows of a cell of the bins (Iacus, King and Porro 2012), or pairs of them.

    With a ratio the rows of a cell are paired, the closest in position first, until one arm has no more.
    """
    if problem.ratio is None:
        return match_exactly(problem)
    return match_nearest(replace(problem, exact_cell=problem.cell, order="closest"))
