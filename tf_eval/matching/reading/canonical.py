"""The canonical order of rows, by their values alone. It decides every tie: shuffled rows give the same match."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from tf_eval.matching.reading.covariates import level_codes


def canonical_ranks(columns: Iterable[pd.Series]) -> np.ndarray:
    """Return for each row how many stand before it, sorted by the first column, then by the next, and so on.

    A column is looked at only where rows are still alike: of numbers with many digits that is seldom after the first.
    Rows that are alike in all columns have one rank.

    Args:
        columns: at least one, all of one length.
    """
    first, *others = columns
    rank = _refined(np.zeros(len(first), dtype=np.int64), _sortable(first))
    for column in others:
        if not _refine(rank, column):
            break
    return rank


def canonical_order(rank: np.ndarray, label: pd.Series) -> np.ndarray:
    """Return the places of rows by rank, those of equal rank by label, and those of equal label as they came."""
    rank = rank.copy()
    _refine(rank, label)
    return _places(rank)


def _refine(rank: np.ndarray, column: pd.Series) -> bool:
    """Part rows of equal rank by a column; say whether there were any."""
    tied = _tied(rank)
    if len(tied):
        rank[tied] = _refined(rank[tied], _sortable(column.iloc[tied]))
    return bool(len(tied))


def _tied(rank: np.ndarray) -> np.ndarray:
    return np.flatnonzero(np.bincount(rank, minlength=len(rank))[rank] > 1)


def _places(rank: np.ndarray) -> np.ndarray:
    """Return the rows by rank, those of equal rank as they came; only these have to be sorted."""
    tied = _tied(rank)
    tied = tied[np.argsort(rank[tied], kind="stable")]
    behind = rank.copy()
    behind[tied] += np.arange(len(tied)) - np.searchsorted(rank[tied], rank[tied])
    order = np.empty_like(rank)
    order[behind] = np.arange(len(rank))
    return order


def _refined(rank: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return new ranks, in which rows of equal rank that differ in their values stand one behind the other."""
    order = np.argsort(values)  # quicker than a stable sort; those alike in both have the same new rank anyhow
    order = order[np.argsort(rank[order], kind="stable")]
    rank_in_order, values = rank[order], values[order]
    first_of_rank = np.append(True, rank_in_order[1:] != rank_in_order[:-1])
    first = first_of_rank | np.append(True, values[1:] != values[:-1])
    place = np.arange(len(order))
    began, rank_began = (np.maximum.accumulate(np.where(start, place, 0)) for start in (first, first_of_rank))
    refined = np.empty_like(rank)
    refined[order] = rank_in_order + began - rank_began
    return refined


def _sortable(column: pd.Series) -> np.ndarray:
    """Return numbers that sort as the column's values do, and are alike where both are missing."""
    is_number = isinstance(column.dtype, np.dtype) and column.dtype.kind in "iufb" and not column.hasnans
    return column.to_numpy() if is_number else level_codes(column)[0]
