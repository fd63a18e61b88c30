"""Proof, on the result itself, that weights or chosen rows which make no sets are what was asked for."""

import numpy as np

from tf_eval.errors import EstimationError, raise_all
from tf_eval.matching.cells import in_both_arms
from tf_eval.matching.problem import Problem
from tf_eval.matching.review.statistics import smd, yardstick
from tf_eval.matching.weighting.balancing import MET

ROUNDING = 1e-9  # of a sum of weights


def audit_weights(problem: Problem, weight: np.ndarray) -> None:
    """Raise ``EstimationError`` that names everything wrong with ``weight``, one for each row of the problem."""
    if not (np.isfinite(weight) & (weight >= 0)).all():
        raise EstimationError("match, audit of the result: a weight is negative or infinite")
    checks = {
        "an arm's weights do not sum to its rows": _wrong_sum(problem, weight),
        "an exact cell or risk set weighs more in one arm than in the other": lopsided(
            problem.stratum, problem.treated, weight
        ),
        "a row of the arm that the effect is asked of does not weigh 1": _uneven(problem, weight),
        "a row is taken in part": problem.whole and not np.isin(weight, (0, 1)).all(),
        "a unit serves as comparison more than once": problem.whole and _serves_again(problem, weight),
        "an exact cell or risk set does not have the ratio": problem.in_ratio and _out_of_ratio(problem, weight),
        "a treated row of the profile is left out": problem.whole and not problem.in_ratio and _cut(problem, weight),
    }
    faults = [fault for fault, found in checks.items() if found]
    raise_all(EstimationError, "match, audit of the result", faults + _unmet(problem, weight))


def _wrong_sum(problem: Problem, weight: np.ndarray) -> bool:
    arms = (weight[problem.treated], weight[~problem.treated])
    return any(abs(own.sum() - np.count_nonzero(own)) > ROUNDING * len(own) for own in arms)


def lopsided(group: np.ndarray, treated: np.ndarray, weight: np.ndarray) -> bool:
    """Say whether a group has another share of one arm's weight than of the other's; one entry for each row."""
    groups = group.max() + 1
    shares = [
        np.bincount(group[arm], weights=weight[arm], minlength=groups) / weight[arm].sum()
        for arm in (treated, ~treated)
    ]
    return bool((np.abs(shares[0] - shares[1]) > ROUNDING).any())


def _uneven(problem: Problem, weight: np.ndarray) -> bool:
    """For the effect on the treated these stay as they are, and for that on the comparison rows those."""
    plain = {"att": problem.treated, "atc": ~problem.treated}.get(problem.estimand, np.zeros(len(weight), dtype=bool))
    own = weight[plain & (weight > 0)]
    return bool((np.abs(own - 1) > ROUNDING).any())


def _serves_again(problem: Problem, weight: np.ndarray) -> bool:
    return bool((np.bincount(problem.unit[~problem.treated & (weight > 0)], minlength=1) > 1).any())


def _out_of_ratio(problem: Problem, weight: np.ndarray) -> bool:
    strata = problem.stratum.max() + 1
    arms = (problem.treated & (weight > 0), ~problem.treated & (weight > 0))
    treated, compared = (np.bincount(problem.stratum[arm], minlength=strata) for arm in arms)
    return not np.array_equal(problem.ratio * treated, compared)


def _cut(problem: Problem, weight: np.ndarray) -> bool:
    return not np.array_equal(_profile(problem), problem.treated & (weight > 0))


def _profile(problem: Problem) -> np.ndarray:
    """Say which rows are treated and have a comparison row in their exact cell and risk set."""
    return problem.treated & in_both_arms(problem.treated, problem.stratum)


def _unmet(problem: Problem, weight: np.ndarray) -> list[str]:
    """Name each covariate whose weighted moments differ by more than the method promises."""
    if problem.tolerance is None:
        return []
    profile = _profile(problem)
    covariates, profile = problem.covariates, _profile(problem)
    far = np.abs(smd(covariates.values, problem.treated, weight))
    numbers = [place for place, level in enumerate(covariates.levels) if not level.binary]
    for power in range(2, problem.moments + 1):
        moment = _distance(covariates.values[:, numbers], problem.treated, profile) ** power
        far[numbers] = np.maximum(far[numbers], np.abs(smd(moment, problem.treated, weight)))
    promised = problem.tolerance + 2 * MET
    named = zip(covariates.levels, far, strict=True)
    return [f"'{level.name}' is not balanced as promised" for level, size in named if size > promised]


def _distance(values: np.ndarray, treated: np.ndarray, profile: np.ndarray) -> np.ndarray:
    """Return the distance from the mean of the treated rows that can be compared (``profile``), in treated SDs.

    Its powers stay apart where powers of the values would not.
    """
    scale = yardstick(values, treated)
    return (values - values[profile].mean(axis=0)) / np.where(scale > 0, scale, 1.0)
