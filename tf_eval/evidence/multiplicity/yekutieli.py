"""Benjamini and Yekutieli: the share of claims that are false, whatever the dependence between tests."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tf_eval.evidence.multiplicity.tests_made import largest_first, smallest_first


def yekutieli(p_values: ArrayLike) -> NDArray[np.float64]:
    """Return the adjusted p-values of Benjamini and Yekutieli.

    Of the claims made where these are at most some level, the expected share that are false is at most that level,
    whatever the dependence between tests (Benjamini and Yekutieli 2001, Annals of Statistics 29, 1165-1188, theorem
    1.3). It is not the chance of even one false claim, which ``holm`` and ``step_down`` keep.

    Args:
        p_values: shape (k,). A missing value (an outcome that could not be estimated) is no test and stays missing.
    """
    raw, order = smallest_first(p_values)
    place = np.arange(1, order.size + 1)
    return largest_first(raw, order, order.size * np.sum(1 / place) / place)
