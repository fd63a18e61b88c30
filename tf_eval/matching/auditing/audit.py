"""Proof, on the result itself, that a match kept every constraint it was asked to keep."""

import numpy as np

from tf_eval.errors import EstimationError, raise_all
from tf_eval.matching.auditing.cover import is_dearer
from tf_eval.matching.auditing.least import is_improvable
from tf_eval.matching.auditing.weights import audit_weights, lopsided
from tf_eval.matching.auditing.width import is_too_wide
from tf_eval.matching.cells import in_both_arms
from tf_eval.matching.problem import ROUNDING, Assignment, Problem
from tf_eval.matching.reading.codes import order_of

CLOSE = 8  # codes up to so many times as many as rows are counted, which is quicker than to sort them


def audit(problem: Problem, assignment: Assignment) -> None:
    """Raise ``EstimationError`` that names every constraint the match broke.

    It looks at nothing but the problem and the finished sets or weights, so that a fault in a method cannot hide in the
    method.
    """
    if not assignment.row.size:
        return audit_weights(problem, assignment.weight)
    order = order_of(assignment.set_id)
    row, set_id = assignment.row[order], assignment.set_id[order]
    treated = problem.treated[row]
    checks = {
        "a set lacks a treated or a comparison row": not in_both_arms(treated, set_id).all(),
        "a pair is wider than the caliper": _is_wider(problem, problem.score, problem.caliper, row, set_id),
        "a pair is wider than the caliper on a covariate": any(
            _is_wider(problem, values, 1.0, row, set_id) for values in problem.near.T
        ),
        "a pair is alike where it must differ": any(_share(treated, values[row], set_id) for values in problem.apart.T),
        "a set is not alike where it must be": any(_mixed(values[row], set_id) for values in problem.alike.T),
        "a set crosses exact cells": _mixed(problem.exact_cell[row], set_id),
        "a set crosses risk sets": _mixed(problem.risk_set[row], set_id),
        "a unit serves as comparison more than once": not problem.shares_rows
        and _repeated(problem.once[row[~treated]]),
        "a row is in two sets": _repeated(row[treated] if problem.shares_rows else row),
        "a row is in a set twice": problem.shares_rows and _repeated(_joint(row, set_id)),
        "a unit is its own comparison": _share(treated, problem.unit[row], set_id),
        "a treated row has more comparisons than the ratio": problem.ratio is not None
        and _crowded(set_id[~treated], _allowed(problem, row, set_id)),
        "a set has more treated rows than one": problem.ratio is not None and _crowded(set_id[treated], 1),
        "a set weighs more in one arm than in the other": not problem.shares_rows
        and lopsided(set_id, treated, assignment.weight[row]),
        "a set has several treated and several comparison rows": problem.stars and _many_to_many(set_id, treated),
        "a set has more or fewer comparison rows than the limits on the ratio allow": problem.in_limits
        and _passes_limits(problem, set_id, treated),
        "the total distance is not proved to be the least": (problem.least and is_improvable(problem, assignment))
        or (problem.stars and (problem.in_limits or not problem.by_score_alone) and is_dearer(problem, assignment)),
        "no set is proved to be narrow": problem.narrow and is_too_wide(problem, assignment),
        "a weight is negative or on a row outside the sets": _stray_weight(assignment),
    }
    raise_all(EstimationError, "match, audit of the result", [fault for fault, found in checks.items() if found])


def _is_wider(problem: Problem, values: np.ndarray, limit: float, row: np.ndarray, set_id: np.ndarray) -> bool:
    """Say whether a treated and a comparison row of one set differ by more than the limit."""
    if limit == np.inf:
        return False
    highest, lowest = np.full((2, 2, set_id.max(initial=-1) + 1), -np.inf)
    arm = problem.treated[row].astype(int)
    np.maximum.at(highest, (arm, set_id), values[row])
    np.maximum.at(lowest, (arm, set_id), -values[row])
    widest = np.max(highest + lowest[::-1], initial=-np.inf)
    return bool(widest > limit + ROUNDING * np.abs(values).max(initial=0.0))


def _mixed(code: np.ndarray, set_id: np.ndarray) -> bool:
    """Say whether a set has several codes; its rows stand together."""
    return bool(((np.diff(set_id) == 0) & (np.diff(code) != 0)).any())


def _repeated(code: np.ndarray) -> bool:
    if code.max(initial=0) < CLOSE * len(code):
        return bool((np.bincount(code) > 1).any())
    return bool((np.diff(np.sort(code)) == 0).any())


def _share(treated: np.ndarray, code: np.ndarray, set_id: np.ndarray) -> bool:
    """Say whether a treated and a comparison row of one set have the same code."""
    both = in_both_arms(treated, code)  # as a rule few are: a unit is seldom treated and compared
    member, treated = _joint(code[both], set_id[both]), treated[both]
    return bool(np.isin(member[treated], member[~treated]).any())


def _joint(code: np.ndarray, set_id: np.ndarray) -> np.ndarray:
    return set_id * (code.max(initial=0) + 1) + code


def _crowded(set_id: np.ndarray, most: int | np.ndarray) -> bool:
    """Say whether a set has more members than it may; ``most`` is for all, or for each set."""
    return bool((np.bincount(set_id, minlength=np.size(most)) > most).any())


def _allowed(problem: Problem, row: np.ndarray, set_id: np.ndarray) -> np.ndarray:
    """Return for each set how many comparison rows its treated row may have."""
    return np.bincount(set_id, weights=problem.wanted[row])


def _many_to_many(set_id: np.ndarray, treated: np.ndarray) -> bool:
    return bool((np.minimum(*_sizes(set_id, treated)) > 1).any())


def _passes_limits(problem: Problem, set_id: np.ndarray, treated: np.ndarray) -> bool:
    """Say whether a set has fewer comparison rows for each of its treated rows than it must, or more than it may."""
    of_treated, compared = _sizes(set_id, treated)
    least, most = problem.min_ratio or 0, np.inf if problem.max_ratio is None else problem.max_ratio
    short = compared < of_treated * least * (1 - ROUNDING)
    return bool((short | (compared > of_treated * most)).any())


def _sizes(set_id: np.ndarray, treated: np.ndarray) -> list[np.ndarray]:
    """Return how many treated and how many comparison rows each set has."""
    length = set_id.max(initial=0) + 1
    return [np.bincount(set_id[arm], minlength=length) for arm in (treated, ~treated)]


def _stray_weight(assignment: Assignment) -> bool:
    inside = np.zeros(len(assignment.weight), dtype=bool)
    inside[assignment.row] = True
    return bool((assignment.weight < 0).any() or (assignment.weight[~inside] != 0).any())
