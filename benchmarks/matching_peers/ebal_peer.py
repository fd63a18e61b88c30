"""ebal. It reads an outcome and always fits it on the treatment, with the weights that it finds."""

from collections.abc import Callable

from ebal import ebal_bin

from benchmarks.matching_peers import sample as s
from benchmarks.matching_peers.answers import Weights
from benchmarks.matching_peers.sample import Sample


def entropy(sample: Sample) -> Callable[[], Weights]:
    columns = (sample.coded[s.TREATED], sample.coded[list(s.CODED)], sample.coded[s.OUTCOME])
    treated, values, outcome = (column.to_numpy() for column in columns)
    found = ebal_bin(print_level=-1, PCA=False).ebalance(treated, values, outcome)
    return lambda: Weights(found["w"])
