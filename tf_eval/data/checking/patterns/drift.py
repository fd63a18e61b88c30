"""How fast districts drift: beside their noise, their shares of the county take a small step each month that stays.

The logarithm of a share is taken for a random walk seen through noise (the local level model of Harvey 1989). Its
monthly differences are independent once they are written as sums of sine waves, and the slow waves tell the drift.
"""

from dataclasses import dataclass

import numpy as np
from scipy.fft import dst

from tf_eval.data.checking.patterns.dispersion import of_shares
from tf_eval.data.checking.patterns.series import Series

_LEAST_MONTHS = 12
_PLAUSIBLE = 1.0  # of twice the log-likelihood below the highest: up to one standard error above the likeliest
_STEPS = np.concatenate([[0.0], np.geomspace(1e-6, 0.1, 60)])  # variances of the log share that a month may add


@dataclass(frozen=True)
class Spread:
    """What districts stray by: ``dispersion`` from month to month, ``drift`` for good each month.

    The first is in variances of a Poisson count and at least 1, the second a variance of the log share.
    """

    dispersion: float
    drift: float = 0.0

    def between(self, months: np.ndarray, information: np.ndarray) -> np.ndarray:
        """Return the variance of a comparison, in units of its variance if both sides were Poisson counts.

        Args:
            months: how many months are compared, on both sides together.
            information: what their counts tell of the log ratio: one over its Poisson variance.

        The means of a random walk over n months on either side of a day differ by 2n/3 of its monthly variance.
        """
        return self.dispersion + self.drift * months / 3 * information


def spread_of(series: Series, dispersion: float) -> Spread:
    """Return the spread of a series' districts, which all drift alike."""
    return Spread(dispersion, _monthly_variance(series, dispersion))


def _information(series: Series) -> np.ndarray:
    """Return what a month tells of each district's log share: rows, less those that it is itself of the county."""
    known = series.known.all(axis=0)
    rows = series.counts[:, known]
    share = rows.sum(axis=1) / max(rows.sum(), 1)
    return rows.sum(axis=0).mean() * share * (1 - share) if known.any() else np.zeros(len(rows))


def _monthly_variance(series: Series, dispersion: float) -> float:
    """Return the largest plausible variance by which the districts' log shares move for good in a month.

    The likeliest would be too small as often as too large, and where it is too small a drift looks like a step.
    """
    residuals, total = of_shares(series)
    residuals = residuals[:, total > 0]
    districts, months = residuals.shape
    if months <= _LEAST_MONTHS or districts < 2:
        return 0.0
    waves = dst(np.diff(residuals, axis=1), type=1, norm="ortho", axis=1)
    noise = dispersion * (2 - 2 * np.cos(np.pi * np.arange(1, months) / months))
    variance = noise + _STEPS[:, None, None] * _information(series)[:, None]
    deviance = (np.log(variance) + waves**2 / variance).sum(axis=(1, 2))
    deviance *= (districts - 1) / districts  # the last district's share follows from the others'
    return float(_STEPS[deviance <= deviance.min() + _PLAUSIBLE][-1])
