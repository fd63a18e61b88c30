"""Scores of rows from a fit that has not seen them."""

from collections.abc import Callable

import numpy as np

Predict = Callable[[np.ndarray], np.ndarray]
Learn = Callable[[np.ndarray, np.ndarray], Predict]


def cross_fit(learn: Learn, values: np.ndarray, treated: np.ndarray, unit: np.ndarray, folds: int) -> np.ndarray:
    """Return the log odds of every row, learnt from the folds that it is not in (Chernozhukov and others 2018).

    Args:
        learn: makes, of values and arms, the function from values to log odds.
        values: rows by columns.
        treated: who was treated.
        unit: whole numbers; all rows of a unit are in one fold.
        folds: how many, 2 or more.
    """
    fold = fold_of_rows(treated, unit, folds)
    log_odds = np.empty(len(treated))
    for number in range(folds):
        held_out = fold == number
        log_odds[held_out] = learn(values[~held_out], treated[~held_out])(values[held_out])
    return log_odds


def fold_of_rows(treated: np.ndarray, unit: np.ndarray, folds: int) -> np.ndarray:
    """Return the fold of each row: units are dealt out in turn, those ever treated first, and nothing is drawn."""
    ever = np.zeros(unit.max() + 1, dtype=bool)
    ever[unit[treated]] = True
    dealt = np.empty(len(ever), dtype=np.int64)
    dealt[np.argsort(~ever, kind="stable")] = np.arange(len(ever)) % folds
    return dealt[unit]
