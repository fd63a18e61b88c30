"""Outcomes before an index month: means of the last months, and whether they were rising or falling."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tf_eval.cohort.observation import Series
from tf_eval.cohort.outcomes import Outcome

WINDOWS = (3, 6, 12)
RECENT, EARLIER = (3, 0), (12, 3)
_MEASURED = {"count": "{} a month", "money": "{} (pounds a month)", "share": "{}", "state": "{} (share of months)"}


@dataclass(frozen=True, eq=False)
class Lag:
    """An outcome before the index months: column, label, the time it tells of, and values.

    ``is_level`` tells a mean from a trend. Values are NaN where no month was seen.
    """

    name: str
    label: str
    window: str
    is_level: bool
    values: np.ndarray


def lags_of(outcome: Outcome, series: Series, family: np.ndarray, index: np.ndarray) -> Iterator[Lag]:
    """Return the means of the last 3, 6 and 12 months, and the trend: the last 3 less the 9 before.

    Args:
        outcome, series: the outcome, and what was seen of it.
        family, index: rows of the panel, and the column of the index month of each.
    """
    means = series.lagged(family, index, [*((months, 0) for months in WINDOWS), EARLIER])
    label = _MEASURED[outcome.kind].format(outcome.label)
    for months in WINDOWS:
        window = f"last {months} months"
        yield Lag(f"{outcome.name}_{months}m", f"{label}, {window}", window, True, means[months, 0])
    window = "last 3 months less the 9 before"
    yield Lag(f"{outcome.name}_trend", f"{label}, {window}", window, False, means[RECENT] - means[EARLIER])
