"""Whether effects differ between parts by more than chance: one test for two parts or many.

Welch's (1951, Biometrika 38, 330-336), which lets each part be known as well as its families allow, here for estimates
whose errors hang together as well: weights become what the generalised mean leaves of each part. For two parts it is
the t test with Satterthwaite's degrees of freedom, whose interval goes with it.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from tf_eval.evidence.between import projection
from tf_eval.evidence.effect_size import CONFIDENCE


@dataclass(frozen=True)
class Interaction:
    """How effects differ between the parts of a subgroup, in the units of the effects.

    Attributes:
        difference, std_error, low, high: of two parts, the effect in the first less that in the second; else missing.
        spread: the standard deviation of true effects over parts, where there are enough of them; else missing.
        statistic: Welch's F, with ``degrees_of_freedom`` (numerator, denominator).
        p_value: of effects so far apart where all are the same.
        p_adjusted: the same, with Holm's allowance for all interactions of the evaluation.
    """

    difference: float
    std_error: float
    low: float
    high: float
    spread: float
    statistic: float
    degrees_of_freedom: tuple[int, float]
    p_value: float
    p_adjusted: float = math.nan

    @property
    def differs(self) -> bool:
        """Whether parts differ by more than chance would make them, with the allowance."""
        return self.p_adjusted < 1 - CONFIDENCE


def compare_parts(
    values: np.ndarray, covariance: np.ndarray, freedom: np.ndarray, spread: float = math.nan
) -> Interaction:
    """Compare k parts.

    Args:
        values: shape (k,), the effect in each part.
        covariance: of the effects, k by k and positive definite.
        freedom: shape (k,), degrees of freedom of each error, finite.
        spread: see ``Interaction``.
    """
    k, away = len(values), projection(covariance)
    lack = float(np.sum(np.diag(away @ covariance) ** 2 / freedom))
    statistic = float(values @ away @ values) / (k - 1) / (1 + 2 * (k - 2) / (k**2 - 1) * lack)
    denominator = (k**2 - 1) / (3 * lack)
    p_value = float(stats.f.sf(statistic, k - 1, denominator))
    apart = _difference(values, covariance, denominator) if k == 2 else (math.nan,) * 4
    return Interaction(*apart, spread, statistic, (k - 1, denominator), p_value)


def _difference(values: np.ndarray, covariance: np.ndarray, freedom: float) -> tuple[float, float, float, float]:
    turn = np.array([1.0, -1.0])
    difference, error = float(turn @ values), math.sqrt(turn @ covariance @ turn)
    reach = float(stats.t.ppf(0.5 + CONFIDENCE / 2, freedom)) * error
    return difference, error, difference - reach, difference + reach
