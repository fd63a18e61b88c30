"""Cardinality matching: the largest two groups, in a ratio, whose means are alike."""

import numpy as np
from scipy.sparse import coo_array, csc_array

from tf_eval.matching.cells import in_both_arms
from tf_eval.matching.choosing.candidates import Candidates, bound_note
from tf_eval.matching.choosing.largest_choice import choose_largest
from tf_eval.matching.problem import Assignment, Problem
from tf_eval.matching.weighting.moments import measure_moments


def match_cardinality(problem: Problem) -> Assignment:
    """Choose the most treated rows, with ``ratio`` times as many comparison rows, whose means are alike.

    Means differ by no more than the tolerance, in standard deviations of all treated rows (Zubizarreta, Paredes and
    Rosenbaum 2014), and each exact cell and risk set has the ratio (fine balance: Rosenbaum, Ross and Silber 2007).
    Nobody is set beside anybody. Raises ``EstimationError`` that names the moments which keep any from being chosen.
    """
    moments = measure_moments(problem.treated, problem.covariates, problem.stratum, problem.moments)
    rows = np.flatnonzero(in_both_arms(problem.treated, problem.stratum))
    candidates = Candidates(problem, moments, rows)
    sign = np.where(problem.treated[candidates.first], 1.0, -1.0 / problem.ratio)
    chosen = choose_largest(candidates.choice(sign, problem.tolerance, _ties(candidates)))
    return candidates.assign(chosen, rows[:0], bound_note("treated", chosen.size, chosen.bound))


def _ties(candidates: Candidates) -> csc_array:
    """In each stratum comparison rows are ``ratio`` times the treated; the treated of all strata are the size."""
    treated = candidates.problem.treated[candidates.first]
    kinds, strata = len(treated), candidates.stratum.max() + 1
    ratio = coo_array(
        (np.where(treated, -float(candidates.problem.ratio), 1.0), (candidates.stratum, np.arange(kinds))),
        shape=(strata + 1, kinds + 1),
    )
    size = coo_array((np.append(treated, -1.0), (np.full(kinds + 1, strata), np.arange(kinds + 1))))
    return csc_array(ratio + size)
