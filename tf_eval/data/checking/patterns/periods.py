"""Periods that rows are counted by: the whole months of a county's time, or its school terms."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

TERM_NAMES = {1: "autumn", 2: "spring", 3: "summer"}


@dataclass(frozen=True, eq=False)
class Periods:
    """Periods in order of time.

    ``starts`` and ``ends`` are their first days and the days after their last ones (datetime64[D]); ``season`` is a
    number that the same months (or terms) of all years share; ``lessons`` is how many school days each has.
    """

    names: tuple[str, ...]
    starts: np.ndarray
    ends: np.ndarray
    season: np.ndarray
    lessons: np.ndarray

    def __len__(self) -> int:
        return len(self.names)

    @property
    def days(self) -> np.ndarray:
        """How many days each period has."""
        return (self.ends - self.starts).astype(np.int64)

    def inside(self, spans: Iterable[tuple[date, date]]) -> np.ndarray:
        """Return which periods lie wholly in one of these spans [start, end)."""
        inside = np.zeros(len(self), dtype=bool)
        for start, end in spans:
            inside |= (self.starts >= np.datetime64(start)) & (self.ends <= np.datetime64(end))
        return inside

    def positions(self, starts: np.ndarray) -> np.ndarray:
        """Return the place of the period that starts on each of these days, -1 where none does."""
        if not len(self):
            return np.full(len(starts), -1)
        place = np.minimum(np.searchsorted(self.starts, starts), len(self) - 1)
        return np.where(self.starts[place] == starts, place, -1)

    def words(self, first: int, last: int) -> str:
        """Return the periods from ``first`` to ``last`` in words: March 2012 to May 2012."""
        return self.names[first] if first == last else f"{self.names[first]} to {self.names[last]}"


def whole_months(start: date, end: date, terms: Periods) -> Periods:
    """Return the months that lie wholly in [start, end), with the school days that ``terms`` put into them."""
    first = np.datetime64(start, "D")
    months = np.arange(first.astype("datetime64[M]"), np.datetime64(end, "M"))
    months = months[months.astype("datetime64[D]") >= first]
    starts, ends = months.astype("datetime64[D]"), (months + 1).astype("datetime64[D]")
    overlap_start = np.maximum(starts[:, None], terms.starts)
    overlap_end = np.maximum(np.minimum(ends[:, None], terms.ends), overlap_start)
    return Periods(
        names=tuple(month.strftime("%B %Y") for month in starts.tolist()),
        starts=starts,
        ends=ends,
        season=months.astype(np.int64) % 12,
        lessons=np.busday_count(overlap_start, overlap_end).sum(axis=1),
    )


def school_terms(rows: Sequence[tuple[str, int, date, date]]) -> Periods:
    """Return the terms that rows of academic year, term, first day and last day describe, in order of time."""
    starts = np.array([row[2] for row in rows], dtype="datetime64[D]")
    ends = np.array([row[3] for row in rows], dtype="datetime64[D]") + 1
    return Periods(
        names=tuple(f"{TERM_NAMES[term]} term {year}" for year, term, *_ in rows),
        starts=starts,
        ends=ends,
        season=np.array([row[1] for row in rows], dtype=np.int64),
        lessons=np.busday_count(starts, ends),
    )
