"""Cells in which the arms have to weigh the same: exact cell and risk set together, or cells of the covariates."""

import numpy as np


def in_both_arms(treated: np.ndarray, stratum: np.ndarray) -> np.ndarray:
    """Say for each row whether its stratum has treated and comparison rows."""
    return in_all_arms(treated, 2, stratum)


def in_all_arms(arm: np.ndarray, arms: int, stratum: np.ndarray) -> np.ndarray:
    """Say for each row whether its stratum has rows of each of so many arms; ``arm`` is a whole number from 0 on."""
    group, groups = arms * stratum + arm, arms * (stratum.max(initial=-1) + 1)
    here = np.bincount(group, minlength=groups).reshape(-1, arms) > 0
    return here.all(axis=1)[stratum]


def serving(treated: np.ndarray, cell: np.ndarray, once: np.ndarray) -> np.ndarray:
    """Return the rows that take part where rows of a cell stand together: each cell of them has both arms.

    What serves ``once``, such as a unit, does so with the first of its rows, in the order of the rows, whose cell has a
    treated row. Rows of a unit are in the order of its risk sets, so that the earliest of these has it.
    """
    sought = np.bincount(cell[treated], minlength=cell.max(initial=-1) + 1) > 0
    compared = np.flatnonzero(~treated & sought[cell])
    first = np.full(once.max(initial=-1) + 1, -1)
    first[once[compared[::-1]]] = compared[::-1]  # of several the last one written stays
    takes_part = treated.copy()
    takes_part[first[first >= 0]] = True
    rows = np.flatnonzero(takes_part)
    return rows[in_both_arms(treated[rows], cell[rows])]


def share_out(raw: np.ndarray, arm: np.ndarray, stratum: np.ndarray, mass: np.ndarray, *, arms: int = 2) -> np.ndarray:
    """Scale raw weights so that in every stratum each arm weighs what ``mass`` (one entry for each row) sums to there.

    ``arm`` is a whole number from 0 on, or of two arms says who was treated. Rows of a stratum without one of the arms
    weigh 0. The weights of each arm are then scaled to sum to the number of its rows that have any, so that 1 is an
    average row.
    """
    raw = np.where(in_all_arms(arm, arms, stratum), raw, 0.0)
    group, groups = arms * stratum + arm, arms * (stratum.max(initial=-1) + 1)
    wanted = np.repeat(np.bincount(stratum, weights=mass, minlength=groups // arms), arms)
    had = np.bincount(group, weights=raw, minlength=groups)
    weight = raw * np.divide(wanted, had, out=np.zeros(groups), where=had > 0)[group]
    for own in (arm == one for one in range(arms)):
        weight[own] *= np.count_nonzero(weight[own]) / (weight[own].sum() or 1.0)
    return weight
