"""One series: how many rows of some kinds an agency has, by district and period."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tf_eval.data.checking.patterns.periods import Periods

SCHOOL_KINDS = {"fixed_exclusion", "permanent_exclusion"}  # they happen on school days alone
FEW_SCHOOL_DAYS = 0.6  # of a month's weekdays


@dataclass(frozen=True, eq=False)
class Series:
    """Rows of one agency, of one or more kinds, by district and period.

    ``kinds`` is empty for a table without kinds; ``counts`` is districts x periods; ``unplaced`` are the rows, by
    period, of people whose district is not known. ``covered`` says of each period whether the extracts cover it,
    ``known`` (districts x periods) whether its rows are there, as far as has been found out. ``population`` are the
    districts' shares of all people.
    """

    agency: str
    table: str
    kinds: tuple[str, ...]
    districts: tuple[str, ...]
    counts: np.ndarray
    unplaced: np.ndarray
    covered: np.ndarray
    known: np.ndarray
    population: np.ndarray
    periods: Periods

    @property
    def total(self) -> np.ndarray:
        """The rows of each period, whatever their district."""
        return self.counts.sum(axis=0) + self.unplaced

    @property
    def exposure(self) -> np.ndarray:
        """How many of each period's days such rows can arise on.

        A month with few school days counts as none for what happens at school: Easter moves from year to year, and a
        term that begins late in April has its first exclusions in May.
        """
        periods = self.periods
        if not (self.kinds and SCHOOL_KINDS.issuperset(self.kinds) and periods.lessons.any()):
            return periods.days
        weekdays = np.busday_count(periods.starts, periods.ends)
        return np.where(periods.lessons >= FEW_SCHOOL_DAYS * weekdays, periods.lessons, 0)

    @property
    def comparable(self) -> np.ndarray:
        """Which periods can be compared over time: such rows arise in them, and those of no district are missing."""
        return self.known.all(axis=0) & (self.exposure > 0)

    @property
    def whole_districts(self) -> np.ndarray:
        """Which districts have their rows in every covered period."""
        return (self.known == self.covered).all(axis=1)

    def of_whole_districts(self) -> "Series":
        """Return the series of the districts that miss nothing; of all of them where each misses something."""
        whole = self.whole_districts
        if whole.all() or not whole.any():
            return self
        names = tuple(name for name, is_whole in zip(self.districts, whole, strict=True) if is_whole)
        parts = {name: getattr(self, name)[whole] for name in ("counts", "known", "population")}
        return replace(self, districts=names, **parts)

    def without(self, periods: slice, district: int | None = None) -> "Series":
        """Return the series with these periods, of one district or of all, marked as missing."""
        known = self.known.copy()
        known[slice(None) if district is None else district, periods] = False
        return replace(self, known=known)

    def emptied(self, periods: slice, district: int | None = None) -> "Series":
        """Return the series as it would be had no row of these periods come, of one district or of all."""
        counts, unplaced = self.counts.copy(), self.unplaced.copy()
        counts[slice(None) if district is None else district, periods] = 0
        if district is None:
            unplaced[periods] = 0
        return replace(self, counts=counts, unplaced=unplaced)


def together(series: Sequence[Series]) -> Series:
    """Return several kinds of one agency and table as one series, over the periods in which all are covered."""
    first = series[0]
    covered = np.logical_and.reduce([one.covered for one in series])
    return replace(
        first,
        kinds=tuple(kind for one in series for kind in one.kinds),
        counts=sum(one.counts for one in series),
        unplaced=sum(one.unplaced for one in series),
        covered=covered,
        known=np.broadcast_to(covered, first.known.shape),
    )
