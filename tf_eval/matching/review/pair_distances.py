"""How far the treated and comparison rows of a set are apart."""

from collections.abc import Callable
from functools import partial

import numpy as np


def pair_distance(treated: np.ndarray, row: np.ndarray, set_id: np.ndarray) -> Callable[[np.ndarray], float]:
    """Return what gives, of a column, the mean distance over all pairs of a treated and a comparison row in a set.

    Args:
        treated: who was treated, by row.
        row, set_id: the members of the sets, as in ``Assignment``.

    Returns:
        A function from a column (one number for each row) to the mean; NaN where no set has both arms.
    """
    sets, member_treated = set_id.max(initial=-1) + 1, treated[row]
    sizes = np.array([np.bincount(set_id[arm], minlength=sets) for arm in (~member_treated, member_treated)])
    pairs = int(sizes[0] @ sizes[1])
    if not pairs:
        return lambda values: np.nan
    if (sizes.min(axis=0) <= 1).all():
        return partial(_mean_over, *_spelled_out(row, member_treated, set_id, sizes))
    return lambda values: _sum_between(values[row], member_treated, set_id, sizes) / pairs


def _mean_over(one: np.ndarray, other: np.ndarray, values: np.ndarray) -> float:
    return float(np.abs(values[one] - values[other]).mean())


def _spelled_out(
    row: np.ndarray, treated: np.ndarray, set_id: np.ndarray, sizes: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs where no set has several rows of both arms: each other row beside the single one of an arm."""
    single = np.where((sizes[1] == 1)[set_id], treated, ~treated & (sizes[0] == 1)[set_id])
    centre = np.full(sizes.shape[1], -1)
    centre[set_id[single]] = row[single]
    paired = ~single & (sizes.min(axis=0) == 1)[set_id]
    return row[paired], centre[set_id[paired]]


def _sum_between(values: np.ndarray, treated: np.ndarray, set_id: np.ndarray, sizes: np.ndarray) -> float:
    """Return the sum of the distances between the arms over all sets; ``sizes`` has the rows of either arm by set.

    Of the members of a set in order, each is added once for every member of the other arm before it, and subtracted
    once for every one behind it. So no pair is looked at, and large sets cost no more than small ones.
    """
    order = np.lexsort((values, set_id))
    arm, of_set = treated[order].astype(np.int64), set_id[order]
    started = np.cumsum(sizes, axis=1) - sizes  # members of each arm in the sets before
    seen = np.stack([np.cumsum(1 - arm), np.cumsum(arm)])
    place, other = np.arange(len(order)), 1 - arm
    before = seen[other, place] - started[other, of_set]
    return float((2 * before - sizes[other, of_set]) @ values[order])
