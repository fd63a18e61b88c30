"""What was found of one clause: a row for each case, before anything is said of what cannot be told."""

from typing import Any

import numpy as np
import pandas as pd

_NO_DAY = np.datetime64("NaT", "s")
DAYS = ("window_from", "window_until", "baseline_from", "baseline_until")
_NOTHING = {
    "shown": False,
    "reason": "",
    "doubt": "",
    **dict.fromkeys(DAYS, _NO_DAY),
    "before": np.nan,
    "after": np.nan,
    "people": 0,
    "exited": 0,
    "records": 0,
    "not_arrived": 0,
}


def findings(**found: Any) -> pd.DataFrame:
    """Return a frame with ``state`` and a column for each of what else may be given; what is not is nothing.

    ``shown`` is whether the state stands whatever records may be missing, ``doubt`` why it cannot be told, where it can
    be told that much from the records that are there.
    """
    frame = pd.DataFrame({"state": np.asarray(found["state"], dtype=object)})
    for name, nothing in _NOTHING.items():
        frame[name] = np.asarray(found[name]) if name in found else nothing
    for name in DAYS:
        frame[name] = frame[name].astype("datetime64[s]")
    return frame


def by_case(frame: pd.DataFrame, values: np.ndarray, cases: int) -> np.ndarray:
    """Return the sum of values, one for each row of a frame with case_id, in each case."""
    return np.bincount(frame["case_id"], weights=np.asarray(values, dtype=float), minlength=cases)


def most_by_case(frame: pd.DataFrame, values: np.ndarray, cases: int) -> np.ndarray:
    """Return the largest of the values in each case; missing where it has none."""
    most = pd.Series(np.asarray(values, dtype=float)).groupby(frame["case_id"].to_numpy()).max()
    return most.reindex(range(cases)).to_numpy()
