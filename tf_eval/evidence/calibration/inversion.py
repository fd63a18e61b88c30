"""From the distribution of estimates given the truth to an interval for the truth given an estimate."""

import math
from collections.abc import Callable

from scipy import stats
from scipy.optimize import brentq

from tf_eval.evidence.calibration.error_model import ErrorModel

DOUBLINGS = 60  # of the distance at which an end is sought, before it is taken as infinite


def calibrated_interval(
    model: ErrorModel, value: float, std_error: float, confidence: float
) -> tuple[float, float, float]:
    """Return the true effect of which an estimate is the mean, and those of which it is just likely enough.

    Raises ``ValueError`` where larger effects do not give larger estimates.
    """
    if model.mean[1] <= 0:
        raise ValueError("estimates of the positive controls do not rise with their true effects")
    centre = (value - model.mean[0]) / model.mean[1]

    def above(truth: float, side: int) -> float:
        """Return how far the estimate is from the end of what this truth makes likely; 0 at the end sought."""
        variance, freedom = model.predicted(truth, std_error)
        reach = stats.t.ppf(0.5 + confidence / 2, freedom) * math.sqrt(variance)
        return side * (model.mean_at(truth) - value) - reach

    step = math.sqrt(model.predicted(centre, std_error)[0]) / model.mean[1]
    low, high = (_end(lambda truth, side=side: above(truth, side), centre, side * step) for side in (-1, 1))
    return centre, low, high


def calibrated_p(model: ErrorModel, value: float, std_error: float) -> float:
    """Return how likely an estimate as far from the mean of those of no effect would be, with no effect."""
    variance, freedom = model.predicted(0.0, std_error)
    return float(2 * stats.t.sf(abs(value - model.mean_at(0.0)) / math.sqrt(variance), freedom))


def _end(above: Callable[[float], float], centre: float, step: float) -> float:
    """Return where a function that is negative at the centre reaches 0 in one direction; infinite where it does not."""
    for doubling in range(DOUBLINGS):
        reached = centre + step * 2**doubling
        if above(reached) >= 0:
            return float(brentq(above, *sorted((centre, reached)), xtol=1e-12, rtol=1e-12))
    return math.copysign(math.inf, step)
