"""The clearest break in the ratio of one count to another: a scan with a likelihood-ratio test of two binomials."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.special import xlogy

SHORTEST = 4  # months on either side
WINDOWS = (6, 12, 24)  # months on either side that are compared, as far as they go


@dataclass(frozen=True)
class Break:
    """From ``first`` on the ratio is ``ratio`` times what it was; ``statistic`` is twice the log-likelihood ratio."""

    first: int
    ratio: float
    statistic: float


def best_break(
    own: np.ndarray, others: np.ndarray, known: np.ndarray, edges: Sequence[int], *, smallest_ratio: float
) -> Break | None:
    """Return the clearest break in ``own`` relative to ``others`` of at least this ratio either way.

    Args:
        own: a count by period.
        others: what it is compared with, by period.
        known: which periods are known; the others are left out.
        edges: breaks found before, which no comparison crosses.
        smallest_ratio: the smallest ratio worth finding, above 1.
    """
    places = np.flatnonzero(known)
    cuts = [0, *np.searchsorted(places, sorted(edges)), len(places)]
    found = None
    for start, end in pairwise(cuts):
        segment = places[start:end]
        for window in WINDOWS:
            at = _best_in_segment(own[segment], others[segment], window, np.log(smallest_ratio))
            if at is not None and (found is None or at.statistic > found.statistic):
                found = Break(int(segment[at.first]), at.ratio, at.statistic)
    return found


def _best_in_segment(own: np.ndarray, others: np.ndarray, window: int, least: float) -> Break | None:
    at = np.arange(SHORTEST, len(own) - SHORTEST + 1)
    if not len(at):
        return None
    left, right = np.maximum(at - window, 0), np.minimum(at + window, len(own))
    before, after = (_sums(own, a, b) for a, b in ((left, at), (at, right)))
    others_before, others_after = (_sums(others, a, b) for a, b in ((left, at), (at, right)))
    ratio = np.log((after + 0.5) * (others_before + 0.5) / ((before + 0.5) * (others_after + 0.5)))
    pooled = _fit(before + after, others_before + others_after)
    statistic = 2 * (_fit(before, others_before) + _fit(after, others_after) - pooled)
    statistic = np.where(np.abs(ratio) >= least, statistic, 0)
    best = int(statistic.argmax())
    return Break(int(at[best]), float(np.exp(ratio[best])), float(statistic[best])) if statistic[best] > 0 else None


def _sums(values: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    running = np.concatenate([[0.0], np.cumsum(values)])
    return running[end] - running[start]


def _fit(own: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return the highest log-likelihood of a binomial with these two counts."""
    return xlogy(own, own) + xlogy(others, others) - xlogy(own + others, own + others)
