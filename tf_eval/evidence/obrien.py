"""Did outcomes move in one direction? What shows in all of them a little, and in none of them clearly, shows in a sum.

The sum of standardised differences is the test of O'Brien (1984, Biometrics 40, 1079-1087), here with the covariance
that outcomes of the same families have.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from tf_eval.evidence.outcome_effect import OutcomeEffect
from tf_eval.evidence.standardised import standardise


@dataclass(frozen=True)
class Sum:
    """The sum of standardised differences of several outcomes.

    Attributes:
        score: the sum in its own errors, positive where it is for the worse; 0 where no outcome has an error.
        p_value: how often chance alone would make as much of no difference, in either direction.
        single: that of each outcome by itself, in the order given; missing (NaN) where it has no error.
    """

    score: float
    p_value: float
    single: tuple[float, ...]


def sum_of(effects: Sequence[OutcomeEffect], months: tuple[int, int] | str) -> Sum:
    """Return the sum of standardised differences over event months, first and last.

    Args:
        effects: effects on outcomes of the same families. Those without an estimate over these months do not count.
        months: the months over which each is averaged.
    """
    found = standardise(effects, months)
    score = float(found.scores.sum() / np.sqrt(found.correlation.sum())) if len(found.scores) else 0.0
    return Sum(score, float(2 * stats.t.sf(abs(score), found.degrees_of_freedom)), found.single)
