"""Sums and copies of many columns, a stretch of rows at a time so that they stay in the processor's cache."""

from collections.abc import Sequence

import numpy as np

STRETCH = 8192


def scatter(columns: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return columns' diag(weight) columns, for ``columns`` (rows by columns) and a weight for each row."""
    total = np.zeros((columns.shape[1],) * 2)
    for start in range(0, len(columns), STRETCH):
        rows = columns[start : start + STRETCH]
        total += (rows * weight[start : start + STRETCH, None]).T @ rows
    return total


def side_by_side(columns: Sequence[np.ndarray], length: int) -> np.ndarray:
    """Return columns of that length as an array of floats, rows by columns, of which there may be none."""
    values = np.empty((length, len(columns)))
    for start in range(0, len(values), STRETCH):
        rows = slice(start, start + STRETCH)
        for number, column in enumerate(columns):
            values[rows, number] = column[rows]
    return values


def index_of(columns: np.ndarray, point: np.ndarray) -> np.ndarray:
    """Return columns @ point, row by row: equal rows have equal answers to the last bit, wherever they stand.

    A matrix product may sum the last rows of a stretch in another order.
    """
    return np.einsum("ij,j->i", columns, point)


def pivots(products: np.ndarray, size: np.ndarray, shortest: float) -> list[int]:
    """Return the columns left over by elimination in their order: each has length beyond those before it.

    ``products`` are the columns' with each other, ``size`` their squared lengths; what is left of a column has to be
    longer than ``shortest`` times it. Products keep half the digits of the rows, so below 1e-6 that cannot be told.
    """
    left, kept = products.copy(), []
    for column in range(len(size)):
        if left[column, column] > shortest**2 * size[column]:
            kept.append(column)
            left = left - np.outer(left[:, column], left[column]) / left[column, column]
    return kept
