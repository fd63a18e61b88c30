"""Which of a list of p-values are of tests that were made, and in what order they come."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def smallest_first(p_values: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return the p-values as an array, and the places of those that are not missing, the smallest first."""
    raw = np.asarray(p_values, dtype=float)
    made = np.flatnonzero(~np.isnan(raw))
    return raw, made[np.argsort(raw[made], kind="stable")]
