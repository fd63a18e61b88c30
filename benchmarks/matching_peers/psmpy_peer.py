"""psmpy. Its score has scikit-learn's penalty; its caliper is in units of the score; its 1:n knows no caliper."""

from collections.abc import Callable

import numpy as np
from psmpy import PsmPy

from benchmarks.matching_peers import sample as s
from benchmarks.matching_peers.answers import Pairs, Scores
from benchmarks.matching_peers.sample import Sample

LOGIT = "propensity_logit"
OTHERS = [s.AREA, s.SCORE]


def score(sample: Sample) -> Callable[[], Scores]:
    model = _model(sample)
    model.logistic_ps(balance=False)
    return lambda: Scores(model.predicted_data.sort_values(s.UNIT)["propensity_score"].to_numpy())


def pairs_input(sample: Sample) -> PsmPy:
    """The given score takes the place of the one that it would fit."""
    model = _model(sample)
    model.predicted_data = sample.coded[[s.UNIT, s.TREATED]].assign(**{LOGIT: sample.coded[s.SCORE]})
    return model


def pairs(model: PsmPy) -> Callable[[], Pairs]:
    model.kdtree_matched(LOGIT, caliper=s.CALIPER * model.predicted_data[LOGIT].std())
    return lambda: Pairs(*model.matched_ids[[s.UNIT, "matched_ID"]].to_numpy(dtype=np.int64).T)


def _model(sample: Sample) -> PsmPy:
    return PsmPy(sample.coded, treatment=s.TREATED, indx=s.UNIT, exclude=OTHERS, target=s.OUTCOME)
