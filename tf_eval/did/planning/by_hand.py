"""Planning by hand, before there is a panel: two groups that are compared once, by textbook."""

import math
from numbers import Real

import numpy as np
from scipy import stats
from scipy.optimize import brentq

from tf_eval.did.planning.detectable import errors_needed, power_problems
from tf_eval.errors import ConfigError, NotEstimated, raise_all
from tf_eval.matching.arguments import is_between, is_number, is_positive, is_whole
from tf_eval.matching.display import percent

OUT_OF_REACH = "even if nobody were left in that state, fewer than {power} of studies of this size would find it"
LARGEST = 1e12  # units that no study has


def detectable_change(
    n_treated: int,
    n_comparison: int | None = None,
    *,
    base_rate: float | None = None,
    standard_deviation: float | None = None,
    cluster_size: float = 1.0,
    correlation: float = 0.0,
    confidence: float = 0.95,
    power: float = 0.8,
) -> float | NotEstimated:
    """Return the smallest change that a study of so many units finds with the chance ``power``.

    Of a share it is the fall for which the test of two proportions, with the variance of both taken together where
    there is no effect, has that power (Fleiss, Levin and Paik 2003, Statistical Methods for Rates and Proportions, 3rd
    edition, section 4.2, without the correction for continuity): of a rise, give the share of those who are not in the
    state. Of anything else it is ``errors_needed`` times the error of a difference of means.

    Arguments:
        n_treated, n_comparison: units of each group; by default as many in both.
        base_rate: the share of units in the state without treatment, between 0 and 1.
        standard_deviation: of the outcome, where it is no share; with 1 the change is in standard deviations.
        cluster_size, correlation: units of a cluster (children of a family), and how alike they are, from 0 to 1: what
            a unit counts is divided by ``1 + (cluster_size - 1) * correlation`` (Kish 1965).
        confidence: of the interval that has to leave out no change.
        power: the chance of finding the change, from 0.5 on.

    Returns ``NotEstimated`` where not even a share that fell to nothing would be found so often.

    Raises:
        ConfigError: an option cannot be honoured.
    """
    sizes = (n_treated, n_treated if n_comparison is None else n_comparison)
    problems = (
        [] if all(is_whole(size, 2) for size in sizes) else ["each group needs a whole number of units, 2 or more."]
    )
    problems += _problems(base_rate, standard_deviation, cluster_size, correlation, confidence, power)
    raise_all(ConfigError, "detectable_change", problems)
    counted = np.array(sizes) / _inflation(cluster_size, correlation)
    if base_rate is None:
        return standard_deviation * errors_needed(confidence, power, np.inf) * math.sqrt((1 / counted).sum())
    if _surplus(base_rate, base_rate, counted, confidence, power) < 0:
        return NotEstimated(OUT_OF_REACH.format(power=percent(power)))
    return float(brentq(_surplus, 0.0, base_rate, args=(base_rate, counted, confidence, power), xtol=1e-12))


def units_needed(
    change: float,
    *,
    ratio: float = 1.0,
    base_rate: float | None = None,
    standard_deviation: float | None = None,
    cluster_size: float = 1.0,
    correlation: float = 0.0,
    confidence: float = 0.95,
    power: float = 0.8,
) -> int:
    """Return how many treated units it takes to find a change, with ``ratio`` comparison units for each.

    The change is a fall: of a share in shares (0.02 is two percentage points), else in the unit of
    ``standard_deviation``. The formulas, and the arguments by the same names, are those of ``detectable_change``.

    Raises:
        ConfigError: an option cannot be honoured, or the share cannot fall by so much.
    """
    problems = _problems(base_rate, standard_deviation, cluster_size, correlation, confidence, power)
    if not is_positive(change):
        problems.append("change must be a number above 0: by how much the outcome falls.")
    elif not problems and base_rate is not None and change > base_rate:
        problems.append("change is more than base_rate; a share cannot fall below nothing.")
    if not is_positive(ratio):
        problems.append("ratio must be a number above 0: comparison units for each treated one.")
    raise_all(ConfigError, "units_needed", problems)
    groups = np.array([1.0, ratio])
    if base_rate is None:
        counted = (standard_deviation * errors_needed(confidence, power, np.inf) / change) ** 2 * (1 / groups).sum()
    else:
        asked = (base_rate, confidence, power)
        counted = brentq(lambda size: _surplus(change, asked[0], size * groups, *asked[1:]), 1e-6, LARGEST)
    return math.ceil(counted * _inflation(cluster_size, correlation) - 1e-9)  # what is lost in the last digits


def _surplus(change: float, base_rate: float, sizes: np.ndarray, confidence: float, power: float) -> float:
    """Return by how much a fall of the treated is more than it takes to be found."""
    shares = np.array([base_rate - change, base_rate])
    pooled = sizes @ shares / sizes.sum()
    null = math.sqrt(pooled * (1 - pooled) * (1 / sizes).sum())
    real = math.sqrt((shares * (1 - shares) / sizes).sum())
    return change - stats.norm.ppf(0.5 + confidence / 2) * null - stats.norm.ppf(power) * real


def _inflation(cluster_size: float, correlation: float) -> float:
    return 1 + (cluster_size - 1) * correlation


def _problems(
    base_rate: float | None,
    standard_deviation: float | None,
    cluster_size: float,
    correlation: float,
    confidence: float,
    power: float,
) -> list[str]:
    problems = power_problems(power)
    if (base_rate is None) == (standard_deviation is None):
        problems.append("give base_rate (of a share) or standard_deviation (of anything else), one of them.")
    if not (base_rate is None or is_between(base_rate, 0, 1)):
        problems.append("base_rate must be a share between 0 and 1, such as 0.2.")
    if not (standard_deviation is None or is_positive(standard_deviation)):
        problems.append("standard_deviation must be a number above 0.")
    if not (is_number(cluster_size) and cluster_size >= 1):
        problems.append("cluster_size must be a number of units, 1 or more.")
    if not (isinstance(correlation, Real) and 0 <= correlation <= 1):
        problems.append("correlation must lie between 0 and 1.")
    if not is_between(confidence, 0, 1):
        problems.append("confidence must lie between 0 and 1, for example 0.95.")
    return problems
