"""A panel whose months before the start are nothing, so that levels are compared with like histories, and not changes.

An estimator of changes from such a panel is one of levels: adjusted for what each family's outcome was before, it rests
on like histories leading to like levels (selection on observables given lagged outcomes), and not on parallel changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

RECENT, EARLIER = "outcome_recent", "outcome_earlier"
HISTORY = (RECENT, EARLIER)
# Event months, first and last, that each column is the mean of.
MONTHS = {RECENT: (-3, -1), EARLIER: (-12, -4)}


@dataclass(frozen=True, eq=False)
class Levels:
    """A panel of families by months, as ``build_panel`` returns it, for an estimate of levels."""

    panel: Any

    def event_time_frame(self, matched: Any, outcome: str, columns: Sequence[str]) -> pd.DataFrame:
        """Return the panel's own frame with 0 for what was observed before the start, and with ``HISTORY``.

        Where a span of the history was not observed, such as a term that the start falls in, the other stands for it;
        both are missing where neither was.
        """
        frame = self.panel.event_time_frame(matched, outcome, [name for name in columns if name not in HISTORY])
        before = frame["event_time"] < 0
        histories = pd.DataFrame({name: mean_between(frame, outcome, *MONTHS[name]) for name in HISTORY})
        whole = histories.fillna({RECENT: histories[EARLIER], EARLIER: histories[RECENT]})
        levels = frame[outcome].mask(before & frame[outcome].notna(), 0.0)
        return frame.assign(**{outcome: levels}).join(whole, on="row")


def mean_between(frame: pd.DataFrame, outcome: str, first: int, last: int) -> pd.Series:
    """Return the mean outcome of each row of the match over event months ``first`` to ``last``."""
    return frame[frame["event_time"].between(first, last)].groupby("row")[outcome].mean()
