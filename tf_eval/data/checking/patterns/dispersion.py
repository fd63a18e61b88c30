"""How much more counts differ from period to period than a Poisson count would.

Neighbouring periods are compared with one another, so that a lasting change, a gap or a slow drift adds next to
nothing (von Neumann's estimator).
"""

import numpy as np

from tf_eval.data.checking.patterns.regression import course
from tf_eval.data.checking.patterns.series import Series


def over_time(series: Series, left_out: np.ndarray | None = None) -> float:
    """Return the dispersion of the county's counts about their season and trend; at least 1.

    ``left_out`` are periods that may be a gap: in a short series two steps weigh much.
    """
    rows, known = series.total, series.comparable
    known = known if left_out is None else known & ~left_out
    mean = course(rows[known], series.periods.season[known])
    return max(1.0, _of_residuals((rows[known] - mean) / np.sqrt(np.maximum(mean, 1e-9)), mean > 0))


def between_districts(series: Series) -> float:
    """Return the dispersion of the districts' shares, that of the middle one of them; at least 1."""
    residuals, total = of_shares(series)
    return max(1.0, float(np.median([_of_residuals(row, total > 0) for row in residuals])))


def of_shares(series: Series) -> tuple[np.ndarray, np.ndarray]:
    """Return how far the districts' rows are from a constant share, in standard deviations, and the rows of all."""
    known = series.known.all(axis=0)
    rows = series.counts[:, known]
    total = rows.sum(axis=0)
    share = rows.sum(axis=1, keepdims=True) / max(total.sum(), 1)
    variance = total * share * (1 - share)
    residuals = np.divide(rows - share * total, np.sqrt(variance), out=np.zeros(rows.shape), where=variance > 0)
    return residuals, total


def _of_residuals(residuals: np.ndarray, usable: np.ndarray) -> float:
    steps = np.diff(residuals[usable])
    return float((steps**2).mean() / 2) if len(steps) else 1.0
