"""Entropy balancing: the weights nearest to equal, by entropy, that meet the treated rows' moments."""

import numpy as np

from tf_eval.matching.problem import Assignment, Problem
from tf_eval.matching.weighting.balancing import balance
from tf_eval.matching.weighting.laws import exponential
from tf_eval.matching.weighting.moments import measure_moments
from tf_eval.matching.weights import assign_weights


def weigh_by_entropy(problem: Problem) -> Assignment:
    """Weigh comparison rows to the moments of the treated, as evenly by entropy as can be (Hainmueller 2012).

    The moments are met over all exact cells and risk sets together, and in each of these comparison rows weigh as the
    treated rows do. Raises ``EstimationError`` that names the moments which no weights meet.
    """
    moments = measure_moments(problem.treated, problem.covariates, problem.stratum, problem.moments)
    raw = np.ones(len(problem.treated))
    raw[moments.compared] = balance(moments, exponential).weight
    return assign_weights(problem, raw, problem.treated.astype(float))
