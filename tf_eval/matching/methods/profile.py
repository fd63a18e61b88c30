"""Profile matching: the largest comparison group whose means are those of all treated rows."""

import numpy as np
from scipy.sparse import coo_array, csc_array

from tf_eval.matching.cells import in_both_arms
from tf_eval.matching.choosing.candidates import Candidates, bound_note
from tf_eval.matching.choosing.largest_choice import choose_largest
from tf_eval.matching.problem import Assignment, Problem
from tf_eval.matching.weighting.moments import measure_moments


def match_profile(problem: Problem) -> Assignment:
    """Keep every treated row and choose the most comparison rows with their profile (Cohn and Zubizarreta 2022).

    Means differ from those of the treated by no more than the tolerance, in their standard deviations. Each exact cell
    and risk set has the same share of both groups; so the number chosen is a multiple of the smallest number that can
    be shared out so. Raises ``EstimationError`` that names the moments which keep any rows from being chosen.
    """
    moments = measure_moments(problem.treated, problem.covariates, problem.stratum, problem.moments)
    served = in_both_arms(problem.treated, problem.stratum)
    candidates = Candidates(problem, moments, np.flatnonzero(served & ~problem.treated))
    profile = np.flatnonzero(served & problem.treated)
    share = np.unique(problem.stratum[profile], return_counts=True)[1]
    share = share // np.gcd.reduce(share)
    sign = -np.ones(len(candidates.first))
    chosen = choose_largest(candidates.choice(sign, problem.tolerance * share.sum(), _ties(candidates, share)))
    note = bound_note("comparison", chosen.size * share.sum(), chosen.bound * share.sum())
    return candidates.assign(chosen, profile, note)


def _ties(candidates: Candidates, share: np.ndarray) -> csc_array:
    """In each stratum comparison rows are ``share`` times the size."""
    kinds, strata = len(candidates.first), len(share)
    row = np.append(candidates.stratum, np.arange(strata))
    column = np.append(np.arange(kinds), np.full(strata, kinds))
    return csc_array(coo_array((np.append(np.ones(kinds), -share.astype(float)), (row, column))))
