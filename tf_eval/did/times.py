"""Periods by name and by date."""

from datetime import date

import numpy as np
import pandas as pd

MONTHS = 12  # of a year
FIRST_DATE = MONTHS * 1000  # months since year 0: no event time or count of periods comes near it
NAMES = {1: "month", 3: "quarter", MONTHS: "year"}  # what so many months are called


class DateUnit(str):
    """What one period is called, in a panel whose periods are dates; knows the months that each of them has.

    Period p begins in month ``p * step + offset``, counted from year 0.
    """

    step: int
    offset: int

    def __new__(cls, step: int = 1, offset: int = 0) -> "DateUnit":
        unit = super().__new__(cls, NAMES.get(step, "period"))
        unit.step, unit.offset = step, offset
        return unit

    def __getnewargs__(self) -> tuple[int, int]:
        return self.step, self.offset

    def begins(self, period: int) -> pd.Timestamp:
        """Return the first day of a period."""
        month = period * self.step + self.offset
        return pd.Timestamp(month // MONTHS, month % MONTHS + 1, 1)


def to_date(period: int, time_unit: str) -> int | pd.Timestamp:
    """Return a period as the data have it: of dates the first day of the period, of numbers the number."""
    return time_unit.begins(period) if isinstance(time_unit, DateUnit) else period


def to_dates(periods: np.ndarray, time_unit: str) -> np.ndarray | pd.DatetimeIndex:
    """Return periods as ``to_date`` does each of them."""
    if not isinstance(time_unit, DateUnit):
        return periods
    known, place = np.unique(periods, return_inverse=True)
    return pd.DatetimeIndex([time_unit.begins(int(period)) for period in known])[place]


def with_dates(frame: pd.DataFrame, time_unit: str) -> pd.DataFrame:
    """Return a copy of a table whose periods and starts are as the data have them."""
    named = [name for name in ("adopted", "period") if name in frame]
    return frame.assign(**{name: to_dates(frame[name].to_numpy(), time_unit) for name in named})


def time_name(period: int | date, time_unit: str) -> str:
    """Return a period by name, or an event time; dates are told as year and month, and calendar years as the year."""
    if not isinstance(period, date):
        if not isinstance(time_unit, DateUnit) or period * time_unit.step < FIRST_DATE:
            return str(period)
        period = time_unit.begins(period)
    if time_unit.step == MONTHS and not time_unit.offset:
        return str(period.year)
    return f"{period.year}-{period.month:02d}"
