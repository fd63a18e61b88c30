"""The clearest break in the ratio of one count to another: a scan with a likelihood-ratio test of two binomials."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.special import xlogy

from tf_eval.data.checking.patterns.drift import Spread

SHORTEST = 4  # months on either side
_CLEARLY = 4.0  # in units of twice the log-likelihood
WINDOWS = (6, 12, 24)  # months on either side that are compared, as far as they go


@dataclass(frozen=True)
class Break:
    """From ``first`` on the ratio is ``ratio`` times what it was.

    ``statistic`` is twice the log-likelihood ratio over the spread of the compared months.
    """

    first: int
    ratio: float
    statistic: float


def best_break(
    own: np.ndarray,
    others: np.ndarray,
    known: np.ndarray,
    edges: Sequence[int],
    *,
    smallest_ratio: float,
    spread: Spread,
) -> Break | None:
    """Return the clearest break in ``own`` relative to ``others`` of at least this ratio either way.

    Args:
        own: a count by period.
        others: what it is compared with, by period.
        known: which periods are known; the others are left out.
        edges: breaks found before, which no comparison crosses.
        smallest_ratio: the smallest ratio worth finding, above 1.
        spread: how far the ratio strays where nothing breaks.
    """
    places = np.flatnonzero(known)
    cuts = [0, *np.searchsorted(places, sorted(edges)), len(places)]
    found = None
    for start, end in pairwise(cuts):
        segment = places[start:end]
        for window in WINDOWS:
            at = _best_in_segment(own[segment], others[segment], window, np.log(smallest_ratio), spread)
            if at is not None and (found is None or at.statistic > found.statistic):
                found = Break(int(segment[at.first]), at.ratio, at.statistic)
    return found


def is_rather_a_trend(own: np.ndarray, others: np.ndarray, known: np.ndarray, edges: Sequence[int], at: Break) -> bool:
    """Whether a straight line fits the log ratio of two counts better than a step does, between the other breaks.

    Both have two coefficients, so that the weighted sums of squares can be compared as they are; a step is given up
    only for a line that is clearly better.
    """
    start = max((edge for edge in edges if edge <= at.first), default=0)
    end = min((edge for edge in edges if edge > at.first), default=len(own))
    places = start + np.flatnonzero(known[start:end])
    own, others = own[places] + 0.5, others[places] + 0.5
    weights, ratio = own * others / (own + others), np.log(own / others)
    step, line = (_explained(ratio, weights, by) for by in ((places >= at.first).astype(float), places.astype(float)))
    return line > step + _CLEARLY


def _explained(values: np.ndarray, weights: np.ndarray, by: np.ndarray) -> float:
    """Return the weighted sum of squares of ``values`` that a regression on one variable takes away."""
    values, by = (each - np.average(each, weights=weights) for each in (values, by))
    spread = (weights * by**2).sum()
    return float((weights * by * values).sum() ** 2 / spread) if spread > 0 else 0.0


def _best_in_segment(own: np.ndarray, others: np.ndarray, window: int, least: float, spread: Spread) -> Break | None:
    at = np.arange(SHORTEST, len(own) - SHORTEST + 1)
    if not len(at):
        return None
    left, right = np.maximum(at - window, 0), np.minimum(at + window, len(own))
    before, after = (_sums(own, a, b) for a, b in ((left, at), (at, right)))
    others_before, others_after = (_sums(others, a, b) for a, b in ((left, at), (at, right)))
    ratio = np.log((after + 0.5) * (others_before + 0.5) / ((before + 0.5) * (others_after + 0.5)))
    counts = (before, after, others_before, others_after)
    statistic = step_statistic(*counts) / spread.between(right - left, 1 / sum(1 / (count + 0.5) for count in counts))
    statistic = np.where(np.abs(ratio) >= least, statistic, 0)
    best = int(statistic.argmax())
    return Break(int(at[best]), float(np.exp(ratio[best])), float(statistic[best])) if statistic[best] > 0 else None


def step_statistic(
    before: np.ndarray, after: np.ndarray, others_before: np.ndarray, others_after: np.ndarray
) -> np.ndarray:
    """Return twice the log-likelihood ratio of two ratios, before and after, against a single one."""
    pooled = _fit(before + after, others_before + others_after)
    return 2 * (_fit(before, others_before) + _fit(after, others_after) - pooled)


def _sums(values: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    running = np.concatenate([[0.0], np.cumsum(values)])
    return running[end] - running[start]


def _fit(own: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return the highest log-likelihood of a binomial with these two counts."""
    return xlogy(own, own) + xlogy(others, others) - xlogy(own + others, own + others)
