"""Periods and starts as whole numbers, whether the data have numbers or dates."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tf_eval.did.times import MONTHS, DateUnit

FEWEST = 3  # periods that have to be seen before they stand regularly apart
STEPS = {3: "a quarter", MONTHS: "a year"}


@dataclass(frozen=True, eq=False)
class Times:
    """``period`` and ``adopted`` of each row as whole numbers (missing: NaN), and what one period is called.

    Dates count in months, or in the steps of several months that all periods stand apart. ``within`` says of each row
    whether its unit starts in the course of such a step (None: of none).
    """

    period: np.ndarray
    adopted: np.ndarray
    unit: str
    notes: tuple[str, ...] = ()
    within: np.ndarray | None = None


def is_calendar(column: pd.Series) -> bool:
    return pd.api.types.is_datetime64_any_dtype(column) or isinstance(column.dtype, pd.PeriodDtype)


def as_time(column: pd.Series) -> np.ndarray:
    """Months since year 0 for dates, the number itself otherwise; NaN where missing."""
    if not is_calendar(column):
        return column.to_numpy() if column.dtype == np.int64 else column.to_numpy(dtype=float, na_value=np.nan)
    if isinstance(column.dtype, pd.PeriodDtype):
        # A year or a quarter of pandas would else be told by its last month.
        column = column.dt.asfreq("M", how="start")
    months = column.dt.year.astype(float) * MONTHS + column.dt.month.astype(float) - 1
    # The year of a missing pandas Period is -1, not missing.
    return months.mask(column.isna()).to_numpy(dtype=float, na_value=np.nan)


def read_times(period: pd.Series, adopted: pd.Series) -> Times:
    """Return both columns as whole numbers; no period is missing."""
    months, starts = as_time(period), as_time(adopted)
    if not is_calendar(period):
        return Times(months, starts, "period")
    apart = _apart(months)
    step = _step(apart)
    if step == 1:
        return Times(months, starts, DateUnit(), _told_irregular(apart))
    at_end = _is_at_end(period)
    first = int(months[0])
    offset = (first - (step - 1 if at_end else 0)) % step
    place = (starts - offset) % step
    period, adopted = (np.floor_divide(each - offset, step) for each in (months, starts))
    is_seen = (adopted > period.min()) & (adopted <= period.max())
    within = is_seen & (place != 0) & (place != (first - offset) % step)
    return Times(period, adopted, DateUnit(step, offset), (_told(step, at_end=at_end),), within)


def _apart(months: np.ndarray) -> np.ndarray:
    """Return how many months each period is after the one before it."""
    return np.diff(np.flatnonzero(np.bincount((months - months.min()).astype(np.int64))))


def _step(apart: np.ndarray) -> int:
    """Return how many months periods stand apart; 1 where they are months, or stand apart by no rule."""
    if len(apart) < FEWEST - 1:
        return 1
    step = int(np.gcd.reduce(apart))
    # Waves some years apart count in years, though no two need be one year apart.
    return step if step in (apart.min(), MONTHS) else 1


def _told_irregular(apart: np.ndarray) -> tuple[str, ...]:
    """Say so where no two periods follow each other by a month, and yet count in months."""
    if len(apart) < FEWEST - 1 or apart.min() == 1:
        return ()
    return (
        f"Periods stand {apart.min()} to {apart.max()} months apart by no rule, so time counts in months, of which few "
        "are seen; to count in periods, number them 1, 2, ... and give starts by the same numbers.",
    )


def _is_at_end(period: pd.Series) -> bool:
    """Say whether each period is called by its last day."""
    return not isinstance(period.dtype, pd.PeriodDtype) and bool(period.dt.is_month_end.all())


def _told(step: int, *, at_end: bool) -> str:
    runs = "up to the end of the month" if at_end else "from the month"
    return (
        f"Periods stand {STEPS.get(step, f'{step} months')} apart, so time counts in such steps: event times, windows "
        f"and bands are no months. A period runs {runs} that is its date."
    )
