"""Matched families laid out in months from their index month."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from tf_eval.cohort.months import NEVER
from tf_eval.cohort.outcomes import Outcome
from tf_eval.cohort.panel_data import PanelData
from tf_eval.cohort.terms import NO_TERM
from tf_eval.errors import InputError, require_columns

EVENT_TIMES = np.arange(-24, 25)
FOLLOW_UP_MONTHS = 25  # the index month and the 24 after it
FOLLOW_UP = ("observed", "after a start of their own", "beyond the records", "having left, or not covered")
FIRST_COLUMNS = ("family_id", "set_id", "start_cohort")
NEEDED = ("family_id", "start_cohort", "index_month", "treated", "weight")


def lay_out(data: PanelData, matched: Any, outcome: Outcome, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return one row per matched row and event time; see ``Panel.event_time_frame``."""
    matched.require_accepted("event_time_frame")
    frame = matched.frame
    require_columns(frame.columns, NEEDED, "event_time_frame")
    if outcome.name in frame.columns:
        raise InputError(
            f"event_time_frame: the outcome '{outcome.name}' has the name of a column of the matched frame; rename it"
        )
    values, counts = _outcomes(data, frame, outcome)
    laid = {
        "row": _repeated(frame.index),
        **{name: _repeated(frame[name]) for name in FIRST_COLUMNS if name in frame},
        "event_time": np.tile(EVENT_TIMES, len(frame)),
        "adopted": np.where(_repeated(frame["treated"]).astype(bool), 0.0, np.nan),
        "weight": _repeated(frame["weight"]).astype(float),
        "serves": counts.ravel(),
        outcome.name: values.ravel(),
    }
    others = [name for name in frame.columns if name not in laid and (columns is None or name in columns)]
    # A copy would be a second one of the largest table there is.
    return pd.DataFrame({**laid, **{name: _repeated(frame[name]) for name in others}}, copy=False)


def _repeated(column: pd.Series | pd.Index) -> np.ndarray:
    return np.repeat(column.to_numpy(), len(EVENT_TIMES))


def _outcomes(data: PanelData, frame: pd.DataFrame, outcome: Outcome) -> tuple[np.ndarray, np.ndarray]:
    """Return rows x event times: the outcome, NaN where nothing that counts was observed; and where it would count."""
    family = np.searchsorted(data.family_ids, frame["family_id"].to_numpy())
    index_month = frame["index_month"].to_numpy()
    months = index_month[:, None] + EVENT_TIMES
    column = months - data.months[0]
    inside = (column >= 0) & (column < len(data.months))
    values = np.take_along_axis(data.series[outcome.name].values(family), np.where(inside, column, 0), axis=1)
    own_start = _own_start(data, frame)
    counts = inside & (months < own_start[:, None])
    if outcome.by_term:
        term = data.terms.of_months(data.months)[np.where(inside, column, 0)]
        counts &= ~_straddles(data, index_month, term) & ~_straddles(data, own_start, term)
    return np.where(counts, values, np.nan), counts


def follow_up(data: PanelData, frame: pd.DataFrame) -> pd.DataFrame:
    """Return for each row how many of the months from its index month on are in each state of ``FOLLOW_UP``.

    What comes after a family's own start counts as that, though it may also lie beyond the records.
    """
    index_month = frame["index_month"].to_numpy()
    start = np.minimum(_own_start(data, frame), index_month + FOLLOW_UP_MONTHS)
    end = np.clip(data.months[-1] + 1, index_month, start)
    family = np.searchsorted(data.family_ids, frame["family_id"].to_numpy())
    first, past = (np.clip(month - data.months[0], 0, len(data.months)) for month in (index_month, end))
    observed = data.observed.before(family, past) - data.observed.before(family, first)
    months = observed, index_month + FOLLOW_UP_MONTHS - start, start - end, end - index_month - observed
    return pd.DataFrame(dict(zip(FOLLOW_UP, months, strict=True)), index=frame.index)


def _own_start(data: PanelData, frame: pd.DataFrame) -> np.ndarray:
    """The month of its next start, from which on a comparison family is one no longer; a treated family never stops."""
    family = np.searchsorted(data.family_ids, frame["family_id"].to_numpy())
    starts = data.history.next_start(family, frame["index_month"].to_numpy())
    return np.where(frame["treated"].to_numpy(dtype=bool), NEVER, starts)


def _straddles(data: PanelData, month: np.ndarray, term: np.ndarray) -> np.ndarray:
    """The months of a term that spans the first day of each row's month are neither before nor after it."""
    known = month != NEVER
    spanning = np.where(known, data.terms.spanning(np.where(known, month, 0)), NO_TERM)[:, None]
    return (spanning != NO_TERM) & (term == spanning)
