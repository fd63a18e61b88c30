"""What a variable left out of a regression would do to a coefficient (Cinelli and Hazlett 2020), as plain functions.

The strength of such a variable is its two partial R2, given all that is in the regression: with treatment
(``r2_treatment``) and with the outcome (``r2_outcome``).
"""

import math
from dataclasses import dataclass

import numpy as np

from tf_eval.matching.effects.regression import fit_weighted


@dataclass(frozen=True)
class Coefficient:
    """A coefficient with its classical standard error and residual degrees of freedom.

    ``critical`` is how many of these errors its interval reaches; with clustered errors, the quantile of t times the
    clustered error over the classical one, which is then taken not to depend on the variable left out.
    """

    estimate: float
    std_error: float
    degrees_of_freedom: int
    critical: float

    def adjusted(self, r2_treatment: float, r2_outcome: float) -> tuple[float, float, float]:
        """Return estimate and interval had a variable of that strength been in, at its worst: towards 0, or beyond."""
        bias = math.sqrt(r2_outcome * r2_treatment / (1 - r2_treatment) * self.degrees_of_freedom) * self.std_error
        estimate = math.copysign(1.0, self.estimate) * (abs(self.estimate) - bias)
        freedom = self.degrees_of_freedom / (self.degrees_of_freedom - 1)
        std_error = self.std_error * math.sqrt((1 - r2_outcome) / (1 - r2_treatment) * freedom)
        return estimate, estimate - self.critical * std_error, estimate + self.critical * std_error

    def robustness_value(self) -> float:
        """Return the share of what is left of both treatment and outcome that brings the estimate to 0."""
        return _robustness(abs(self.estimate / self.std_error) / math.sqrt(self.degrees_of_freedom))

    def robustness_value_ci(self) -> float:
        """Return the share that brings the nearer limit of the interval to 0; 0 where it is there already."""
        strength = abs(self.estimate / self.std_error) / math.sqrt(self.degrees_of_freedom)
        return _robustness(max(0.0, strength - self.critical / math.sqrt(self.degrees_of_freedom - 1)))


def _robustness(strength: float) -> float:
    return (math.sqrt(strength**4 + 4 * strength**2) - strength**2) / 2


def benchmark(r2_treatment: float, r2_outcome: float, times: float) -> tuple[float, float] | None:
    """Return the strength of a hidden variable ``times`` as strong as an observed one; None if there can be none.

    r2_treatment   partial R2 of the observed one with treatment, given the others
    r2_outcome     the same with the outcome, given the others and treatment

    It is as many times as strong in both (Cinelli and Hazlett 2020, section 4.4). A share of the outcome above all
    that is left counts as all.
    """
    with_treatment = times * r2_treatment / (1 - r2_treatment)
    if with_treatment >= 1:
        return None
    through = times * r2_treatment**2 / ((1 - times * r2_treatment) * (1 - r2_treatment))
    with_outcome = ((math.sqrt(times) + math.sqrt(through)) ** 2 / (1 - through)) * r2_outcome / (1 - r2_outcome)
    return with_treatment, min(with_outcome, 1.0)


def partial_r2(target: np.ndarray, others: np.ndarray, own: np.ndarray, weight: np.ndarray) -> float:
    """Return the share of what ``others`` (with a constant) leave of ``target`` that ``own`` explains.

    target, weight   one number for each row
    others, own      rows by columns
    """
    without = _left(target, others, weight)
    return max(0.0, 1 - _left(target, np.hstack([others, own]), weight) / without) if without > 0 else 0.0


def _left(target: np.ndarray, regressors: np.ndarray, weight: np.ndarray) -> float:
    fit = fit_weighted(np.hstack([np.ones((len(target), 1)), regressors]), target, weight)
    return float(fit.weight @ fit.residuals**2)
