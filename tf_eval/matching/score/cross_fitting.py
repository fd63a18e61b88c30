"""Scores of rows from a fit that has not seen them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Learnt:
    """What was learnt of some rows: a function from values to log odds, and what has to be said of the fit."""

    predict: Callable[[np.ndarray], np.ndarray]
    notes: tuple[str, ...] = ()


Learn = Callable[[np.ndarray, np.ndarray], Learnt]


def cross_fit(
    learn: Learn, values: np.ndarray, treated: np.ndarray, unit: np.ndarray, folds: int
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the log odds of every row, learnt from the folds that it is not in (Chernozhukov and others 2018).

    What has to be said of any of the fits comes with them, each sentence once.

    Args:
        learn: makes, of values and arms, what was learnt.
        values: rows by columns.
        treated: who was treated.
        unit: whole numbers; all rows of a unit are in one fold.
        folds: how many, 2 or more.
    """
    fold = fold_of_rows(treated, unit, folds)
    log_odds, notes = np.empty(len(treated)), []
    for number in range(folds):
        held_out = fold == number
        learnt = learn(values[~held_out], treated[~held_out])
        log_odds[held_out] = learnt.predict(values[held_out])
        notes += learnt.notes
    return log_odds, tuple(dict.fromkeys(notes))


def fold_of_rows(treated: np.ndarray, unit: np.ndarray, folds: int) -> np.ndarray:
    """Return the fold of each row: units are dealt out in turn, those ever treated first, and nothing is drawn."""
    ever = np.zeros(unit.max() + 1, dtype=bool)
    ever[unit[treated]] = True
    dealt = np.empty(len(ever), dtype=np.int64)
    dealt[np.argsort(~ever, kind="stable")] = np.arange(len(ever)) % folds
    return dealt[unit]
