"""Cells in which the arms have to weigh the same: exact cell and risk set together, or cells of the covariates."""

import numpy as np


def in_both_arms(treated: np.ndarray, stratum: np.ndarray) -> np.ndarray:
    """Say for each row whether its stratum has treated and comparison rows."""
    size = stratum.max(initial=-1) + 1
    here = [np.bincount(stratum[arm], minlength=size) > 0 for arm in (treated, ~treated)]
    return (here[0] & here[1])[stratum]


def serving(treated: np.ndarray, cell: np.ndarray, once: np.ndarray) -> np.ndarray:
    """Return the rows that take part where rows of a cell stand together: each cell of them has both arms.

    What serves ``once``, such as a unit, does so with the first of its rows, in the order of the rows, whose cell has a
    treated row. Rows of a unit are in the order of its risk sets, so that the earliest of these has it.
    """
    sought = np.bincount(cell[treated], minlength=cell.max(initial=-1) + 1) > 0
    compared = np.flatnonzero(~treated & sought[cell])
    once = compared[np.unique(once[compared], return_index=True)[1]]
    rows = np.sort(np.concatenate([np.flatnonzero(treated), once]))
    return rows[in_both_arms(treated[rows], cell[rows])]


def share_out(raw: np.ndarray, treated: np.ndarray, stratum: np.ndarray, mass: np.ndarray) -> np.ndarray:
    """Scale raw weights so that in every stratum each arm weighs what ``mass`` (one entry for each row) sums to there.

    Rows of a stratum without one of the arms weigh 0. The weights of each arm are then scaled to sum to the number of
    its rows that have any, so that 1 is an average row.
    """
    raw = np.where(in_both_arms(treated, stratum), raw, 0.0)
    group, groups = 2 * stratum + treated, 2 * (stratum.max(initial=-1) + 1)
    wanted = np.repeat(np.bincount(stratum, weights=mass, minlength=groups // 2), 2)
    had = np.bincount(group, weights=raw, minlength=groups)
    weight = raw * np.divide(wanted, had, out=np.zeros(groups), where=had > 0)[group]
    for arm in (treated, ~treated):
        weight[arm] *= np.count_nonzero(weight[arm]) / (weight[arm].sum() or 1.0)
    return weight
