"""How far the treated and comparison rows of a set are apart."""

import numpy as np


def pair_distances(values: np.ndarray, treated: np.ndarray, row: np.ndarray, set_id: np.ndarray) -> np.ndarray:
    """Return the mean distance of one column over all pairs of a treated and a comparison row that share a set.

    The distances between all members of a set, less those within each arm, are those between the arms; and each is had
    from the members in order, without a look at any pair. So large sets cost no more than small ones.

    Args:
        values: rows by columns.
        treated: who was treated, by row.
        row, set_id: the members of the sets, as in ``Assignment``.

    Returns:
        One mean for each column; NaN where there is no set.
    """
    member_treated = treated[row]
    sizes = [
        np.bincount(set_id[arm], minlength=set_id.max(initial=-1) + 1) for arm in (member_treated, ~member_treated)
    ]
    pairs = int(sizes[0] @ sizes[1])
    if not pairs:
        return np.full(values.shape[1], np.nan)
    arm = 2 * set_id + member_treated
    sums = [_between_members(column[row], set_id) - _between_members(column[row], arm) for column in values.T]
    return np.array(sums) / pairs


def _between_members(values: np.ndarray, group: np.ndarray) -> float:
    """Return the sum of the distances between all pairs of members of a group, over all groups.

    In order, the member at place k of n is subtracted n - 1 - k times and added k times.
    """
    order = np.lexsort((values, group))
    size = np.bincount(group)
    start = np.cumsum(size) - size
    place = np.arange(len(order)) - start[group[order]]
    return float((2 * place - size[group[order]] + 1) @ values[order])
