"""Starts drawn by lot among comparison rows, by the odds with which rows like them were picked."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tf_eval.matching import Matched, match

# Comparison rows of a draw. More are thinned by lot, so that there is time for many draws; the slopes of a logistic
# score stay what they were (Prentice and Pyke 1979, Biometrika 66, 403-411).
MOST_ROWS = 15_000


@dataclass(frozen=True, eq=False)
class Lottery:
    """Comparison rows of a match's input, and how starts are drawn among them.

    frame   the comparison rows, with every column of the input
    treated column that says who was treated
    unit    a whole number for the unit of each row; a unit starts once
    risk_set, odds   of each row
    starts  how many rows start in each risk set: as many as did
    """

    frame: pd.DataFrame
    treated: str
    unit: np.ndarray
    risk_set: np.ndarray
    odds: np.ndarray
    starts: np.ndarray

    @classmethod
    def of(cls, matched: Matched, selected_on: Sequence[str]) -> "Lottery":
        """Return the lottery in which rows have the odds of the treated, given columns known before the start.

        Odds are the weights for the effect on the treated: within a risk set and exact cell comparison rows have those
        of a logistic propensity score, and each cell weighs what its treated do.
        """
        design, frame = matched.design, matched.sealed.frame.reset_index(drop=True)
        columns = {name: getattr(design, name) for name in ("treated", "unit", "risk_set", "exact", "missing")}
        weighed = match(frame, on=selected_on, method="inverse_probability", **columns).frame
        is_treated = frame[design.treated].to_numpy(dtype=bool)
        risk_set = _codes(frame, design.risk_set)
        odds = weighed["weight"].reindex(frame.index, fill_value=0.0).to_numpy()
        return cls(
            frame=frame[~is_treated],
            treated=design.treated,
            unit=_codes(frame, design.unit, each=True)[~is_treated],
            risk_set=risk_set[~is_treated],
            odds=odds[~is_treated],
            starts=np.bincount(risk_set[is_treated & (odds > 0)], minlength=risk_set.max() + 1),
        )

    def draw(self, random: np.random.Generator) -> pd.DataFrame:
        """Return comparison rows of which some count as treated; with all others of them, or a part drawn by lot."""
        chosen = self._chosen(random)
        keep = random.random(len(self.frame)) < MOST_ROWS / len(self.frame)
        rows = np.flatnonzero(keep | chosen)
        kind = self.frame[self.treated].dtype
        return self.frame.iloc[rows].assign(**{self.treated: chosen[rows].astype(kind)})

    def started(self, frame: pd.DataFrame) -> set[int]:
        """Return the units that start in a draw."""
        return set(self.unit[self.frame.index.isin(frame.index[frame[self.treated].astype(bool)])])

    def _chosen(self, random: np.random.Generator) -> np.ndarray:
        """Say which rows start: risk set by risk set, each of a unit that has not started before."""
        chosen, started = np.zeros(len(self.odds), dtype=bool), np.zeros(self.unit.max() + 1, dtype=bool)
        for risk_set, starts in enumerate(self.starts):
            free = np.flatnonzero((self.risk_set == risk_set) & (self.odds > 0) & ~started[self.unit])
            chance = self.odds[free] / self.odds[free].sum()
            drawn = random.choice(free, min(starts, len(free)), replace=False, p=chance)
            chosen[drawn] = started[self.unit[drawn]] = True
        return chosen


def _codes(frame: pd.DataFrame, column: str | None, *, each: bool = False) -> np.ndarray:
    """Return a whole number for each value in its order; without a column 0, or each row its own."""
    if column is None:
        return np.arange(len(frame)) if each else np.zeros(len(frame), dtype=np.int64)
    return pd.factorize(frame[column], sort=True)[0]
