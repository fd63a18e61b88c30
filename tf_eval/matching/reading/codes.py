"""Codes: whole numbers for combinations of values, and the rows that share one."""

from collections.abc import Iterable

import numpy as np
from scipy.sparse import csr_array

LARGEST = np.iinfo(np.int64).max
SPARSEST = 8  # times as many codes as rows: a list of all codes then costs more than sorting the rows


def joint_code(columns: Iterable[np.ndarray]) -> np.ndarray:
    """Return one whole number for each combination, from 0 on without gaps, in the order of the columns.

    columns   one at least, each of whole numbers from 0 on, one for each row; codes, not so large that as many times
              the number of rows could not be held

    The columns are the digits of one number, and are put together before it would grow too large to be held.
    """
    joint, size = np.int64(0), 1
    for column in columns:
        digit = _without_gaps(column)
        levels = int(digit.max(initial=0)) + 1
        if size > LARGEST // levels:
            joint = _without_gaps(joint)
            size = int(joint.max(initial=0)) + 1
        joint, size = joint * levels + digit, size * levels
    return _without_gaps(joint)


def _without_gaps(code: np.ndarray) -> np.ndarray:
    """Number codes anew from 0 on, in their order."""
    if code.max(initial=0) > SPARSEST * len(code):
        return np.unique(code, return_inverse=True)[1]
    occurs = np.bincount(code, minlength=1) > 0
    return code if occurs.all() else (np.cumsum(occurs) - 1)[code]


def order_of(code: np.ndarray) -> np.ndarray:
    """Return the places of whole numbers from the lowest to the highest, those that are alike as they came.

    Where they are dense they are counted, not compared: a sparse matrix made of them lays its entries out by row so.
    """
    rows = len(code)
    if code.min(initial=0) < 0 or code.max(initial=0) > SPARSEST * rows:
        return np.argsort(code, kind="stable")
    counted = csr_array((np.ones(rows, dtype=np.int8), (code, np.arange(rows))), shape=(code.max(initial=0) + 1, rows))
    return counted.indices.astype(np.int64)


def members(code: np.ndarray) -> list[np.ndarray]:
    """Return the places of the rows of each code, one array for each, in increasing order."""
    order = order_of(code)
    return np.split(order, np.flatnonzero(np.diff(code[order])) + 1) if len(code) else []


def count_units(group: np.ndarray, unit: np.ndarray, groups: int) -> np.ndarray:
    """Return of how many different units the rows of each of so many groups are; ``group`` and ``unit`` are codes."""
    if np.bincount(unit).max(initial=0) < 2:  # as a rule each has one row, and nothing has to be sorted
        return np.bincount(group, minlength=groups)
    order = np.lexsort((group, unit))
    group, unit = group[order], unit[order]
    first = np.append(True, (unit[1:] != unit[:-1]) | (group[1:] != group[:-1]))
    return np.bincount(group[first], minlength=groups)
