"""statsmodels."""

from collections.abc import Callable

import statsmodels.api as sm

from benchmarks.matching_peers import sample as s
from benchmarks.matching_peers.answers import Scores
from benchmarks.matching_peers.sample import Sample


def score(sample: Sample) -> Callable[[], Scores]:
    columns = sm.add_constant(sample.coded[list(s.CODED)])
    fitted = sm.Logit(sample.coded[s.TREATED], columns).fit(disp=False)
    probability = fitted.predict()
    return lambda: Scores(probability)
