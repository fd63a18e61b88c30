"""Proof, on the result itself, that no set is wider than four times what some set must be in any match."""

import numpy as np

from tf_eval.matching.cells import serving
from tf_eval.matching.neighbours.closest import distance_to, nearest_of_other_arm
from tf_eval.matching.problem import Assignment, Problem

ROUNDING = 1e-9  # of the width


def is_too_wide(problem: Problem, assignment: Assignment) -> bool:
    """Say whether the sets leave anybody out, or their centres fail to prove that none is wider than four times w.

    In each stratum w is the largest distance of a row from the nearest of the other arm: a set with both arms that has
    this row is at least as wide. If all of a set are within 2w of its centre no two of them are farther apart than 4w.
    """
    rows = serving(problem.treated, problem.stratum, problem.once)
    if assignment.centre is None or not np.array_equal(np.sort(assignment.row), rows):
        return True
    least = np.zeros(problem.stratum.max() + 1)
    np.maximum.at(least, problem.stratum[rows], distance_to(problem, rows, nearest_of_other_arm(problem, rows)))
    row, centre = assignment.row, assignment.centre[assignment.set_id]
    far = distance_to(problem, row, centre)
    return bool((far > 2 * least[problem.stratum[row]] * (1 + ROUNDING)).any())
