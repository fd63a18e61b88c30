"""Matched families laid out in months from their index month."""

from typing import Any

import numpy as np
import pandas as pd

from tf_eval.cohort.months import NEVER
from tf_eval.cohort.outcomes import Outcome
from tf_eval.cohort.panel_data import PanelData
from tf_eval.cohort.terms import NO_TERM
from tf_eval.errors import require_columns

EVENT_TIMES = np.arange(-24, 25)
FIRST_COLUMNS = ("family_id", "set_id", "start_cohort")
NEEDED = (*FIRST_COLUMNS, "index_month", "treated", "weight")


def lay_out(data: PanelData, matched: Any, outcome: Outcome) -> pd.DataFrame:
    """Return one row per matched row and event time; see ``Panel.event_time_frame``."""
    frame = matched.frame
    require_columns(frame.columns, NEEDED, "event_time_frame")
    repeated = frame.loc[frame.index.repeat(len(EVENT_TIMES))]
    treated = repeated["treated"].to_numpy(dtype=bool)
    columns = {
        "row": repeated.index.to_numpy(),
        **{name: repeated[name].to_numpy() for name in FIRST_COLUMNS},
        "event_time": np.tile(EVENT_TIMES, len(frame)),
        "adopted": np.where(treated, 0.0, np.nan),
        "weight": repeated["weight"].to_numpy(dtype=float),
        outcome.name: _outcomes(data, frame, outcome).ravel(),
    }
    others = [name for name in frame.columns if name not in columns]
    return pd.DataFrame({**columns, **{name: repeated[name].to_numpy() for name in others}})


def _outcomes(data: PanelData, frame: pd.DataFrame, outcome: Outcome) -> np.ndarray:
    """Return rows x event times, NaN where nothing was observed, or what was observed does not count."""
    family = np.searchsorted(data.family_ids, frame["family_id"].to_numpy())
    index_month = frame["index_month"].to_numpy()
    months = index_month[:, None] + EVENT_TIMES
    column = months - data.months[0]
    inside = (column >= 0) & (column < len(data.months))
    values = np.take_along_axis(data.series[outcome.name].values(family), np.where(inside, column, 0), axis=1)
    treated = frame["treated"].to_numpy(dtype=bool)
    counts = inside & ~_contaminated(data, family, treated, months)
    if outcome.by_term:
        term = data.terms.of_months(data.months)[np.where(inside, column, 0)]
        counts &= ~_straddles(data, index_month, term) & ~_straddles(data, _own_start(data, family, treated), term)
    return np.where(counts, values, np.nan)


def _contaminated(data: PanelData, family: np.ndarray, treated: np.ndarray, months: np.ndarray) -> np.ndarray:
    """A comparison family is one no longer from the month of its own first start on."""
    return months >= _own_start(data, family, treated)[:, None]


def _own_start(data: PanelData, family: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """The month in which a comparison family stops being one; a treated family never does."""
    return np.where(treated, NEVER, data.start[family])


def _straddles(data: PanelData, month: np.ndarray, term: np.ndarray) -> np.ndarray:
    """The months of a term that spans the first day of each row's month are neither before nor after it."""
    known = month != NEVER
    spanning = np.where(known, data.terms.spanning(np.where(known, month, 0)), NO_TERM)[:, None]
    return (spanning != NO_TERM) & (term == spanning)
