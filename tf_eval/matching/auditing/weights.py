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
    columns = zip(problem.covariates.levels, problem.covariates.values.T, strict=True)
    worst = {
        level.name: max(
            abs(smd(moment, problem.treated, weight))
            for moment in _powers(values, problem.treated, profile, 1 if level.binary else problem.moments)
        )
        for level, values in columns
    }
    return [f"'{name}' is not balanced as promised" for name, far in worst.items() if far > problem.tolerance + 2 * MET]


def _powers(values: np.ndarray, treated: np.ndarray, profile: np.ndarray, highest: int) -> list[np.ndarray]:
    """Powers of the distance from the mean of the treated rows that can be compared (``profile``).

    They stay apart where powers of the values would not.
    """
    distance = (values - values[profile].mean()) / (yardstick(values, treated) or 1.0)
    return [values, *(distance**power for power in range(2, highest + 1))]
