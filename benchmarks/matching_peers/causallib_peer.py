"""causallib. Without replacement it minimises the total distance, over a matrix of all pairs."""

from collections.abc import Callable

import numpy as np
from causallib.estimation import Matching

from benchmarks.matching_peers import sample as s
from benchmarks.matching_peers.answers import Pairs
from benchmarks.matching_peers.sample import Sample


def optimal(sample: Sample) -> Callable[[], Pairs]:
    columns, treated = sample.coded[[s.SCORE]], sample.coded[s.TREATED]
    model = Matching(with_replacement=False, metric="euclidean").fit(columns, treated, sample.coded[s.OUTCOME])
    matched = model.match(columns, treated)
    rows = np.flatnonzero(treated)
    return lambda: Pairs(rows, np.array([others[0] for others in matched.loc[0].loc[rows, "matches"]]))
