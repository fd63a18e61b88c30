"""Did outcomes move in one direction? What shows in all of them a little, and in none of them clearly, shows in a sum.

The sum of standardised differences is the test of O'Brien (1984, Biometrics 40, 1079-1087), here with the covariance
that outcomes of the same families have.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from tf_eval import did
from tf_eval.errors import NotEstimated
from tf_eval.evidence.outcome_effect import OutcomeEffect

DRAWS = {"seed": 1, "draws": 199}  # what is taken of them is their covariance, which no draw decides


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


def sum_of(effects: Sequence[OutcomeEffect], months: tuple[int, int]) -> Sum:
    """Return the sum of standardised differences over event months, first and last.

    Args:
        effects: effects on outcomes of the same families. Those without an estimate over these months do not count.
        months: the months over which each is averaged.
    """
    joint = did.draw_jointly({effect.outcome.name: effect.estimate for effect in effects}, [months], **DRAWS)
    score = _in_errors(joint, np.array([1.0 if effect.is_harm(1.0) else -1.0 for effect in effects]))
    # Each outcome's own degrees of freedom are those of its families; the fewest are the safest.
    freedom = min((row.degrees_of_freedom for row in joint.rows if not isinstance(row, NotEstimated)), default=math.inf)
    single = tuple(row.p_value if _has_error(row) else math.nan for row in joint.rows)
    return Sum(score, float(2 * stats.t.sf(abs(score), freedom)), single)


def _in_errors(joint: did.JointDraws, signs: np.ndarray) -> float:
    had = [place for place, row in enumerate(joint.rows) if _has_error(row)]
    turned = signs[had]
    sizes = turned * np.array([joint.rows[place].att / joint.rows[place].std_error for place in had])
    scale = np.sqrt(np.diag(joint.covariance)[had])
    correlation = joint.covariance[np.ix_(had, had)] / np.outer(scale, scale) * np.outer(turned, turned)
    return float(sizes.sum() / np.sqrt(correlation.sum())) if had else 0.0


def _has_error(row: did.Estimate | NotEstimated) -> bool:
    return not isinstance(row, NotEstimated) and row.std_error > 0
