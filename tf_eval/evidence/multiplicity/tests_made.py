"""Which of a list of p-values are of tests that were made, and in what order they come."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def smallest_first(p_values: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return the p-values as an array, and the places of those that are not missing, the smallest first."""
    raw = np.asarray(p_values, dtype=float)
    made = np.flatnonzero(~np.isnan(raw))
    return raw, made[np.argsort(raw[made], kind="stable")]


def largest_first(
    raw: NDArray[np.float64], order: NDArray[np.intp], factors: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return p-values times their factors, from the largest down: none is larger than one of a larger raw p-value."""
    adjusted = np.full(raw.shape, np.nan)
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate((raw[order] * factors)[::-1])[::-1])
    return adjusted
