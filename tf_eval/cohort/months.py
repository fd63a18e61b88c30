"""Months as whole numbers, year * 12 + (month of the year - 1), and what they mean as days."""

from collections.abc import Iterable
from datetime import date

import numpy as np

NEVER = np.iinfo(np.int64).max
_EPOCH = 1970 * 12


def month_of(days: np.ndarray) -> np.ndarray:
    """Return the month of each day (datetime64); a missing day gives ``NEVER``."""
    days = np.asarray(days, dtype="datetime64[M]")
    return np.where(np.isnat(days), NEVER, days.astype(np.int64) + _EPOCH)


def first_day(month: np.ndarray | int) -> np.ndarray:
    """Return the first day of each month as datetime64[D]."""
    return (np.asarray(month, dtype=np.int64) - _EPOCH).astype("datetime64[M]").astype("datetime64[D]")


def last_day(month: np.ndarray | int) -> np.ndarray:
    """Return the last day of each month as datetime64[D]."""
    return first_day(np.asarray(month) + 1) - np.timedelta64(1, "D")


def as_days(dates: Iterable[date]) -> np.ndarray:
    """Return dates as datetime64[D]; a missing one is NaT."""
    return np.asarray(dates, dtype="datetime64[D]")


def minus_months(day: date, months: int) -> date:
    """Return the same day so many months before, or the last of that month where it has no such day."""
    month = month_of(np.datetime64(day)) - months
    return first_day(month).item().replace(day=min(day.day, last_day(month).item().day))


def as_day_numbers(days: np.ndarray) -> np.ndarray:
    """Return days (datetime64) as whole numbers, days from the start of 1970."""
    return np.asarray(days, dtype="datetime64[D]").astype(np.int64)


def financial_year(month: int) -> str:
    """Return the financial year of a month, from April on, such as ``2012/13``."""
    year = (month - 3) // 12
    return f"{year}/{(year + 1) % 100:02d}"
