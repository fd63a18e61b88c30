"""scikit-learn, without its penalty; ``newton-cholesky`` is its solver for many rows and few columns."""

from collections.abc import Callable

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.matching_peers import sample as s
from benchmarks.matching_peers.answers import Scores
from benchmarks.matching_peers.sample import Sample


def score(sample: Sample) -> Callable[[], Scores]:
    columns = sample.coded[list(s.CODED)]
    fitted = LogisticRegression(C=np.inf, solver="newton-cholesky").fit(columns, sample.coded[s.TREATED])
    probability = fitted.predict_proba(columns)[:, 1]
    return lambda: Scores(probability)
