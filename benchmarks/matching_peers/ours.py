"""tf_eval. Each function does what is asked and returns how its answer is read, which is not measured."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.matching_peers import sample as s
from benchmarks.matching_peers.answers import ExactPairs, NearPairs, Pairs, Scores, Sets, Table, Weights
from benchmarks.matching_peers.sample import Sample
from tf_eval.matching import Matched, check_balance, match
from tf_eval.matching.reading.covariates import code_covariates
from tf_eval.matching.score.propensity import fit_propensity

GIVEN = {"treated": s.TREATED, "on": s.ON, "score": s.SCORE, "caliper": s.CALIPER}


def score(sample: Sample) -> Callable[[], Scores]:
    values, names = code_covariates(sample.frame, s.ON).regressors()
    fitted = fit_propensity(values, names, sample.frame[s.TREATED].to_numpy(dtype=bool))
    return lambda: Scores(fitted.probability)


def pairs(sample: Sample) -> Callable[[], Pairs]:
    matched = match(sample.frame, **GIVEN)
    return lambda: Pairs(*_members(matched, sample.frame))


def three(sample: Sample) -> Callable[[], Pairs]:
    matched = match(sample.frame, **GIVEN, ratio=3)
    return lambda: Pairs(*_members(matched, sample.frame))


def exact(sample: Sample) -> Callable[[], Pairs]:
    matched = match(sample.frame, **GIVEN, exact=s.EXACT)
    return lambda: ExactPairs(*_members(matched, sample.frame))


def mahalanobis(sample: Sample) -> Callable[[], Pairs]:
    matched = match(sample.frame, **GIVEN, distance="mahalanobis", distance_on=s.NUMBERS)
    return lambda: NearPairs(*_members(matched, sample.frame), columns=s.NUMBERS)


def optimal(sample: Sample) -> Callable[[], Pairs]:
    matched = match(sample.frame, treated=s.TREATED, on=s.ON, score=s.SCORE, method="optimal")
    return lambda: Pairs(*_members(matched, sample.frame))


def full(sample: Sample) -> Callable[[], Sets]:
    matched = match(sample.frame, treated=s.TREATED, on=s.ON, score=s.SCORE, method="full")
    return lambda: Sets(_by_row(matched, sample.frame, "set_id", -1))


def coarsened(sample: Sample) -> Callable[[], Weights]:
    cutpoints = {name: list(s.CUTS) for name in s.COARSENED if name in s.NUMBERS}
    asked: dict[str, Any] = {"method": "coarsened_exact", "cutpoints": cutpoints}
    matched = match(sample.frame, treated=s.TREATED, on=s.COARSENED, **asked)
    return lambda: Weights(_by_row(matched, sample.frame, "weight", 0))


def entropy(sample: Sample) -> Callable[[], Weights]:
    matched = match(sample.frame, treated=s.TREATED, on=s.ON, method="entropy_balancing")
    return lambda: Weights(_by_row(matched, sample.frame, "weight", 0))


def pair_weights(sample: Sample) -> np.ndarray:
    """Return the weights whose balance is asked for, of all contestants: those of the pairs."""
    return _by_row(balance_input(sample), sample.frame, "weight", 0)


def balance_input(sample: Sample) -> Matched:
    return match(sample.frame, **GIVEN)


def balance(matched: Matched) -> Callable[[], Table]:
    table = check_balance(matched).table()
    numbers = table[table["covariate"] != s.AREA]
    return lambda: Table(numbers["smd_after"].to_numpy(), numbers["ecdf_max_after"].to_numpy())


def risk_set(sample: Sample) -> Callable[[], Pairs]:
    columns: dict[str, Any] = {"unit": s.UNIT, "risk_set": s.MONTH, "exact": s.EXACT}
    matched = match(sample.at_risk, **GIVEN, **columns)
    return lambda: ExactPairs(*_members(matched, sample.at_risk))


def cardinality(sample: Sample) -> Callable[[], Weights]:
    asked: dict[str, Any] = {"method": "cardinality", "tolerance": s.TOLERANCE}
    matched = match(sample.frame, treated=s.TREATED, on=s.ON, **asked)
    return lambda: Weights(_by_row(matched, sample.frame, "weight", 0))


def _members(matched: Matched, frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the treated and the comparison row of each pair, as their places in the frame."""
    rows = matched.frame
    treated, compared = (rows[rows[s.TREATED] == arm] for arm in (1, 0))
    row_of_set = pd.Series(treated.index, treated["set_id"])
    return row_of_set.loc[compared["set_id"]].to_numpy(), compared.index.to_numpy()


def _by_row(matched: Matched, frame: pd.DataFrame, column: str, without: int) -> np.ndarray:
    """Return a column that the match added, of every row of the frame."""
    return matched.frame[column].reindex(frame.index, fill_value=without).to_numpy()
