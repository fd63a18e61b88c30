"""Benjamini and Hochberg: the share of claims that are false, where tests hang together at most in one direction."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tf_eval.evidence.multiplicity.tests_made import largest_first, smallest_first


def hochberg(p_values: ArrayLike) -> NDArray[np.float64]:
    """Return the adjusted p-values of Benjamini and Hochberg.

    Of the claims made where these are at most some level, the expected share that are false is at most that level, for
    independent tests (Benjamini and Hochberg 1995, Journal of the Royal Statistical Society B 57, 289-300) and such
    as depend positively on each other (Benjamini and Yekutieli 2001, theorem 1.2). ``yekutieli`` asks for neither, and
    finds less.

    Args:
        p_values: shape (k,). A missing value (an outcome that could not be estimated) is no test and stays missing.
    """
    raw, order = smallest_first(p_values)
    return largest_first(raw, order, order.size / np.arange(1, order.size + 1))
