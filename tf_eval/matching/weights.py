"""Weights of rows: from matched sets, or from raw weights that make no sets."""

import numpy as np

from tf_eval.matching.cells import share_out
from tf_eval.matching.problem import Assignment, Problem


def assign_sets(row: np.ndarray, set_id: np.ndarray, treated: np.ndarray) -> Assignment:
    """Return the assignment of members to sets, with its weights.

    A treated row weighs 1. A comparison row weighs, summed over its sets, the treated rows of the set divided by the
    comparison rows of the set; these are then scaled to sum to the number of matched comparison rows, as MatchIt does
    (Ho, Imai, King and Stuart 2011), so that a weight of 1 is an average comparison. The scale changes no weighted
    mean and no effective sample size.
    """
    row, set_id = np.asarray(row, dtype=np.int64), np.asarray(set_id, dtype=np.int64)
    member_treated = treated[row]
    treated_in_set = np.bincount(set_id[member_treated], minlength=set_id.max(initial=-1) + 1)
    compared_in_set = np.bincount(set_id[~member_treated], minlength=len(treated_in_set))
    sets_of_compared = set_id[~member_treated]
    share = treated_in_set[sets_of_compared] / compared_in_set[sets_of_compared]
    weight = np.bincount(row[~member_treated], weights=share, minlength=len(treated)).astype(float)
    if weight.any():
        weight *= np.count_nonzero(weight) / weight.sum()
    weight[row[member_treated]] = 1.0
    return Assignment(row=row, set_id=set_id, weight=weight)


def assign_cells(problem: Problem, row: np.ndarray, cell: np.ndarray) -> Assignment:
    """Return the assignment in which all ``row`` of one cell are a set; ``cell`` has an entry for each of them.

    Every cell has both arms. In each, both arms weigh what those of whom the effect is asked come to there, which are
    the weights of MatchIt. The sets are numbered in the order of the cells.
    """
    set_id = np.cumsum(np.bincount(cell) > 0)[cell] - 1
    treated, weight = problem.treated[row], np.zeros(len(problem.treated))
    weight[row] = share_out(np.ones(len(row)), treated, set_id, asked_of(problem)[row])
    return Assignment(row=row, set_id=set_id, weight=weight)


def assign_pairs(first: np.ndarray, second: np.ndarray, treated: np.ndarray) -> Assignment:
    """Return the assignment of pairs, a treated row ``first`` and its comparison row ``second``, with a set for each
    treated row."""
    is_paired = np.zeros(len(treated), dtype=bool)
    is_paired[first] = True
    found, number = np.flatnonzero(is_paired), np.cumsum(is_paired) - 1
    set_id = np.concatenate([np.arange(len(found)), number[first]])
    return assign_sets(np.concatenate([found, second]), set_id, treated)


def assign_weights(problem: Problem, raw: np.ndarray, mass: np.ndarray) -> Assignment:
    """Return an assignment without sets; ``raw`` and ``mass`` have an entry for each row and are shared out by cell."""
    none = np.empty(0, dtype=np.int64)
    return Assignment(row=none, set_id=none, weight=share_out(raw, problem.treated, problem.stratum, mass))


def asked_of(problem: Problem) -> np.ndarray:
    """Return 1 for each row of those of whom the effect is asked ("att", "atc" or "ate"), and 0 for each other."""
    everybody = np.ones(len(problem.treated))
    return {"att": problem.treated, "atc": ~problem.treated, "ate": everybody}[problem.estimand].astype(float)
