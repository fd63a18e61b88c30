"""pymatchit-causal, a port of R's MatchIt; imported as ``pymatchit``."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from pymatchit import MatchIt
from pymatchit.diagnostics import compute_ks_statistics, create_summary_table
from pymatchit.distance import estimate_distance

from benchmarks.matching_peers import sample as s
from benchmarks.matching_peers.answers import ExactPairs, NearPairs, Pairs, Scores, Sets, Table, Weights
from benchmarks.matching_peers.ours import pair_weights
from benchmarks.matching_peers.sample import Sample

FORMULA = f"{s.TREATED} ~ {' + '.join(s.CODED)}"


def score(sample: Sample) -> Callable[[], Scores]:
    probability, _ = estimate_distance(sample.coded, FORMULA)
    return lambda: Scores(probability.to_numpy())


def pairs(sample: Sample) -> Callable[[], Pairs]:
    fitted = _fit(sample, caliper=s.CALIPER)
    return lambda: Pairs(*_members(fitted))


def three(sample: Sample) -> Callable[[], Pairs]:
    fitted = _fit(sample, caliper=s.CALIPER, ratio=3)
    return lambda: Pairs(*_members(fitted))


def exact(sample: Sample) -> Callable[[], Pairs]:
    fitted = _fit(sample, caliper=s.CALIPER, exact=list(s.EXACT))
    return lambda: ExactPairs(*_members(fitted))


def mahalanobis(sample: Sample) -> Callable[[], Pairs]:
    fitted = _fit(sample, caliper=s.CALIPER, mahvars=list(s.NUMBERS))
    return lambda: NearPairs(*_members(fitted), columns=s.NUMBERS)


def optimal(sample: Sample) -> Callable[[], Pairs]:
    fitted = _fit(sample, method="optimal")
    return lambda: Pairs(*_members(fitted))


def full(sample: Sample) -> Callable[[], Sets]:
    fitted = _fit(sample, method="full")
    return lambda: Sets(fitted.data["subclass"].fillna(-1).to_numpy(dtype=np.int64))


def coarsened(sample: Sample) -> Callable[[], Weights]:
    cutpoints: dict[str, Any] = {name: [-np.inf, *s.CUTS, np.inf] for name in s.COARSENED if name in s.NUMBERS}
    cutpoints[s.AREA] = len(s.AREAS)
    formula = f"{s.TREATED} ~ {' + '.join(s.COARSENED)}"
    fitted = _fit(sample, formula, method="cem", cutpoints=cutpoints)
    return lambda: Weights(fitted.weights.to_numpy())


def balance_input(sample: Sample) -> tuple[pd.DataFrame, pd.Series]:
    return sample.coded, pd.Series(pair_weights(sample))


def balance(weighted: tuple[pd.DataFrame, pd.Series]) -> Callable[[], Table]:
    """What ``summary`` gives but for the Kolmogorov-Smirnov statistics, which stand beside it, and these."""
    data, weight = weighted
    _, matched = create_summary_table(data, data, list(s.CODED), s.TREATED, weight)
    ks = compute_ks_statistics(data, list(s.CODED), s.TREATED, weight)
    told = [*s.NUMBERS, *s.FLAGS]
    return lambda: Table(matched.loc[told, "Std. Mean Diff."].to_numpy(), ks.loc[told, "KS (Matched)"].to_numpy())


def cardinality(sample: Sample) -> Callable[[], Weights]:
    fitted = _fit(sample, method="cardinality", ratio=1, std_tols=s.TOLERANCE)
    return lambda: Weights(fitted.weights.to_numpy())


def _fit(sample: Sample, formula: str = FORMULA, **options: Any) -> MatchIt:
    return MatchIt(sample.coded, distance=sample.coded[s.SCORE], **options).fit(formula)


def _members(fitted: MatchIt) -> tuple[np.ndarray, np.ndarray]:
    found = [(row, compared) for row, several in fitted.matched_indices.items() for compared in several]
    treated, compared = np.array(found, dtype=np.int64).T
    return treated, compared
