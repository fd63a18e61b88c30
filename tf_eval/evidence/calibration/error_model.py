"""How estimates lie around the truth besides chance: the distribution of systematic error.

An estimate of a true effect t with standard error s is taken to be normal with mean m(t) and variance s² + sigma(t)².
Of negative controls alone (t = 0) these are two numbers (Schuemie and others 2014, Statistics in Medicine 33, 209-218).
With positive controls m and log sigma are linear in t (Schuemie and others 2018, PNAS 115, 2571-2577; R's
EmpiricalCalibration, ``fitSystematicErrorModel``).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Array = NDArray[np.float64]

LEAST = 1e-3  # of the smallest standard error; a smaller sigma is none
STARTS = (0.1, 1.0, 10.0)  # sigma in typical standard errors, from which the likelihood is climbed
CLIMBING = {"xatol": 1e-7, "fatol": 1e-10, "maxiter": 4000}


@dataclass(frozen=True)
class ErrorModel:
    """The distribution of systematic error, and how surely it is known.

    Attributes:
        mean: intercept and slope of the mean estimate in the true effect; the slope is 1 where it is not fitted.
        log_sigma: intercept and slope of the logarithm of sigma; the slope is 0 where it is not fitted.
        truth, std_error: shape (n,), of the controls that it was fitted to.
        is_sloped: whether slopes were fitted.
    """

    mean: tuple[float, float]
    log_sigma: tuple[float, float]
    truth: Array
    std_error: Array
    is_sloped: bool

    def mean_at(self, truth: float) -> float:
        """Return the mean estimate of a true effect."""
        return self.mean[0] + self.mean[1] * truth

    def sigma_at(self, truth: Array | float) -> Array:
        """Return the standard deviation of systematic error about that mean."""
        return np.exp(self.log_sigma[0] + self.log_sigma[1] * np.asarray(truth))

    def predicted(self, truth: float, std_error: float) -> tuple[float, float]:
        """Return the variance of a further estimate about the mean, and its degrees of freedom.

        The variance is that of chance, of systematic error (by n - p, for the likelihood's is too small on average) and
        of the fitted mean. The degrees of freedom are Satterthwaite's, by the likelihood's information on sigma²: those
        of a normal sample's prediction where systematic error is all there is, more where chance is most of it.
        """
        columns = _columns(self.truth, self.is_sloped)
        point = np.array([1.0, truth])[: columns.shape[1]]
        unbiased = len(self.truth) / (len(self.truth) - columns.shape[1])
        systematic = unbiased * float(self.sigma_at(truth)) ** 2
        ratio = (self.sigma_at(self.truth) / self.sigma_at(truth)) ** 2  # how sigma² there moves with that here
        weights = 1 / (self.std_error**2 + systematic * ratio)
        of_mean = np.linalg.solve((columns.T * weights) @ columns, point)
        of_sigma = np.linalg.solve((columns.T * (weights * ratio) ** 2) @ columns, point)
        variance = std_error**2 + systematic + float(point @ of_mean)
        moved = 1 + float(weights**2 * ratio @ (columns @ of_mean) ** 2)  # by a sigma² that is larger by 1
        return variance, variance**2 / (moved**2 * unbiased * float(point @ of_sigma))


def fit(value: Array, std_error: Array, truth: Array) -> ErrorModel:
    """Return the model that makes the estimates of controls most likely; sloped if true effects differ."""
    is_sloped = bool(np.ptp(truth) > 0)
    columns, error = _columns(truth, is_sloped), value - truth
    typical, floor = float(np.median(std_error)), np.log(LEAST * std_error.min())

    def line_and_variance(log_sigma: Array) -> tuple[Array, Array]:
        variance = std_error**2 + np.exp(2 * np.maximum(columns @ log_sigma, floor))
        weighted = columns.T / variance
        return np.linalg.solve(weighted @ columns, weighted @ error), variance

    def deviance(log_sigma: Array) -> float:
        line, variance = line_and_variance(log_sigma)
        return float(np.sum(np.log(variance) + (error - columns @ line) ** 2 / variance))

    starts = [np.array([np.log(typical * start), 0.0])[: columns.shape[1]] for start in STARTS]
    climbed = [minimize(deviance, start, method="Nelder-Mead", options=CLIMBING) for start in starts]
    log_sigma = min(climbed, key=lambda found: found.fun).x
    line, _ = line_and_variance(log_sigma)
    intercept, slope = np.append(line, 0.0)[:2]
    level, growth = np.append(log_sigma, 0.0)[:2]
    return ErrorModel((float(intercept), float(1 + slope)), (float(level), float(growth)), truth, std_error, is_sloped)


def _columns(truth: Array, is_sloped: bool) -> Array:
    return np.column_stack([np.ones_like(truth), truth] if is_sloped else [np.ones_like(truth)])
