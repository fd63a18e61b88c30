"""The canonical order of rows, by their values alone. It decides every tie: shuffled rows give the same match."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from tf_eval.matching.reading.codes import order_of
from tf_eval.matching.reading.covariates import level_codes


def canonical_ranks(columns: Iterable[pd.Series]) -> np.ndarray:
    """Return for each row how many stand before it, sorted by the first column, then by the next, and so on.

    A column is looked at only where rows are still alike: of numbers with many digits that is seldom after the first.
    Rows that are alike in all columns have one rank.

    Args:
        columns: at least one, all of one length.
    """
    first, *others = columns
    rank = _ranked(_sortable(first))
    for column in others:
        if not _refine(rank, column):
            break
    return rank


def canonical_order(rank: np.ndarray, label: pd.Series) -> np.ndarray:
    """Return the places of rows by rank, those of equal rank by label, and those of equal label as they came."""
    rank = rank.copy()
    _refine(rank, label)
    return order_of(rank)


def _refine(rank: np.ndarray, column: pd.Series) -> bool:
    """Part rows of equal rank by a column; say whether there were any."""
    tied = _tied(rank)
    if len(tied):
        rank[tied] = _refined(rank[tied], _sortable(column.iloc[tied]))
    return bool(len(tied))


def _tied(rank: np.ndarray) -> np.ndarray:
    return np.flatnonzero(np.bincount(rank, minlength=len(rank))[rank] > 1)


def _ranked(values: np.ndarray) -> np.ndarray:
    """Return for each row how many have a lower value."""
    order = _order(values)
    rank = np.empty(len(values), dtype=np.int64)
    rank[order] = _began(_is_new(values[order]))
    return rank


def _refined(rank: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return new ranks, in which rows of equal rank that differ in their values stand one behind the other."""
    order = _order(values)
    order = order[order_of(rank[order])]
    rank_in_order = rank[order]
    is_new_rank = _is_new(rank_in_order)
    refined = np.empty_like(rank)
    refined[order] = rank_in_order + _began(is_new_rank | _is_new(values[order])) - _began(is_new_rank)
    return refined


def _order(values: np.ndarray) -> np.ndarray:
    """Return the rows by value. Where values are compared the sort is not stable: those alike have one rank anyhow."""
    return order_of(values) if values.dtype.kind in "iu" else np.argsort(values)


def _is_new(in_order: np.ndarray) -> np.ndarray:
    """Say of each entry whether it differs from the one before."""
    return np.append(True, in_order[1:] != in_order[:-1])


def _began(is_new: np.ndarray) -> np.ndarray:
    """Return for each entry where the run that it is in began."""
    return np.maximum.accumulate(np.where(is_new, np.arange(len(is_new)), 0))


def _sortable(column: pd.Series) -> np.ndarray:
    """Return numbers that sort as the column's values do, and are alike where both are missing."""
    is_number = isinstance(column.dtype, np.dtype) and column.dtype.kind in "iufb" and not column.hasnans
    return column.to_numpy() if is_number else level_codes(column)[0]
