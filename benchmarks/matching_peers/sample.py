"""Generated units: who was treated, ten covariates, a category and a score; from a stated seed."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

SEED = 1983
TREATED, SCORE, OUTCOME, UNIT, MONTH, WEIGHT = "treated", "log_odds", "outcome", "unit", "month", "weight"
NUMBERS = tuple(f"number_{place}" for place in range(1, 9))
FLAGS = ("flag_1", "flag_2")
AREA, AREAS = "area", ("city", "east", "north", "south", "west")
ON = (*NUMBERS, *FLAGS, AREA)
LEVELS = tuple(f"area_{name}" for name in AREAS[1:])  # the category as yes/no, without its first
CODED = (*NUMBERS, *FLAGS, *LEVELS)
EXACT = (AREA, FLAGS[0])
COARSENED, CUTS = (*NUMBERS[:5], *FLAGS, AREA), (-1.5, -0.5, 0.5, 1.5)
CALIPER = 0.2  # standard deviations of the score
TOLERANCE = 0.1  # standard deviations: what means may differ by where the largest balanced sample is asked for
SHARE, MONTHS = 0.1, 36
_SLOPES = np.array([0.4, -0.3, 0.2, 0.2, -0.2, 0.1, 0.1, 0.0, 0.3, -0.2])  # of numbers and flags
_AREA_SLOPES = np.array([0.0, 0.1, -0.1, 0.2, -0.2])


@dataclass(frozen=True)
class Sample:
    """One row a unit. The score is the true log odds of treatment but for a constant; one unit in ten is treated."""

    units: int
    seed: int = SEED

    @cached_property
    def frame(self) -> pd.DataFrame:
        rng = np.random.default_rng(self.seed)
        values = rng.normal(size=(self.units, len(NUMBERS))) + 0.5 * rng.normal(size=(self.units, 1))
        flags = rng.random((self.units, len(FLAGS))) < (0.5, 0.3)
        area = rng.integers(0, len(AREAS), self.units)
        score = np.column_stack([values, flags]) @ _SLOPES + _AREA_SLOPES[area]
        columns = dict(zip(NUMBERS, values.T, strict=True)) | dict(zip(FLAGS, flags.T.astype(np.int64), strict=True))
        columns |= {AREA: pd.Categorical.from_codes(area, list(AREAS)), SCORE: score}
        treated = _highest(score + rng.logistic(size=self.units), round(SHARE * self.units))
        outcome = score + rng.normal(size=self.units)
        return pd.DataFrame({TREATED: treated.astype(np.int64), **columns, OUTCOME: outcome})

    @cached_property
    def coded(self) -> pd.DataFrame:
        """The same in numbers for those that read nothing else: the category also as yes/no, and the unit's number."""
        area = self.frame[AREA].cat.codes.to_numpy(dtype=np.int64)
        levels = {name: (area == place).astype(np.int64) for place, name in enumerate(LEVELS, start=1)}
        return self.frame.assign(**levels, **{AREA: area, UNIT: np.arange(self.units)})

    @cached_property
    def at_risk(self) -> pd.DataFrame:
        """About as many rows as units: one of each of fewer units for every month up to its start, if it starts."""
        rng = np.random.default_rng(self.seed)
        base = Sample(self.units // MONTHS, self.seed).frame
        starts = np.where(base[TREATED] == 1, rng.integers(0, MONTHS, len(base)), MONTHS)
        unit = np.repeat(np.arange(len(base)), np.minimum(starts + 1, MONTHS))
        month = np.arange(len(unit)) - np.searchsorted(unit, unit)
        score = base[SCORE].to_numpy()[unit] + 0.3 * rng.normal(size=len(unit))
        columns = {TREATED: (month == starts[unit]).astype(np.int64), SCORE: score, UNIT: unit, MONTH: month}
        return base.iloc[unit].reset_index(drop=True).assign(**columns)


def _highest(values: np.ndarray, number: int) -> np.ndarray:
    """Say which are the so many highest values."""
    chosen = np.zeros(len(values), dtype=bool)
    chosen[np.argpartition(values, -number)[-number:]] = True
    return chosen
