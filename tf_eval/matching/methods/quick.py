"""Generalised full matching: everybody in a set of both arms, none much wider than need be, in next to no time."""

from dataclasses import replace

import numpy as np

from tf_eval.matching.cells import serving
from tf_eval.matching.neighbours.closest import closest, distance_to, nearest_of_other_arm
from tf_eval.matching.problem import Assignment, Problem
from tf_eval.matching.weights import assign_cells


def match_quickly(problem: Problem) -> Assignment:
    """Set every row beside rows of the other arm, the widest set at most four times as wide as the least that can be.

    Sets have one or several rows of either arm (Sävje, Higgins and Sekhon 2021). Rows and their nearest of the other
    arm are made pairs until every other row has its nearest in one; it then joins the pair whose first row is nearest.
    Where w is the largest distance from a nearest row, no set is wider than 4w, and no sets can all be narrower than
    w. The first rows come with the sets and prove it (``auditing.width``). A unit serves as comparison once, in the
    first risk set in which its exact cell has a treated row.
    """
    rows = serving(problem.treated, problem.stratum, problem.once)
    other = nearest_of_other_arm(problem, rows)
    far = distance_to(problem, rows, other)
    first = rows[_independent(np.searchsorted(rows, other), far, problem.treated[rows])]
    second = other[np.isin(rows, first)]
    set_of_row = np.full(len(problem.treated), -1)
    set_of_row[first] = set_of_row[second] = np.arange(len(first))
    late = rows[set_of_row[rows] < 0]
    set_of_row[late] = set_of_row[closest(problem, late, first)]
    return replace(assign_cells(problem, rows, set_of_row[rows]), centre=first)


def _independent(nearest: np.ndarray, far: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Return places of which no two are, or have as nearest, the same place; nobody else could be added.

    nearest   for each place, the place of its nearest row; far: how far away that is
    treated   for each place, whether its row is

    Those go first who are the nearest of fewest, so that there are more of them and the sets are smaller; of these the
    closest pair goes first, and of the two of a pair the treated one.
    """
    sought = np.bincount(nearest, minlength=len(nearest))
    taken, found, partner = [False] * len(nearest), [], nearest.tolist()
    for place in np.lexsort((~treated, far, sought)).tolist():
        other = partner[place]
        if not (taken[place] or taken[other]):
            taken[place] = taken[other] = True
            found.append(place)
    return np.sort(np.array(found, dtype=np.int64))
