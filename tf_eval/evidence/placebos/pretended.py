"""Panels in which families started that never did, or started earlier than they did."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd


@dataclass(frozen=True, eq=False)
class Pretended:
    """A panel in which the treated rows of a match count as started though they did not.

    What follows a start of their own is missing, as it is for comparison families.

    panel    families by months, as ``build_panel`` returns it
    months   event months, first and last, that are laid out
    planted  by which share of itself the outcome of those who started changes from the start on
    """

    panel: Any
    months: tuple[int, int]
    planted: float = 0.0

    def event_time_frame(self, matched: Any, outcome: str, columns: Sequence[str]) -> pd.DataFrame:
        started = matched.frame[matched.treated]
        nobody = replace(matched, frame=matched.frame.assign(**{matched.treated: np.zeros_like(started)}))
        long = self.panel.event_time_frame(nobody, outcome, columns)
        long = long[long["event_time"].between(*self.months)]
        is_started = long["row"].map(started).astype(bool)
        moved = is_started & (long["event_time"] >= 0)
        values = long[outcome] * np.where(moved, 1 + self.planted, 1.0)
        return long.assign(**{outcome: values, "adopted": np.where(is_started, 0.0, np.nan)})


@dataclass(frozen=True, eq=False)
class Antedated:
    """A panel in which every start is some months earlier than it was, up to the month before the true one."""

    panel: Any
    months: int

    def event_time_frame(self, matched: Any, outcome: str, columns: Sequence[str]) -> pd.DataFrame:
        long = self.panel.event_time_frame(matched, outcome, columns)
        before = long[long["event_time"] < 0]
        return before.assign(event_time=before["event_time"] + self.months)
