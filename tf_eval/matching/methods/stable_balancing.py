"""Stable balancing weights: the least variable ones that balance well enough."""

import numpy as np

from tf_eval.errors import EstimationError
from tf_eval.matching.problem import Assignment, Problem
from tf_eval.matching.weighting.balancing import balance
from tf_eval.matching.weighting.dual import Solution
from tf_eval.matching.weighting.laws import least_variable
from tf_eval.matching.weighting.moments import measure_moments
from tf_eval.matching.weights import assign_weights

CERTIFIED = 1e-6  # of the weights' sum of squares


def weigh_stably(problem: Problem) -> Assignment:
    """Give comparison rows the weights of least variance, none negative, within the tolerance (Zubizarreta 2015).

    Weighted means lie within the tolerance, in treated standard deviations, over all exact cells and risk sets
    together; in each of these comparison rows weigh as the treated rows do. Raises ``EstimationError`` that names the
    moments which no weights bring within it, or where the optimum is not certified by its duality gap.
    """
    moments = measure_moments(problem.treated, problem.covariates, problem.stratum, problem.moments)
    solution = balance(moments, least_variable, problem.tolerance)
    _certify(solution, problem.tolerance)
    raw = np.ones(len(problem.treated))
    raw[moments.compared] = solution.weight
    return assign_weights(problem, raw, problem.treated.astype(float))


def _certify(solution: Solution, tolerance: float) -> None:
    """Weights within the tolerance whose duality gap is nil are the least variable: the Karush-Kuhn-Tucker conditions.

    The dual measures the sum of squares times half the number of rows.
    """
    least = 0.5 * len(solution.weight) * float(solution.weight @ solution.weight)
    if not abs(solution.gap(tolerance)) <= CERTIFIED * least:
        raise EstimationError("match: the least variable weights were not found; try another tolerance")
