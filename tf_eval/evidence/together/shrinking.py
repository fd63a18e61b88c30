"""All effects of a site drawn to their mean together, because few interventions hardly tell how effects are spread.

Effects on different outcomes are set beside each other by what is worth having of each, positive where they are for the
better. What they have in common is learned from all of them, and each outcome's league table shows its part.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tf_eval.cohort.outcomes import Outcome
from tf_eval.errors import NotEstimated
from tf_eval.evidence.league import Prior, Shrunk, shrink
from tf_eval.evidence.outcome_effect import is_harm
from tf_eval.evidence.plain_outcome import PlainOutcome
from tf_eval.evidence.together.claim import Claim


class ShrunkTogether(NamedTuple):
    """Effects of a site, drawn to their mean: ``values`` and ``std_errors`` by claims (NaN: not estimated).

    They are in units of what is worth having, positive where they are for the better.
    """

    values: np.ndarray
    std_errors: np.ndarray
    prior: Prior

    def of(self, places: Sequence[int], unit: float) -> Shrunk:
        """Return those at some places that have an estimate, turned back by the ``unit_of`` their outcome."""
        values, errors = (part[list(places)] for part in (self.values, self.std_errors))
        had = ~np.isnan(values)
        prior = Prior(self.prior.mean * unit, self.prior.spread * abs(unit))
        return Shrunk(values[had] * unit, errors[had] * abs(unit), prior)


def unit_of(outcome: Outcome | PlainOutcome) -> float:
    """Return the smallest change worth having, as all plans have it that ask for none of their own; a fall negative."""
    return -outcome.smallest_worthwhile if is_harm(outcome, 1.0) else outcome.smallest_worthwhile


def shrink_together(claims: Sequence[Claim], deviations: np.ndarray) -> ShrunkTogether | NotEstimated:
    """Return headline effects drawn to the mean of all of them, in units of what is worth having.

    Args:
        claims: the headline effects.
        deviations: draws by claims, of the estimates from themselves, in any unit: they tell how estimates hang
            together, and no more.
    """
    errors = np.array([getattr(claim.size, "std_error", np.nan) or np.nan for claim in claims])
    had = np.flatnonzero(~np.isnan(errors))
    units = np.array([unit_of(claims[place].judged.outcome) for place in had])
    values = np.array([claims[place].size.value for place in had]) / units
    scale = errors[had] / units
    correlation = np.corrcoef(deviations[:, had], rowvar=False).reshape(len(had), len(had))
    shrunk = shrink(values, correlation * np.outer(scale, scale))
    if isinstance(shrunk, NotEstimated):
        return shrunk
    found = np.full((2, len(claims)), np.nan)
    found[:, had] = shrunk.values, shrunk.std_errors
    return ShrunkTogether(*found, shrunk.prior)
