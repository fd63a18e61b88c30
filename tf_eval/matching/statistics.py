"""How far two groups are apart, as plain functions of arrays."""

import numpy as np


def effective_sample_size(weight: np.ndarray) -> float:
    """Return Kish's effective sample size of weights: how many equally weighted rows would say as much.

    It is the squared sum of the weights over the sum of their squares (Kish 1965); 0 where all weights are 0.
    """
    weight = np.asarray(weight, dtype=float)
    squares = float(weight @ weight)
    return float(weight.sum()) ** 2 / squares if squares else 0.0


def smd(values: np.ndarray, treated: np.ndarray, weight: np.ndarray | None = None) -> float:
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
    scale = yardstick(values, treated)
    difference = mean(values[treated], weight[treated]) - mean(values[~treated], weight[~treated])
    return float(difference / scale) if scale else 0.0


def yardstick(values: np.ndarray, treated: np.ndarray) -> float:
    """Return what a difference of means is measured by: see ``smd``. It is 0 where nothing varies."""
    return float(np.sqrt(variance(values[treated])) or np.sqrt(variance(values)))


def mean(values: np.ndarray, weight: np.ndarray) -> float:
    """Return the weighted mean."""
    return float(np.average(values, weights=weight))


def variance(values: np.ndarray, weight: np.ndarray | None = None) -> float:
    """Return the weighted variance, free of bias for reliability weights; p(1 - p) where all values are 0 or 1."""
    weight = np.ones(len(values)) if weight is None else weight
    share = weight / weight.sum()
    centre = float(share @ values)
    if is_binary(values):
        spread = centre * (1 - centre)
        return spread if spread > 1e-12 else 0.0  # where all are 1, the shares may add up to a little less
    freedom = 1 - float(share @ share)
    # Rounding leaves a trace of variance where every value is the same; the mean is the scale of that trace.
    found = float(share @ (values - centre) ** 2)
    return found / freedom if freedom > 0 and found > (1e-12 * centre) ** 2 else 0.0


def ecdf_max(values: np.ndarray, treated: np.ndarray, weight: np.ndarray) -> float:
    """Return the largest gap between the weighted distribution functions of the arms (Kolmogorov-Smirnov)."""
    order = np.argsort(values, kind="stable")
    step = np.where(treated, weight / weight[treated].sum(), -weight / weight[~treated].sum())[order]
    last_of_value = np.append(np.diff(values[order]) > 0, True)
    return float(np.abs(np.cumsum(step)[last_of_value]).max())


def is_binary(values: np.ndarray) -> bool:
    """Say whether every value is 0 or 1."""
    return bool(((values == 0) | (values == 1)).all())
