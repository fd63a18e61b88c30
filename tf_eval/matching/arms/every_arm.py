"""The sample of several arms before matching."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from tf_eval.matching.reading.covariates import Covariates


@dataclass(frozen=True, eq=False, repr=False)
class EveryArm:
    """The sample before matching, as arrays with an entry for each row.

    arms          names of the arms, the reference first
    arm           the place of each row's arm among them
    supported     whether all arms have its scores
    weight        what the match gave (0 for rows left out)
    covariates    the coded covariates
    probability   of each arm, for the supported rows alone; rows by arms
    unit          whole numbers
    """

    arms: tuple[Any, ...]
    arm: np.ndarray
    supported: np.ndarray
    weight: np.ndarray
    covariates: Covariates
    probability: np.ndarray
    unit: np.ndarray

    def count_units(self, rows: np.ndarray) -> int:
        """Return of how many units some rows (true for these) are."""
        return int(np.count_nonzero(np.bincount(self.unit[rows])))
