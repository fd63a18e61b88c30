"""Effects in their own errors, and how they hang together through the families that they share."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tf_eval import did
from tf_eval.errors import NotEstimated
from tf_eval.evidence.outcome_effect import OutcomeEffect

DRAWS = {"seed": 1, "draws": 199}  # what is taken of them is their covariance, which no draw decides


class Standardised(NamedTuple):
    """Those of several effects that have an error.

    Attributes:
        scores: each by its error, positive where it is for the worse; shape (k,).
        correlation: of the scores; shape (k, k).
        degrees_of_freedom: the fewest of any effect, which are the safest.
        single: the p-value of every effect by itself, in the order given; missing (NaN) where it has no error.
    """

    scores: np.ndarray
    correlation: np.ndarray
    degrees_of_freedom: float
    single: tuple[float, ...]


def standardise(effects: Sequence[OutcomeEffect], months: tuple[int, int] | str) -> Standardised:
    """Return effects over event months, first and last, in their own errors.

    Args:
        effects: of one panel of families: of an intervention on several outcomes, of several on one, or both.
        months: the months over which each is averaged, as ``draw_jointly`` has them.
    """
    joint = did.draw_jointly({str(place): effect.estimate for place, effect in enumerate(effects)}, [months], **DRAWS)
    had = [place for place, row in enumerate(joint.rows) if _has_error(row)]
    turned = np.array([1.0 if effects[place].is_harm(1.0) else -1.0 for place in had])
    errors = turned * np.sqrt(np.diag(joint.covariance)[had])
    scores = turned * np.array([joint.rows[place].att / joint.rows[place].std_error for place in had])
    correlation = joint.covariance[np.ix_(had, had)] / np.outer(errors, errors)
    freedom = min((row.degrees_of_freedom for row in joint.rows if not isinstance(row, NotEstimated)), default=math.inf)
    single = tuple(row.p_value if _has_error(row) else math.nan for row in joint.rows)
    return Standardised(scores, correlation, freedom, single)


def _has_error(row: did.Estimate | NotEstimated) -> bool:
    return not isinstance(row, NotEstimated) and row.std_error > 0
