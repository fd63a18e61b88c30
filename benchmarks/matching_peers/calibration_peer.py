"""empirical_calibration, by entropy."""

from collections.abc import Callable

import empirical_calibration as ec
import numpy as np

from benchmarks.matching_peers import sample as s
from benchmarks.matching_peers.answers import Weights
from benchmarks.matching_peers.sample import Sample


def entropy(sample: Sample) -> Callable[[], Weights]:
    is_treated = sample.coded[s.TREATED].to_numpy() == 1
    values = sample.coded[list(s.CODED)].to_numpy(dtype=float)
    found, _ = ec.calibrate(values[~is_treated], values[is_treated], objective=ec.Objective.ENTROPY)
    weight = np.ones(sample.units)
    weight[~is_treated] = found
    return lambda: Weights(weight)
