"""Rows that nothing tells apart but their labels, and whether it mattered which of them was which."""

import numpy as np

from tf_eval.matching.display import rounded
from tf_eval.matching.problem import Problem

SAME = 1e-9  # of a weight: sums in another order
BY_THE_ROWS = ("data", "random")  # orders in which treated rows do not choose by their labels


def count_decided(problem: Problem, weight: np.ndarray) -> int:
    """Return how many rows are alike in everything that was named while some of the alike weigh more than others.

    ``weight`` has an entry for each row of the problem. Alike rows stand together, so that this takes no sorting.
    """
    first = np.flatnonzero(np.append(True, problem.twin[1:] != problem.twin[:-1]))
    if len(first) == len(weight):
        return 0
    highest, lowest = np.maximum.reduceat(weight, first), np.minimum.reduceat(weight, first)
    decided = highest - lowest > SAME * highest
    if problem.order in BY_THE_ROWS:
        decided &= ~problem.treated[first]  # alike rows are of one arm
    return int(np.diff(np.append(first, len(weight)))[decided].sum())


def twins_note(rows: int, *, varied: bool) -> str:
    """Say that labels decided between so many rows; ``varied``: ``tie_sensitivity`` can decide otherwise."""
    number = rounded(rows)
    hangs = "; tie_sensitivity says what hangs on it" if varied else ""
    return (
        f"{number[0].upper()}{number[1:]} rows are alike in all that is named, and which of the alike serve, or count "
        f"for more, was decided by their labels{hangs}."
    )
