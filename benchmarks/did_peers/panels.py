"""Generated panels: eight start cohorts and never treated, five covariates that hang together with the start."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

SEED = 1983
UNIT, PERIOD, ADOPTED, OUTCOME = "unit", "period", "adopted", "outcome"
COVARIATES = tuple(f"x{place}" for place in range(1, 6))
COHORTS, TREATED = 8, 0.5
NEVER = 0


@dataclass(frozen=True)
class Panel:
    """A balanced panel, sorted by unit and period; effects grow with the time since the start."""

    units: int
    periods: int
    seed: int = SEED

    @cached_property
    def frame(self) -> pd.DataFrame:
        random, period = np.random.default_rng(self.seed), np.arange(1, self.periods + 1)
        values = random.normal(size=(self.units, len(COVARIATES)))
        eager = 0.3 * values[:, 0] + random.logistic(size=self.units)
        starts = random.choice(self._starts(), size=self.units)
        adopted = np.where(eager > np.quantile(eager, 1 - TREATED), starts, NEVER)
        since = period - adopted[:, None]
        effect = np.where((adopted[:, None] != NEVER) & (since >= 0), 1 + 0.1 * since, 0.0)
        trend = (0.1 + 0.05 * values[:, :1]) * period
        outcome = random.normal(size=(self.units, 1)) + trend + effect + random.normal(size=effect.shape)
        columns = {name: np.repeat(column, self.periods) for name, column in zip(COVARIATES, values.T, strict=True)}
        return pd.DataFrame(
            {
                UNIT: np.repeat(np.arange(self.units), self.periods),
                PERIOD: np.tile(period, self.units),
                ADOPTED: np.repeat(adopted, self.periods),
                OUTCOME: outcome.ravel(),
                **columns,
            }
        )

    def _starts(self) -> np.ndarray:
        """Return the periods in which the cohorts start: all but the first two, or from a quarter of the panel on."""
        first = 3 if self.periods < 12 else self.periods // 4
        return np.unique(np.linspace(first, self.periods, COHORTS).round().astype(np.int64))
