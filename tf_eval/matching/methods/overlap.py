"""Overlap weights: for those who might as well have been treated as not."""

import numpy as np
from scipy.special import expit

from tf_eval.matching.problem import Assignment, Problem
from tf_eval.matching.weights import assign_weights


def weigh_by_overlap(problem: Problem) -> Assignment:
    """Weigh each row by the probability of the other arm (Li, Morgan and Zaslavsky 2018).

    No weight is extreme, and with a logistic score fitted to the same rows without a prior the means of its covariates
    are equal in both arms. In each exact cell and risk set both arms weigh what p (1 - p) sums to there.
    """
    raw = expit(np.where(problem.treated, -problem.score, problem.score))
    return assign_weights(problem, raw, expit(problem.score) * expit(-problem.score))
