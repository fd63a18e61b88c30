"""Pairs of a treated row and a place in the line."""

from typing import NamedTuple

import numpy as np

from tf_eval.errors import EstimationError

MOST = 300_000_000  # of pairs that are looked at: about 0.3 GB along the line


class Pairs(NamedTuple):
    """Treated rows, one for each pair, and the places of their comparison rows in the line."""

    treated: np.ndarray
    place: np.ndarray


def refuse_too_many(pairs: int, most: int = MOST) -> None:
    """Raise ``EstimationError`` where more pairs would have to be looked at than memory holds."""
    if pairs > most:
        raise EstimationError(
            f"match: {pairs:,} pairs are too many to find those of least total distance; set a (narrower) caliper or "
            "exact columns, or use method 'nearest'"
        )
