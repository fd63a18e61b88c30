"""How far two groups are apart, as plain functions of arrays.

Values are one column, or rows by columns; of several columns the answer is one number for each.
"""

from collections.abc import Callable

import numpy as np

from tf_eval.errors import InputError, raise_all
from tf_eval.matching.arguments import numbers, word_problems

OF_TREATED = "treated"


def effective_sample_size(weight: np.ndarray) -> float:
    """Return Kish's effective sample size of weights: how many equally weighted rows would say as much.

    It is the squared sum of the weights over the sum of their squares (Kish 1965); 0 where all weights are 0. Raises
    ``InputError`` where they are no numbers.
    """
    weight = numbers(weight, "effective_sample_size", "weight").ravel()
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

    Raises ``InputError`` where these are no numbers or do not fit together, or an arm has no row with a weight.
    """
    values, treated = numbers(values, "smd", "values"), numbers(treated, "smd", "treated").astype(bool)
    weight = np.ones(len(values)) if weight is None else numbers(weight, "smd", "weight")
    raise_all(InputError, "smd", _length_problems(values, treated, weight))
    difference = mean(values, weight * treated) - mean(values, weight * ~treated)
    return in_yardsticks(difference, yardstick(values, treated))


def _length_problems(values: np.ndarray, treated: np.ndarray, weight: np.ndarray) -> list[str]:
    if not (len(values),) == treated.shape == weight.shape:
        return ["values, treated and weight need one entry for each row"]
    return [] if (weight * treated).any() and (weight * ~treated).any() else ["each arm needs a row with a weight"]


def in_yardsticks(difference: np.ndarray | float, scale: np.ndarray | float) -> np.ndarray | float:
    """Return a difference in units of its yardstick; 0 where nothing varies."""
    return np.divide(difference, scale, out=np.zeros_like(difference), where=np.asarray(scale) > 0)[()]


def yardstick(values: np.ndarray, treated: np.ndarray, sd: str = OF_TREATED) -> np.ndarray | float:
    """Return what a difference of means is measured by, see ``smd`` and ``SPREADS``. It is 0 where nothing varies."""
    binary = is_binary(values)
    own = np.sqrt(SPREADS[sd](values, treated, binary))
    return own if np.all(own > 0) else np.where(own > 0, own, np.sqrt(variance(values, binary=binary)))[()]


def _pooled(values: np.ndarray, treated: np.ndarray, binary: np.ndarray | bool) -> np.ndarray | float:
    return (variance(values[treated], binary=binary) + variance(values[~treated], binary=binary)) / 2


# Whose variance before matching the yardstick is, as by ``s.d.denom`` of cobalt; pooled is the mean of the arms'.
SPREADS: dict[str, Callable[..., np.ndarray | float]] = {
    OF_TREATED: lambda values, treated, binary: variance(values[treated], binary=binary),
    "comparison": lambda values, treated, binary: variance(values[~treated], binary=binary),
    "pooled": _pooled,
    "all": lambda values, treated, binary: variance(values, binary=binary),
}


def sd_problems(sd: object) -> list[str]:
    """Say that there is no such yardstick."""
    return word_problems("sd", sd, SPREADS, what="standard deviation")


def mean(values: np.ndarray, weight: np.ndarray) -> np.ndarray | float:
    """Return the weighted mean."""
    return weight @ values / weight.sum()


def variance(
    values: np.ndarray, weight: np.ndarray | None = None, binary: np.ndarray | bool | None = None
) -> np.ndarray | float:
    """Return the weighted variance, free of bias for reliability weights; p(1 - p) of columns that are ``binary``.

    Where that is not said, those are binary of which all values are 0 or 1. It is to be said of part of a column: a
    number may be 0 or 1 in all rows of one arm.
    """
    binary = is_binary(values) if binary is None else binary
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
    return np.where(binary, np.where(of_binary > 1e-12, of_binary, 0.0), of_numbers)[()]


def is_binary(values: np.ndarray) -> np.ndarray | bool:
    """Say whether every value of a column is 0 or 1."""
    return ((values == 0) | (values == 1)).all(axis=0)
