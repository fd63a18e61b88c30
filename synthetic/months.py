"""Months as integers (year * 12 + month of the year - 1) and the months a county is simulated for."""

from dataclasses import dataclass
from datetime import date

import numpy as np

_EPOCH = 1970 * 12


def month_number(day: date) -> int:
    """Return the number of the month that ``day`` lies in."""
    return day.year * 12 + day.month - 1


def month_numbers(days: np.ndarray) -> np.ndarray:
    """Return the month numbers of an array of dates (datetime64[D])."""
    return days.astype("datetime64[M]").astype(np.int64) + _EPOCH


def first_days(months: np.ndarray | int) -> np.ndarray:
    """Return the first day (datetime64[D]) of each month number."""
    return (np.asarray(months, dtype=np.int64) - _EPOCH).astype("datetime64[M]").astype("datetime64[D]")


def days_in(months: np.ndarray | int) -> np.ndarray:
    """Return how many days each month has."""
    return (first_days(np.asarray(months) + 1) - first_days(months)).astype(np.int64)


def birthday(birth: np.ndarray, years: int) -> np.ndarray:
    """Return the birthday of each date of birth after so many years (29 February: 1 March)."""
    month = birth.astype("datetime64[M]")
    return (month + 12 * years).astype("datetime64[D]") + (birth - month.astype("datetime64[D]"))


@dataclass(frozen=True)
class Clock:
    """The simulated months: a burn-in that is thrown away, then the window that the extracts cover.

    Every family-by-month or child-by-month array has one column for each month of ``months``.
    """

    first: int
    length: int
    burn_in: int

    @property
    def origin(self) -> int:
        """The month number of column 0."""
        return self.first - self.burn_in

    @property
    def columns(self) -> int:
        return self.burn_in + self.length

    @property
    def months(self) -> np.ndarray:
        return np.arange(self.origin, self.first + self.length)

    @property
    def window(self) -> slice:
        """The columns after the burn-in."""
        return slice(self.burn_in, self.columns)

    @property
    def start(self) -> np.datetime64:
        """The first day of the window."""
        return first_days(self.first)[()]

    @property
    def end(self) -> np.datetime64:
        """The first day after the window."""
        return first_days(self.first + self.length)[()]

    def column(self, month: int) -> int:
        """Return the column of a month number."""
        return month - self.origin
