"""The school calendar: three terms a year, from Monday to Friday, with the sessions they hold."""

from dataclasses import dataclass

import numpy as np

from synthetic.months import Clock, first_days

# Earliest Monday and latest Friday of each term, as month and day; the year is added to the autumn's.
_TERMS = ((1, 0, "09-02", "12-21"), (2, 1, "01-03", "03-30"), (3, 1, "04-11", "07-23"))
_HALF_TERM_DAYS = 5


@dataclass(frozen=True, eq=False)
class Terms:
    """School terms in order of time; ``of_month`` gives the term that covers a month's 15th day, or -1."""

    academic_year: np.ndarray
    term: np.ndarray
    start: np.ndarray
    end: np.ndarray
    sessions: np.ndarray
    of_month: np.ndarray

    def __len__(self) -> int:
        return len(self.term)

    def autumn(self) -> np.ndarray:
        """Return the calendar year in which each term's academic year begins."""
        return np.array([int(label[:4]) for label in self.academic_year])

    def covers(self) -> np.ndarray:
        """Return terms x months, true where the month's 15th day lies in the term."""
        return self.of_month == np.arange(len(self))[:, None]


def school_terms(clock: Clock) -> Terms:
    """Return the terms that end and begin within the months of ``clock``."""
    years = range(clock.origin // 12 - 1, clock.months[-1] // 12 + 1)
    rows = [_term(year, *shape) for year in years for shape in _TERMS]
    rows = [row for row in rows if row[2] >= first_days(clock.origin) and row[3] < clock.end]
    label, number, start, end = (np.array(column) for column in zip(*rows, strict=True))
    middle = first_days(clock.months) + 14
    inside = (start[:, None] <= middle) & (middle <= end[:, None])
    of_month = np.where(inside.any(axis=0), inside.argmax(axis=0), -1)
    days = np.busday_count(start, end + 1) - _HALF_TERM_DAYS
    return Terms(label, number, start, end, 2 * days, of_month)


def school_year(months: np.ndarray) -> np.ndarray:
    """Return the calendar year in which the school year of each month number begins (September to August)."""
    return (months - 8) // 12


def _term(
    year: int, number: int, later: int, earliest: str, latest: str
) -> tuple[str, int, np.datetime64, np.datetime64]:
    start = np.busday_offset(f"{year + later}-{earliest}", 0, roll="forward", weekmask="Mon")
    end = np.busday_offset(f"{year + later}-{latest}", 0, roll="backward", weekmask="Fri")
    return f"{year}/{(year + 1) % 100:02d}", number, start, end
