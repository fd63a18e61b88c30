"""causalmatch. Its pairs by a score are with replacement, so that only its coarsened cells are asked for.

Under pandas 3 its weights stay as they were laid out, and so they are read from what it counted in each cell.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from causalmatch import matching

from benchmarks.matching_peers import sample as s
from benchmarks.matching_peers.answers import Weights
from benchmarks.matching_peers.sample import Sample


def coarsened(sample: Sample) -> Callable[[], Weights]:
    edges = [-np.inf, *s.CUTS, np.inf]
    discrete = {name: sample.coded[name].astype(str) for name in s.COARSENED if name not in s.NUMBERS}
    model = matching(sample.coded.assign(**discrete), T=s.TREATED, X=list(s.COARSENED), method="cem", id=s.UNIT)
    model.cem(break_points={name: edges for name in s.COARSENED if name in s.NUMBERS})
    return lambda: Weights(_weight(model.data))


def _weight(data: pd.DataFrame) -> np.ndarray:
    treated, compared = (data[f"bin_cnt_{arm}"].to_numpy() for arm in ("treatment", "control"))
    shared = np.divide(treated, compared, out=np.zeros(len(data)), where=compared > 0)
    return np.where(data[s.TREATED] == 1, (compared > 0).astype(float), shared)
