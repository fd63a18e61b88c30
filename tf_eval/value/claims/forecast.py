"""When families that are not claimed yet may be expected to be: by how long it took those that are."""

from dataclasses import dataclass

import numpy as np

from tf_eval.errors import NotEstimated


@dataclass(frozen=True, eq=False, repr=False)
class Pace:
    """By months since being taken on, the share claimed in each month of the families not claimed before it.

    A life table (Kaplan and Meier 1958): families not claimed yet count until the last month in which they were looked
    at. Nothing is known of longer times than the longest seen; there nobody is expected to be claimed.
    """

    hazard: np.ndarray

    def expected(self, waited: np.ndarray, months: int) -> np.ndarray:
        """Return families x months: the chance that each is claimed in each of the coming months.

        Args:
            waited: how many months ago each was taken on; negative where that is still to come.
            months: how many months to look ahead.
        """
        due = waited[:, None] + np.arange(1, months + 1)
        known = (due >= 0) & (due < len(self.hazard))
        hazard = np.where(known, self.hazard[np.clip(due, 0, len(self.hazard) - 1)], 0.0)
        waiting = np.cumprod(np.hstack([np.ones((len(waited), 1)), 1 - hazard[:, :-1]]), axis=1)
        return waiting * hazard


def pace_of(claimed_after: np.ndarray, waited: np.ndarray) -> Pace | NotEstimated:
    """Return the pace at which families were claimed, in months since they were taken on.

    Args:
        claimed_after: for each family claimed, after how many months.
        waited: for each family not claimed, how many months it was looked at.
    """
    if not len(claimed_after):
        return NotEstimated("none of the families attached has been claimed yet")
    longest = int(max(claimed_after.max(), waited.max(initial=0)))
    claims = np.bincount(claimed_after, minlength=longest + 1)
    leaving = claims + np.bincount(waited, minlength=longest + 1)
    at_risk = leaving[::-1].cumsum()[::-1]
    return Pace(np.divide(claims, at_risk, out=np.zeros(longest + 1), where=at_risk > 0))
