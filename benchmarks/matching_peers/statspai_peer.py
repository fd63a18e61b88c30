"""StatsPAI. Its ``match`` reads an outcome and always gives an effect with a standard error: the plainest is asked."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import statspai as sp
from statspai.matching.ebalance import ebalance_weights

from benchmarks.matching_peers import sample as s
from benchmarks.matching_peers.answers import ExactPairs, NearPairs, Pairs, Scores, Sets, Table, Weights
from benchmarks.matching_peers.ours import pair_weights
from benchmarks.matching_peers.sample import Sample

GIVEN = {"y": s.OUTCOME, "treat": s.TREATED, "covariates": list(s.CODED)}
ALONG_SCORE: dict[str, Any] = {
    "pscore": s.SCORE,
    "caliper": s.CALIPER,
    "caliper_scale": "sd",
    "replace": False,
    "m_order": "largest",
    "se_method": "ai",
}
COLUMNS = {"treatment": s.TREATED, "outcome": s.OUTCOME}


def score(sample: Sample) -> Callable[[], Scores]:
    fitted = sp.propensity_score(sample.coded, s.TREATED, list(s.CODED))
    return lambda: Scores(fitted.to_numpy())


def pairs(sample: Sample) -> Callable[[], Pairs]:
    result = sp.match(sample.coded, **GIVEN, **ALONG_SCORE)
    return lambda: Pairs(*_members(result))


def three(sample: Sample) -> Callable[[], Pairs]:
    result = sp.match(sample.coded, **GIVEN, **ALONG_SCORE, n_matches=3)
    return lambda: Pairs(*_members(result))


def exact(sample: Sample) -> Callable[[], Pairs]:
    result = sp.match(sample.coded, **GIVEN, **ALONG_SCORE, exact=list(s.EXACT))
    return lambda: ExactPairs(*_members(result))


def mahalanobis(sample: Sample) -> Callable[[], Pairs]:
    result = sp.match(sample.coded, **GIVEN, **ALONG_SCORE, mahvars=list(s.NUMBERS))
    return lambda: NearPairs(*_members(result), columns=s.NUMBERS)


def optimal(sample: Sample) -> Callable[[], Pairs]:
    result = sp.optimal_match(sample.coded, **COLUMNS, covariates=[s.SCORE], metric="euclidean")
    return lambda: Pairs(result.pairs["treated_idx"].to_numpy(), result.pairs["control_idx"].to_numpy())


def full(sample: Sample) -> Callable[[], Sets]:
    result = sp.full_match(sample.coded, treat=s.TREATED, covariates=list(s.CODED), pscore=s.SCORE)
    return lambda: Sets(result.subclass.fillna(-1).to_numpy(dtype=np.int64))


def coarsened(sample: Sample) -> Callable[[], Weights]:
    bins = {name: s.CUTS if name in s.NUMBERS else sample.coded[name].nunique() for name in s.COARSENED}
    given = {**GIVEN, "covariates": list(s.COARSENED)}
    result = sp.match(sample.coded, **given, method="cem", n_bins=bins)
    return lambda: Weights(result.matched_data["_weight"].reindex(sample.coded.index).fillna(0).to_numpy())


def entropy(sample: Sample) -> Callable[[], Weights]:
    weight = ebalance_weights(sample.coded, s.TREATED, list(s.CODED))
    return lambda: Weights(weight)


def balance_input(sample: Sample) -> pd.DataFrame:
    return sample.coded.assign(**{s.WEIGHT: pair_weights(sample)})


def balance(weighted: pd.DataFrame) -> Callable[[], Table]:
    """The given score is put to use, so that none is fitted."""
    probability = 1 / (1 + np.exp(-weighted[s.SCORE]))
    options: dict[str, Any] = {"weights": s.WEIGHT, "ps": probability, "sd_denom": "unweighted"}
    result = sp.balance_diagnostics(weighted, s.TREATED, list(s.CODED), **options)
    table = result.table.loc[[*s.NUMBERS, *s.FLAGS]]
    return lambda: Table(table["smd_weighted"].to_numpy(), table["ks_stat_weighted"].to_numpy())


def cardinality(sample: Sample) -> Callable[[], Weights]:
    options = {"covariates": list(s.CODED), "smd_tolerance": s.TOLERANCE}
    result = sp.cardinality_match(sample.coded, **COLUMNS, **options)
    chosen = np.concatenate([result.treated_matched, result.control_matched])
    return lambda: Weights(np.isin(np.arange(sample.units), chosen).astype(float))


def _members(result: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return the treated and the comparison row of each pair; neighbours are named by number, from 1 on."""
    data = result.matched_data
    columns = [name for name in data if name.startswith("_n") and name[2:].isdigit()]
    neighbours = data[columns].to_numpy()
    rank, row = np.nonzero(~np.isnan(neighbours.T))
    return row, neighbours[row, rank].astype(np.int64) - 1
