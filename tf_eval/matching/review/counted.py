"""The rows of each arm that count, and for how much."""

from dataclasses import dataclass
from typing import Self

import numpy as np


@dataclass(frozen=True, eq=False)
class Counted:
    """Which rows of the treated and of the comparison arm count, for one set of weights.

    rows      of each arm, treated first, the rows whose weight is not 0
    shares    of each arm, the share of it that each of these rows stands for
    signed    the same for every row of the sample: that of a comparison row with a minus, 0 where a row does not count
    """

    rows: tuple[np.ndarray, np.ndarray]
    shares: tuple[np.ndarray, np.ndarray]
    signed: np.ndarray

    @classmethod
    def of(cls, treated: np.ndarray, weight: np.ndarray) -> Self:
        """Sort out the rows of a sample by who was treated and the weight of each."""
        signed = np.where(treated, weight / weight[treated].sum(), -weight / weight[~treated].sum())
        rows = np.flatnonzero(treated & (weight != 0)), np.flatnonzero(~treated & (weight != 0))
        return cls(rows, (signed[rows[0]], -signed[rows[1]]), signed)

    def parts(self, values: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return, of each arm, the values of its rows and their shares."""
        return [(values[rows], share) for rows, share in zip(self.rows, self.shares, strict=True)]
