"""How many errors large an effect must be for its interval to leave 0 out with some chance."""

from numbers import Real
from typing import Any

import numpy as np
from scipy import stats
from scipy.optimize import brentq


def errors_needed(confidence: float, power: float, freedom: float) -> float:
    """Return the size, in errors, of the effect that is told from none with the chance ``power``.

    It is the sum of two quantiles, of the interval and of the power (Bloom 1995, Evaluation Review 19). With few
    degrees of freedom (infinite: normal) it is what the noncentral t asks for, which is more.
    """
    reach = float(stats.t.ppf(0.5 + confidence / 2, freedom))
    if np.isinf(freedom):
        return reach + float(stats.norm.ppf(power))
    return float(brentq(lambda size: stats.nct.sf(reach, freedom, size) - power, 0.0, 4 * reach + 10))


def power_problems(power: Any) -> list[str]:
    """Say what is wrong with a chance of finding an effect."""
    right = isinstance(power, Real) and 0.5 <= power < 1
    return [] if right else ["power must be 0.5 or more and below 1, for example 0.8."]
