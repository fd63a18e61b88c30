"""pysmatch. Who has the smallest score chooses first, and takes all of its comparisons at once."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from pysmatch.matching import perform_match

from benchmarks.matching_peers import sample as s
from benchmarks.matching_peers.answers import Pairs
from benchmarks.matching_peers.sample import Sample


def pairs(sample: Sample) -> Callable[[], Pairs]:
    matched = _match(sample, 1)
    return lambda: Pairs(*_members(matched))


def three(sample: Sample) -> Callable[[], Pairs]:
    matched = _match(sample, 3)
    return lambda: Pairs(*_members(matched))


def _match(sample: Sample, ratio: int) -> pd.DataFrame:
    scores = sample.coded.rename(columns={s.SCORE: "scores"})
    return perform_match(scores, s.TREATED, s.CALIPER * scores["scores"].std(), ratio)


def _members(matched: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the treated and the comparison row of each pair: the first half of the rows is set beside the second."""
    unit = matched[s.UNIT].to_numpy()
    return unit[: len(unit) // 2], unit[len(unit) // 2 :]
