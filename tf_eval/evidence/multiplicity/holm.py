"""Holm: the chance of even one false claim, from the p-values alone."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tf_eval.evidence.multiplicity.tests_made import smallest_first


def holm(p_values: ArrayLike) -> NDArray[np.float64]:
    """Return Holm's step-down adjusted p-values.

    The chance of even one false claim over the whole family of tests stays at the level at which the adjusted values
    are read, whatever the dependence between outcomes (Holm 1979, Scandinavian Journal of Statistics 6, 65-70).

    Args:
        p_values: shape (k,). A missing value (an outcome that could not be estimated) is no test and stays missing.
    """
    raw, order = smallest_first(p_values)
    adjusted = np.full(raw.shape, np.nan)
    factors = np.arange(order.size, 0, -1)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(raw[order] * factors))
    return adjusted
