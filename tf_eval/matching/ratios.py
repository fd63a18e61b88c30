"""How many comparison rows each treated row wants, where that may differ between them."""

from numbers import Integral, Real

import numpy as np

ROUNDING = 1e-9  # of a whole number: one over one over it is not quite the same


def extremal_ratios(score: np.ndarray, treated: np.ndarray, mean: int, least: int, most: int) -> np.ndarray:
    """Return for each row how many comparison rows it wants, 0 where it is one itself (Ming and Rosenbaum 2000).

    The treated rows want ``mean`` on average, each ``least`` or ``most`` and at most one of them a number between.
    Those least likely to be treated want most, since most comparison rows are like them: the rows with the lowest
    scores, or with the highest where comparison rows have these. Of equal scores the first in canonical order are the
    likelier. As in MatchIt, but that nobody wants fewer than ``least``; as there, cells and calipers are not looked at,
    for who has a comparison row within them may find it taken all the same.
    """
    rows = np.flatnonzero(treated)
    upwards = score[treated].mean() > score[~treated].mean()
    rows = rows[np.argsort(-score[rows] if upwards else score[rows], kind="stable")]
    wanting_most, more = divmod((mean - least) * len(rows), most - least)
    wanted = np.zeros(len(score), dtype=np.int64)
    wanted[rows] = least
    wanted[rows[len(rows) - wanting_most :]] = most
    if more:
        wanted[rows[len(rows) - wanting_most - 1]] += more
    return wanted


def is_ratio(value: object) -> bool:
    """Say whether a number is whole, or one over a whole number, and above 0."""
    if isinstance(value, bool) or not isinstance(value, Real) or not value > 0:
        return False
    return isinstance(value, Integral) or (value < 1 and abs(1 / value - round(1 / value)) < ROUNDING / value)


def plain_ratio(value: object) -> object:
    """Return a fraction as the float that every result can write down, and all else as it is."""
    return float(value) if isinstance(value, Real) and not isinstance(value, Integral) else value
