"""Intervals that hold at all looks, however many there will be: the normal mixture."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import lambertw

Array = NDArray[np.float64]

TIGHTEST = 12  # times the information of the first look: about a year of monthly reports


def prior_information(first: float, alpha: float) -> float:
    """Return the information of the normal prior that makes the interval tightest when the data have ``TIGHTEST`` times
    that of the first look (Howard, Ramdas, McAuliffe and Sekhon 2021, Annals of Statistics 49, 1055-1080, section 3.5).
    """
    share = -lambertw(-(alpha**2) / np.e, -1).real - 1
    return float(TIGHTEST * first / share)


def mixture_critical(information: Array, prior: float, alpha: float) -> Array:
    """Return how many errors from zero an estimate has to be (Robbins 1970, Annals of Mathematical Statistics 41).

    The chance that a sum of normal increments ever goes farther, at any of infinitely many looks, is ``alpha``. For
    estimates that are normal only in large samples it is so approximately (Waudby-Smith, Arbour, Sinha, Kennedy and
    Ramdas 2024, Annals of Statistics 52, 2613-2640).
    """
    return np.sqrt((1 + prior / information) * (np.log1p(information / prior) - 2 * np.log(alpha)))


def mixture_p(scores: Array, information: Array, prior: float) -> Array:
    """Return the level at which the interval around a z-score would just end at zero."""
    log_ratio = np.log1p(information / prior) / 2 - scores**2 / (2 * (1 + prior / information))
    return np.exp(np.minimum(log_ratio, 0.0))
