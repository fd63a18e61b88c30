"""cem. It coarsens all numbers into as many bins, which it looks for; given bins are cut beforehand."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from cem.match import match

from benchmarks.matching_peers import sample as s
from benchmarks.matching_peers.answers import Weights
from benchmarks.matching_peers.sample import Sample


def coarsened(sample: Sample) -> Callable[[], Weights]:
    edges = [-np.inf, *s.CUTS, np.inf]
    columns = {name: sample.coded[name] for name in (s.TREATED, *s.COARSENED)}
    bins = {name: pd.cut(columns[name], edges, labels=False) for name in s.COARSENED if name in s.NUMBERS}
    weight = match(pd.DataFrame(columns | bins), s.TREATED)
    return lambda: Weights(weight.sort_index().to_numpy(dtype=float))
