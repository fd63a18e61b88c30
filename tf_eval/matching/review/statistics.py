"""How far two groups are apart, as plain functions of arrays.

Values are one column, or rows by columns; of several columns the answer is one number for each.
"""

from collections.abc import Sequence

import numpy as np


def effective_sample_size(weight: np.ndarray) -> float:
    """Return Kish's effective sample size of weights: how many equally weighted rows would say as much.

    It is the squared sum of the weights over the sum of their squares (Kish 1965); 0 where all weights are 0.
    """
    weight = np.asarray(weight, dtype=float)
    squares = float(weight @ weight)
    return float(weight.sum()) ** 2 / squares if squares else 0.0


def smd(values: np.ndarray, treated: np.ndarray, weight: np.ndarray | None = None) -> np.ndarray | float:
    """Return the standardised mean difference of ``values``, treated less comparison.

    values    numbers, one for each row of the sample before matching
    treated   true for treated rows
    weight    weights after matching (0 for rows left out); None compares the sample as it is

    The yardstick is the standard deviation of the treated before matching, whatever the weights, so that a fall is a
    fall of the difference and not a change of the yardstick; for 0/1 values it is the square root of p(1 - p). This
    is what MatchIt gives for the effect on the treated (Ho, Imai, King and Stuart 2011). Where the treated do not
    vary, the standard deviation of the whole sample serves instead; where nothing varies, the answer is 0.
    """
    values, treated = np.asarray(values, dtype=float), np.asarray(treated, dtype=bool)
    weight = np.ones(len(values)) if weight is None else np.asarray(weight, dtype=float)
    difference = mean(values, weight * treated) - mean(values, weight * ~treated)
    return in_yardsticks(difference, yardstick(values, treated))


def in_yardsticks(difference: np.ndarray | float, scale: np.ndarray | float) -> np.ndarray | float:
    """Return a difference in units of its yardstick; 0 where nothing varies."""
    return np.divide(difference, scale, out=np.zeros_like(difference), where=np.asarray(scale) > 0)[()]


def yardstick(values: np.ndarray, treated: np.ndarray) -> np.ndarray | float:
    """Return what a difference of means is measured by: see ``smd``. It is 0 where nothing varies."""
    own = np.sqrt(variance(values[treated]))
    return own if np.all(own > 0) else np.where(own > 0, own, np.sqrt(variance(values)))[()]


def mean(values: np.ndarray, weight: np.ndarray) -> np.ndarray | float:
    """Return the weighted mean."""
    return weight @ values / weight.sum()


def variance(values: np.ndarray, weight: np.ndarray | None = None) -> np.ndarray | float:
    """Return the weighted variance, free of bias for reliability weights; p(1 - p) where all values are 0 or 1."""
    weight = np.ones(len(values)) if weight is None else weight
    share = weight / weight.sum()
    centre = share @ values
    of_binary = centre * (1 - centre)
    freedom = 1 - float(share @ share)
    found = share @ (values - centre) ** 2
    # Rounding leaves a trace of variance where every value is the same; the mean is the scale of that trace. Where all
    # are 1, the shares may add up to a little less.
    varies = (freedom > 0) & (found > (1e-12 * centre) ** 2)
    of_numbers = np.where(varies, found / (freedom if freedom > 0 else 1.0), 0.0)
    return np.where(is_binary(values), np.where(of_binary > 1e-12, of_binary, 0.0), of_numbers)[()]


def ecdf_gaps(values: np.ndarray, treated: np.ndarray, weights: Sequence[np.ndarray]) -> list[tuple[float, float]]:
    """Return, for each set of weights, how far the arms' weighted distribution functions of one column are apart.

    That is the largest gap (Kolmogorov-Smirnov) and the mean gap over the distinct values of all rows; of 0/1 values
    both are the difference of the shares, as in MatchIt (Ho, Imai, King and Stuart 2011).
    """
    signed = [np.where(treated, each / each[treated].sum(), -each / each[~treated].sum()) for each in weights]
    if is_binary(values):
        gaps = [abs(float(step @ values)) for step in signed]
        return [(gap, gap) for gap in gaps]
    order = np.argsort(values)  # once for all weights; the order of equal values changes nothing
    last_of_value = np.flatnonzero(np.append(np.diff(values[order]) > 0, True))
    gaps = [np.abs(np.cumsum(step[order])[last_of_value]) for step in signed]
    return [(float(gap.max()), float(gap.mean())) for gap in gaps]


def is_binary(values: np.ndarray) -> np.ndarray | bool:
    """Say whether every value of a column is 0 or 1."""
    return ((values == 0) | (values == 1)).all(axis=0)
