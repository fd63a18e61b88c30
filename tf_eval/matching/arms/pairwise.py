"""Each two arms matched by themselves, among rows whose scores all arms have."""

import numpy as np

from tf_eval.matching.arms.formed import Formed
from tf_eval.matching.arms.pairs import match_two, with_callers_rows
from tf_eval.matching.arms.scored import Scored

APART = (
    "Each two arms were matched by themselves, and answer for matched rows of the first of the two: the differences of "
    "all pairs need not add up."
)


def match_pairwise(scored: Scored) -> Formed:
    """Set rows of each arm beside rows of each later one, along the log odds of the one against the other."""
    sample, predictor = scored.sample, scored.predictor
    alone = np.empty((len(predictor), 0))
    found = {
        (first, second): match_two(sample, first, second, predictor[:, first] - predictor[:, second], alone)
        for first, second in sample.pairs
    }
    weight = np.zeros(len(sample.arm))
    for each in found.values():
        weight[each.frame.index.to_numpy(dtype=np.int64)] = 1.0
    reason = np.full(len(weight), "", dtype=object)
    notes = (APART,) if len(sample.arms) > 2 else ()
    return Formed(
        {pair: with_callers_rows(sample, each, pair) for pair, each in found.items()}, weight, None, reason, notes
    )
