"""How far the treated and comparison rows of a set are apart."""

import numpy as np


def pair_distances(values: np.ndarray, treated: np.ndarray, row: np.ndarray, set_id: np.ndarray) -> np.ndarray:
    """Return the mean distance of each column over all pairs of a treated and a comparison row that share a set.

    Of the members of a set in order, each is added once for every member of the other arm before it, and subtracted
    once for every one behind it. So no pair is looked at, and large sets cost no more than small ones.

    Args:
        values: rows by columns.
        treated: who was treated, by row.
        row, set_id: the members of the sets, as in ``Assignment``.

    Returns:
        One mean for each column; NaN where there is no set.
    """
    sets, member_treated = set_id.max(initial=-1) + 1, treated[row]
    sizes = np.array([np.bincount(set_id[arm], minlength=sets) for arm in (~member_treated, member_treated)])
    pairs = int(sizes[0] @ sizes[1])
    if not pairs:
        return np.full(values.shape[1], np.nan)
    return np.array([_sum_between(column[row], member_treated, set_id, sizes) for column in values.T]) / pairs


def _sum_between(values: np.ndarray, treated: np.ndarray, set_id: np.ndarray, sizes: np.ndarray) -> float:
    """Return the sum of the distances between the arms over all sets; ``sizes`` has the rows of either arm by set."""
    order = np.lexsort((values, set_id))
    arm, of_set = treated[order].astype(np.int64), set_id[order]
    started = np.cumsum(sizes, axis=1) - sizes  # members of each arm in the sets before
    seen = np.stack([np.cumsum(1 - arm), np.cumsum(arm)])
    place, other = np.arange(len(order)), 1 - arm
    before = seen[other, place] - started[other, of_set]
    return float((2 * before - sizes[other, of_set]) @ values[order])
