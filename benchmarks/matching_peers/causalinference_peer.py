"""causalinference. Its matching is with replacement and gives no pairs, so that only its score is asked for."""

from collections.abc import Callable

from causalinference import CausalModel

from benchmarks.matching_peers import sample as s
from benchmarks.matching_peers.answers import Scores
from benchmarks.matching_peers.sample import Sample


def score(sample: Sample) -> Callable[[], Scores]:
    columns = (sample.coded[s.OUTCOME], sample.coded[s.TREATED], sample.coded[list(s.CODED)])
    model = CausalModel(*(column.to_numpy() for column in columns))
    model.est_propensity()
    return lambda: Scores(model.propensity["fitted"])
