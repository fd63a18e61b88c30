"""The nearest of some rows to each of others, all at once and whoever else has it."""

import numpy as np
from scipy.spatial import cKDTree

from tf_eval.matching.line import lexical
from tf_eval.matching.problem import Problem
from tf_eval.matching.reading.codes import members


def closest(problem: Problem, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return for each of ``rows`` the nearest of ``others`` in its stratum, which has one for certain.

    Of a lower and a higher score equally far it is the lower. Rows are the problem's, in canonical order.
    """
    return _along_score(problem, rows, others) if problem.position is None else _in_space(problem, rows, others)


def _along_score(problem: Problem, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    score, stratum = problem.score, problem.stratum
    line = others[np.lexsort((others, score[others], stratum[others]))]
    above = np.searchsorted(lexical(stratum[line], score[line]), lexical(stratum[rows], score[rows]))
    found = line[np.clip([above - 1, above], 0, len(line) - 1)]
    far = np.where(stratum[found] == stratum[rows], np.abs(score[found] - score[rows]), np.inf)
    return found[far.argmin(axis=0), np.arange(len(rows))]


def _in_space(problem: Problem, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Ask a tree for each stratum."""
    everybody = np.concatenate([rows, others])
    found = np.empty(len(rows), dtype=np.int64)
    for group in members(problem.stratum[everybody]):
        own, here = group[group < len(rows)], everybody[group[group >= len(rows)]]
        if len(own):
            nearest = cKDTree(problem.position[here]).query(problem.position[rows[own]])[1]
            found[own] = here[nearest]
    return found


def nearest_of_other_arm(problem: Problem, rows: np.ndarray) -> np.ndarray:
    """Return for each of ``rows``, whose strata all have both arms, the nearest row of the other arm."""
    treated, nearest = problem.treated[rows], np.empty_like(rows)
    for arm in (treated, ~treated):
        nearest[arm] = closest(problem, rows[arm], rows[~arm])
    return nearest


def distance_to(problem: Problem, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return how far each of ``rows`` is from the row of ``others`` in the same place."""
    return np.linalg.norm(problem.coordinates[rows] - problem.coordinates[others], axis=1)
