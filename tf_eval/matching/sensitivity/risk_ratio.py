"""E-values as plain functions of numbers, and other measures as approximate risk ratios (VanderWeele and Ding 2017)."""

import math
from collections.abc import Callable

from scipy.optimize import brentq
from scipy.stats import norm


def e_value_of(ratio: float) -> float:
    """Return the E-value of a risk ratio: the least risk ratio of a hidden thing with both treatment and outcome."""
    above = max(ratio, 1 / ratio)
    return above + math.sqrt(above * (above - 1))


def _hazard(ratio: float) -> float:
    return (1 - 0.5 ** math.sqrt(ratio)) / (1 - 0.5 ** math.sqrt(1 / ratio))


def _as_it_is(ratio: float) -> float:
    return ratio


def _standardised(difference: float) -> float:
    return math.exp(0.91 * difference)


# A common outcome is one that more than 15 in 100 have by the end of follow-up.
TO_RISK_RATIO: dict[tuple[str, bool], Callable[[float], float]] = {
    ("risk_ratio", False): _as_it_is,
    ("risk_ratio", True): _as_it_is,
    ("odds_ratio", False): math.sqrt,
    ("odds_ratio", True): _as_it_is,
    ("hazard_ratio", False): _hazard,
    ("hazard_ratio", True): _as_it_is,
    ("standardised_difference", False): _standardised,
    ("standardised_difference", True): _standardised,
}


def limit_of_risk_difference(risks: tuple[float, float], rows: tuple[int, int], level: float) -> float:
    """Return the bias factor that brings the lower limit of a risk difference to 0; 1 where it is there already.

    risks   of the treated and of the comparison rows; the first is the larger
    rows    of the two arms

    Ding and VanderWeele (2016, Epidemiology 27): the difference in the whole population after division by the
    bias factor, with the sampling error of both risks and of the share treated. R's ``EValue::evalues.RD`` looks for
    it on a grid of 0.0001.
    """
    reach = float(norm.ppf(0.5 + level / 2))
    ratio = risks[0] / risks[1]

    def lower(factor: float) -> float:
        return _lower_limit(factor, risks, rows, reach)

    return 1.0 if lower(1.0) <= 0 else float(brentq(lower, 1.0, ratio, xtol=1e-12))


def _lower_limit(factor: float, risks: tuple[float, float], rows: tuple[int, int], reach: float) -> float:
    (treated, compared), (many, others) = risks, rows
    share = many / (many + others)
    difference = treated - compared * factor
    standard = share + (1 - share) / factor
    of_risks = treated * (1 - treated) / many + compared * (1 - compared) / others * factor**2
    of_share = share * (1 - share) / (many + others)
    variance = of_risks * standard**2 + difference**2 * (1 - 1 / factor) ** 2 * of_share
    return difference * standard - reach * math.sqrt(variance)
