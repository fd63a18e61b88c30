"""How far the distributions of one column in the two arms are apart, and how much they share.

``values`` is one column, and ``counted`` says which rows count and for how much, before and after matching; the answer
has one entry for each.
"""

from collections.abc import Sequence

import numpy as np
from scipy.ndimage import gaussian_filter1d

from tf_eval.matching.review.counted import Counted
from tf_eval.matching.review.statistics import is_binary

BINS_PER_BANDWIDTH = 16  # so fine that binning moves the overlap by less than a thousandth
MOST_BINS = 2**16  # of a column with values so far out that they would be counted in ever more of them
REACH = 5  # bandwidths beyond which the kernel is taken to be 0


def ecdf_gaps(values: np.ndarray, counted: Sequence[Counted]) -> list[tuple[float, float]]:
    """Return how far the arms' weighted distribution functions are apart.

    That is the largest gap (Kolmogorov-Smirnov) and the mean gap over the distinct values of all rows; of 0/1 values
    both are the difference of the shares, as in MatchIt (Ho, Imai, King and Stuart 2011).
    """
    if is_binary(values):
        return [(gap, gap) for gap in _differences(values, counted)]
    order = np.argsort(values)  # once for all weights; the order of equal values changes nothing
    ordered = values[order]
    last_of_value = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))
    gaps = [np.abs(np.cumsum(each.signed[order])[last_of_value]) for each in counted]
    return [(float(gap.max()), float(gap.mean())) for gap in gaps]


def overlap_coefficients(values: np.ndarray, treated: np.ndarray, counted: Sequence[Counted]) -> list[float]:
    """Return the share that the arms' weighted distributions have in common (Inman and Bradley 1989).

    It is the area below both densities: 1 where the distributions are the same, 0 where they never meet. Densities
    are estimated with a normal kernel, whose bandwidth is Scott's for the smaller arm without weights, as in cobalt
    (Greifer; its ``ovl.coefficients`` are 1 less this). Of 0/1 values it is the sum of the smaller shares.
    """
    if is_binary(values):
        return [1 - gap for gap in _differences(values, counted)]
    low, spread = float(values.min()), float(np.ptp(values))
    bandwidth = _bandwidth(values, treated)
    if not (spread and bandwidth):  # numbers too small to be squared have no bandwidth
        return [1.0 for _ in counted]
    step = max(bandwidth / BINS_PER_BANDWIDTH, spread / MOST_BINS)
    margin = REACH * bandwidth
    place = (values - (low - margin)) / step
    bins = int((spread + 2 * margin) / step) + 2
    return [_shared(each.parts(place), bins, bandwidth / step) for each in counted]


def _shared(arms: list[tuple[np.ndarray, np.ndarray]], bins: int, bandwidth: float) -> float:
    """Return the area below both densities of values at places along so many bins."""
    heights = (_binned(place, share, bins) for place, share in arms)
    smooth = (gaussian_filter1d(height, bandwidth, mode="constant", truncate=REACH) for height in heights)
    return min(1.0, float(np.minimum(*smooth).sum()))


def _binned(place: np.ndarray, share: np.ndarray, bins: int) -> np.ndarray:
    """Return how much is in each bin, where each row is dealt out to the two nearest by how near they are."""
    left = place.astype(np.int64)
    right_share = share * (place - left)
    return np.bincount(left, share - right_share, bins) + np.bincount(left + 1, right_share, bins)


def _bandwidth(values: np.ndarray, treated: np.ndarray) -> float:
    """Return Scott's (1992) normal reference bandwidth of the smaller arm, or of all where that arm does not vary.

    Where the middle half of the values is the same, their standard deviation serves alone.
    """
    smaller = values[treated if 2 * treated.sum() <= len(treated) else ~treated]
    kept = smaller if np.ptp(smaller) else values
    lower, upper = np.quantile(kept, (0.25, 0.75))
    deviation = float(kept.std(ddof=1))
    spread = min(deviation, (upper - lower) / 1.34) if upper > lower else deviation
    return float(1.06 * spread * len(kept) ** -0.2)


def _differences(values: np.ndarray, counted: Sequence[Counted]) -> list[float]:
    return [abs(float(each.signed @ values)) for each in counted]
