"""The course of a count over time: log-linear Poisson regression on season, a smooth trend, and steps."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import xlogy

LEAST_YEARS = 3  # a season has to come back before it can be told from a change
_MOST_ROUNDS = 50
_CLOSE_ENOUGH = 1e-8


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted Poisson regression: the mean of each count, the coefficients, and the log-likelihood."""

    mean: np.ndarray
    coefficients: np.ndarray
    log_likelihood: float


def fit_poisson(counts: np.ndarray, design: np.ndarray) -> Fit:
    """Fit the regression of ``counts`` on the columns of ``design`` by iteratively reweighted least squares."""
    linear = np.log(counts + 0.5)
    coefficients = _least_squares(design, linear, counts + 0.5)
    for _ in range(_MOST_ROUNDS):
        before, linear = coefficients, np.clip(design @ coefficients, -20, 30)
        mean = np.exp(linear)
        coefficients = _least_squares(design, linear + (counts - mean) / mean, mean)
        if np.abs(coefficients - before).max() < _CLOSE_ENOUGH:
            break
    mean = np.exp(np.clip(design @ coefficients, -20, 30))
    return Fit(mean, coefficients, float((xlogy(counts, mean) - mean).sum()))


def _least_squares(design: np.ndarray, values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    root = np.sqrt(weights)
    return np.linalg.lstsq(design * root[:, None], values * root, rcond=None)[0]


def season_and_trend(season: np.ndarray, time: np.ndarray) -> np.ndarray:
    """Return the columns of a level for each season and of a trend that may bend once."""
    levels = season[:, None] == np.unique(season)
    scaled = (time - time.mean()) / max(np.ptp(time), 1)
    return np.column_stack([levels, scaled, scaled**2]).astype(float)


def course(counts: np.ndarray, season: np.ndarray) -> np.ndarray:
    """Return the mean of each count by season and trend; where time is too short for that, by its neighbours."""
    mean = np.zeros(len(counts))
    seasonal = seasons_with_rows(counts, season)
    if len(counts) >= LEAST_YEARS * len(np.unique(season)):
        time = np.flatnonzero(seasonal)
        mean[seasonal] = fit_poisson(counts[seasonal], season_and_trend(season[seasonal], time)).mean
    elif len(counts) >= 3:
        mean[1:-1] = (counts[:-2] + counts[2:]) / 2
    return mean


def seasons_with_rows(counts: np.ndarray, season: np.ndarray) -> np.ndarray:
    """Return which counts belong to a season that has any rows at all."""
    return np.isin(season, season[counts > 0])


def step_statistics(counts: np.ndarray, fit: Fit, design: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Return the score statistic (one degree of freedom) of adding each column of ``steps`` to a fitted regression."""
    weighted = design * fit.mean[:, None]
    projected = np.linalg.lstsq(design.T @ weighted, weighted.T @ steps, rcond=None)[0]
    information = (steps**2 * fit.mean[:, None]).sum(axis=0) - ((weighted.T @ steps) * projected).sum(axis=0)
    score = steps.T @ (counts - fit.mean)
    return np.divide(score**2, information, out=np.zeros(len(score)), where=information > 1e-9)


def added(design: np.ndarray, columns: Sequence[np.ndarray]) -> np.ndarray:
    """Return a design with further columns."""
    return np.column_stack([design, *columns])
