"""Why a treated row found no comparison."""

import numpy as np

from tf_eval.matching.line import Line
from tf_eval.matching.neighbours import open_pool
from tf_eval.matching.problem import Problem

NONE_IN_RISK_SET = "no comparison in the risk set"
NONE_IN_CELL = "no comparison in the exact cell"
NONE_IN_CALIPER = "no comparison within the caliper"
NONE_MAY_SERVE = "no comparison within the covariates' calipers that differs where it must"
NOT_CHOSEN = "left out so that the groups are alike to within the tolerance"
ALL_TAKEN = "every comparison within reach was already taken"


def drop_reasons(problem: Problem, rows: np.ndarray) -> np.ndarray:
    """Return the reason for each of the treated ``rows`` that were left out: the first hurdle it fell at."""
    if not len(rows):
        return np.empty(0, dtype=object)
    line = Line.of(problem)
    everyone_free = open_pool(problem, line)
    hurdles = {
        NONE_IN_RISK_SET: ~_has_comparison(problem, problem.risk_set)[rows],
        NONE_IN_CELL: ~_has_comparison(problem, problem.stratum)[rows],
        NONE_IN_CALIPER: line.nearest_distance(problem, rows) > problem.caliper,
        NONE_MAY_SERVE: np.array([not everyone_free.nearest(row) for row in rows.tolist()], dtype=bool),
    }
    otherwise = NOT_CHOSEN if problem.whole else ALL_TAKEN
    return np.select(list(hurdles.values()), list(hurdles), default=otherwise).astype(object)


def _has_comparison(problem: Problem, group: np.ndarray) -> np.ndarray:
    return np.isin(group, group[~problem.treated])
