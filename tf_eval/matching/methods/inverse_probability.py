"""Weights by the inverse of the probability of the treatment that was had."""

import numpy as np

from tf_eval.errors import EstimationError
from tf_eval.matching.problem import Assignment, Problem
from tf_eval.matching.weights import asked_of, assign_weights


def weigh_by_inverse_probability(problem: Problem) -> Assignment:
    """Weigh each row by the inverse of the probability of its own arm, times that of the population asked about.

    With the log odds s of treatment: for the effect on the treated ("att") a treated row weighs 1 and a comparison row
    exp(s); on the comparison rows ("atc") exp(-s) and 1; on everybody ("ate") 1 + exp(-s) and 1 + exp(s) (Rosenbaum
    1987; Hirano, Imbens and Ridder 2003). In each exact cell and risk set both arms are scaled to weigh as that
    population does there (Hajek 1971). Raises ``EstimationError`` where a score is so far out that no number holds the
    odds.
    """
    with np.errstate(over="ignore"):
        raw = RULES[problem.estimand](problem.score, problem.treated)
    if not np.isfinite(raw).all():
        raise EstimationError("match: a score is too far from 0 to be the log odds of treatment")
    return assign_weights(problem, raw, asked_of(problem))


def _att(score: np.ndarray, treated: np.ndarray) -> np.ndarray:
    return np.where(treated, 1.0, np.exp(score))


def _atc(score: np.ndarray, treated: np.ndarray) -> np.ndarray:
    return np.where(treated, np.exp(-score), 1.0)


def _ate(score: np.ndarray, treated: np.ndarray) -> np.ndarray:
    return 1.0 + np.exp(np.where(treated, -score, score))


RULES = {"att": _att, "atc": _atc, "ate": _ate}
