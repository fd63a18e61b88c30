"""Proof, on the result itself, that a match kept every constraint it was asked to keep."""

import numpy as np

from tf_eval.errors import EstimationError, raise_all
from tf_eval.matching.audit_weights import audit_weights
from tf_eval.matching.problem import Assignment, Problem

ROUNDING = 1e-12  # of the score's own size: distances were differences of floats


def audit(problem: Problem, assignment: Assignment) -> None:
    """Raise ``EstimationError`` that names every constraint the match broke.

    It looks at nothing but the problem and the finished sets or weights, so that a fault in a method cannot hide in the
    method.
    """
    if not assignment.row.size:
        return audit_weights(problem, assignment.weight)
    row, set_id = assignment.row, assignment.set_id
    compared = row[~problem.treated[row]]
    checks = {
        "a set lacks a treated or a comparison row": _one_armed(problem, row, set_id),
        "a pair is wider than the caliper": _widest(problem, row, set_id)
        > problem.caliper + ROUNDING * np.abs(problem.score).max(),
        "a set crosses exact cells": _mixed(problem.exact_cell[row], set_id),
        "a set crosses risk sets": _mixed(problem.risk_set[row], set_id),
        "a unit serves as comparison more than once": _repeated(problem.unit[compared]),
        "a row is in two sets": _repeated(row),
        "a unit is its own comparison": _own_comparison(problem, row, set_id),
        "a treated row has more comparisons than the ratio": _crowded(problem, row, set_id),
        "a weight is negative or on a row outside the sets": _stray_weight(assignment),
    }
    raise_all(EstimationError, "match, audit of the result", [fault for fault, found in checks.items() if found])


def _one_armed(problem: Problem, row: np.ndarray, set_id: np.ndarray) -> bool:
    treated = problem.treated[row]
    return not np.array_equal(np.unique(set_id[treated]), np.unique(set_id[~treated]))


def _widest(problem: Problem, row: np.ndarray, set_id: np.ndarray) -> float:
    """Return the largest distance between a treated and a comparison row of one set."""
    treated, score, sets = problem.treated[row], problem.score[row], set_id.max(initial=-1) + 1
    highest, lowest = np.full((2, sets), -np.inf), np.full((2, sets), np.inf)
    arm = treated.astype(int)
    np.maximum.at(highest, (arm, set_id), score)
    np.minimum.at(lowest, (arm, set_id), score)
    return float(np.max(highest - lowest[::-1], initial=-np.inf))


def _mixed(code: np.ndarray, set_id: np.ndarray) -> bool:
    order = np.argsort(set_id, kind="stable")
    same_set = np.diff(set_id[order]) == 0
    return bool((same_set & (np.diff(code[order]) != 0)).any())


def _repeated(code: np.ndarray) -> bool:
    return len(np.unique(code)) < len(code)


def _own_comparison(problem: Problem, row: np.ndarray, set_id: np.ndarray) -> bool:
    treated = problem.treated[row]
    member = set_id * (problem.unit.max() + 1) + problem.unit[row]
    return bool(np.isin(member[treated], member[~treated]).any())


def _crowded(problem: Problem, row: np.ndarray, set_id: np.ndarray) -> bool:
    return bool((np.bincount(set_id[~problem.treated[row]], minlength=1) > problem.ratio).any())


def _stray_weight(assignment: Assignment) -> bool:
    inside = np.zeros(len(assignment.weight), dtype=bool)
    inside[assignment.row] = True
    return bool((assignment.weight < 0).any() or (assignment.weight[~inside] != 0).any())
