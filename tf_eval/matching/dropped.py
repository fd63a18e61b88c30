"""Why a treated row found no comparison."""

from collections.abc import Callable

import numpy as np

from tf_eval.matching.neighbours import open_pool
from tf_eval.matching.problem import Problem

OUTSIDE = "outside of the scores that comparison rows have"
NONE_IN_RISK_SET = "no comparison in the risk set"
NONE_IN_EXACT_CELL = "no comparison in the exact cell"
NONE_IN_CELL = "no comparison in the same cell of the covariates"
NONE_IN_CALIPER = "no comparison within the caliper"
NONE_MAY_SERVE = "no comparison within the covariates' calipers that differs where it must"
NOT_CHOSEN = "left out so that the groups are alike to within the tolerance"
ALL_TAKEN = "every comparison within reach was already taken"
TOO_FEW = "too few comparisons within reach for the limits on the ratio"


def drop_reasons(problem: Problem, rows: np.ndarray) -> np.ndarray:
    """Return the reason for each of the treated ``rows`` that were left out: the first hurdle it fell at."""
    reason = np.full(len(rows), _last_hurdle(problem), dtype=object)
    standing = np.arange(len(rows))
    for said, falls in HURDLES.items():
        if len(standing):  # the later hurdles are slow, so that they are for those alone who passed the earlier ones
            fell = falls(problem, rows[standing])
            reason[standing[fell]] = said
            standing = standing[~fell]
    return reason


def _last_hurdle(problem: Problem) -> str:
    if problem.whole:
        return NOT_CHOSEN
    return TOO_FEW if problem.in_limits else ALL_TAKEN


def _alone(problem: Problem, group: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Say for each of ``rows`` whether its group has no comparison row."""
    return ~np.isin(group[rows], group[~problem.treated])


def _too_far(problem: Problem, rows: np.ndarray) -> np.ndarray:
    line = problem.line
    return line.nearest_distance(problem.stratum[rows], problem.score[rows], line.place[rows]) > problem.caliper


def _served_by_nobody(problem: Problem, rows: np.ndarray) -> np.ndarray:
    if not problem.is_picky:
        return np.zeros(len(rows), dtype=bool)
    everyone_free = open_pool(problem, problem.line)
    return np.array([not everyone_free.nearest(row) for row in rows.tolist()], dtype=bool)


HURDLES: dict[str, Callable[[Problem, np.ndarray], np.ndarray]] = {
    OUTSIDE: lambda problem, rows: problem.outside[rows],
    NONE_IN_RISK_SET: lambda problem, rows: _alone(problem, problem.risk_set, rows),
    NONE_IN_EXACT_CELL: lambda problem, rows: _alone(problem, problem.stratum, rows),
    NONE_IN_CELL: lambda problem, rows: _alone(problem, problem.cell, rows),
    NONE_IN_CALIPER: _too_far,
    NONE_MAY_SERVE: _served_by_nobody,
}
