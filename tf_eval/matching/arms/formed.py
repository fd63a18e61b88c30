"""What a method makes of several arms."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tf_eval.matching.matched import Matched


@dataclass(frozen=True, eq=False)
class Formed:
    """Who takes part. Every array has one entry for each row of the sample that was scored.

    pairs    for every two arms, by their places, the match of the one beside the other
    weight   0 where the row takes no part
    set_id   the set of each row, -1 where it is in none; None where rows are in no set, or in a set for each pair
    reason   why a row was left out; empty where it was not, or is a comparison row that nobody took
    notes    sentences that a reader of the result has to know
    """

    pairs: Mapping[tuple[int, int], Matched]
    weight: np.ndarray
    set_id: np.ndarray | None
    reason: np.ndarray
    notes: tuple[str, ...] = ()
