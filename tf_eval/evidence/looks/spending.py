"""How much of the chance of a false alarm may have been used by when."""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

OBRIEN_FLEMING, POCOCK = SPENDING = ("obrien_fleming", "pocock")


def spent(times: NDArray[np.float64], alpha: float, spending: str) -> NDArray[np.float64]:
    """Return the part of ``alpha`` that may be used up by each time (Lan and DeMets 1983, Biometrika 70, 659-663).

    Args:
        times: shape (k,), shares of the planned time that have passed (calendar time: Lan and DeMets 1989, Statistics
            in Medicine 8, 1191-1198), above 0 and up to 1.
        alpha: the chance, over both sides and all looks, that the true value is ever left out.
        spending: ``"obrien_fleming"``, hardly any early, or ``"pocock"``, about as much at each look.
    """
    if spending == POCOCK:
        return alpha * np.log1p((np.e - 1) * times)
    # Each side has half of alpha, and its own boundary.
    return 4 * stats.norm.sf(stats.norm.isf(alpha / 4) / np.sqrt(times))
