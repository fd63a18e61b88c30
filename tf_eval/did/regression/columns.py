"""Sparse columns of a regression: indicators, and their products with covariates."""

import numpy as np
from scipy.sparse import csr_array, hstack

from tf_eval.did.group_time.rows import STRETCH


def indicators(code: np.ndarray, count: int, values: np.ndarray | None = None) -> csr_array:
    """Return a column for each of the codes 0 to ``count`` - 1 (rows by codes); rows of code -1 have none.

    An entry is 1, or the row's number in ``values``.
    """
    coded = code >= 0
    entries = np.ones(int(coded.sum())) if values is None else values[coded]
    return csr_array((entries, code[coded], np.concatenate([[0], np.cumsum(coded)])), (len(code), count))


def interactions(code: np.ndarray, count: int, values: np.ndarray) -> csr_array:
    """Return the indicators times each column of ``values`` (rows by covariates), one set beside another."""
    return beside([indicators(code, count, column) for column in values.T], len(code))


def beside(parts: list[csr_array], n_rows: int) -> csr_array:
    """Return all columns as one matrix."""
    return csr_array(hstack([csr_array((n_rows, 0)), *parts], format="csr"))


def scaled(columns: csr_array, factor: np.ndarray) -> csr_array:
    """Return the columns with each row multiplied by its ``factor``."""
    entries = columns.data * np.repeat(factor, np.diff(columns.indptr))
    return csr_array((entries, columns.indices, columns.indptr), columns.shape)


def gram(columns: csr_array, weight: np.ndarray) -> np.ndarray:
    """Return the weighted products of all columns with all.

    Neighbouring rows are of one cohort and touch few columns: a stretch of them is dense in these, and dense products
    are many times faster than sparse ones.
    """
    total = np.zeros((columns.shape[1],) * 2)
    for start in range(0, columns.shape[0], STRETCH):
        rows = slice(start, min(start + STRETCH, columns.shape[0]))
        touched, dense = _dense(columns, rows)
        total[np.ix_(touched, touched)] += (dense * weight[rows, None]).T @ dense
    return total


def _dense(columns: csr_array, rows: slice) -> tuple[np.ndarray, np.ndarray]:
    """Return which columns some rows touch, and the rows in these."""
    ends = columns.indptr[rows.start : rows.stop + 1]
    entries = slice(ends[0], ends[-1])
    touched, place = np.unique(columns.indices[entries], return_inverse=True)
    dense = np.zeros((rows.stop - rows.start, len(touched)))
    dense[np.repeat(np.arange(len(dense)), np.diff(ends)), place] = columns.data[entries]
    return touched, dense
