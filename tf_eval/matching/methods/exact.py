"""Exact matching: all who are alike in every covariate are one set."""

from tf_eval.matching.cells import serving
from tf_eval.matching.problem import Assignment, Problem
from tf_eval.matching.weights import assign_cells


def match_exactly(problem: Problem) -> Assignment:
    """Set together all rows of a cell: of one risk set and exact cell, and alike in every column of ``alike``.

    A unit serves as comparison once, in the first risk set in which its cell has a treated row; with reuse in each of
    them (sequential stratification: Schaubel, Wolfe and Port 2006; Kennedy, Taylor, Schaubel and Williams 2010).
    """
    rows = serving(problem.treated, problem.cell, problem.once)
    return assign_cells(problem, rows, problem.cell[rows])
