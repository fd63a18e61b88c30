"""Gaps: an agency, a district or a kind without rows in periods in which there should be some. Missing is not zero.

A period is empty where it has less than a fifth of its rows: a few that were put down to the wrong district do not
hide that all others are missing. A run of empty periods is a gap where so few rows are too unlikely to be chance.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from tf_eval.data.checking.patterns.dispersion import between_districts, over_time
from tf_eval.data.checking.patterns.expectation import (
    LEAST_SHARE,
    Likelihood,
    among_districts,
    in_time,
    rows_elsewhere,
)
from tf_eval.data.checking.patterns.series import Series, together

# The chance that a county in which nothing is missing gets a finding, over all its series and periods: a county that
# is checked every month meets one false alarm in eighty years. A hundred times less would ask for 5 more rows.
FAMILY_WISE = 1e-3
EMPTY = 0.2
SINGLE = 0.9  # share of the rate that runs of a single period have
MOSTLY = 0.5  # a kind with rows in fewer of its periods comes at intervals
LATE = 1.5  # usual intervals without rows


@dataclass(frozen=True, eq=False)
class Gap:
    """Periods of a series without rows: in one district (its place), or (None) in all of them."""

    series: Series
    district: int | None
    first: int
    last: int
    expected: float

    @property
    def run(self) -> slice:
        return slice(self.first, self.last + 1)

    def holds(self, other: "Gap") -> bool:
        """Whether another gap lies inside this one."""
        return (
            set(other.series.kinds) <= set(self.series.kinds)
            and (self.district is None or other.district == self.district)
            and self.first <= other.first
            and other.last <= self.last
        )


def find_gaps(all_series: Sequence[Series]) -> list[Gap]:
    """Return every gap of a county, each once: what is missing of all kinds, or of all districts, stands for its parts.

    A gap is found in 99 of 100 cases where 30 rows were to be expected in its periods together (times the dispersion,
    where rows come together); below 17 to 18 rows, the logarithm of the cells looked at over the family-wise rate, it
    never is. Runs of every length are looked at: those of one period have most of that rate, those of n > 1 have
    1/(n(n - 1)) of the rest, which adds up to the whole, so that a long gap asks for a few rows more.
    """
    levels = levels_of(all_series)
    return [gap for level in levels for gap in _find_in_table(level, gap_bound(levels))]


def levels_of(all_series: Sequence[Series]) -> list[list[Series]]:
    """Return what is looked at of each table: all its kinds together, then each of them."""
    tables = [list(kinds) for _, kinds in groupby(all_series, key=lambda series: (series.agency, series.table))]
    return [[together(kinds), *kinds] if len(kinds) > 1 else kinds for kinds in tables]


def gap_bound(levels: Sequence[Sequence[Series]]) -> float:
    """Return how unlikely a run without rows has to be, of all the cells that are looked at."""
    cells = sum(series.covered.sum() * (1 + _districts(series)) for level in levels for series in level)
    return FAMILY_WISE / max(cells, 1)


def without_gaps(series: Series, gaps: Sequence[Gap]) -> Series:
    """Return a series in which the periods of its gaps are marked as missing."""
    for gap in gaps:
        same_table = (gap.series.agency, gap.series.table) == (series.agency, series.table)
        if same_table and set(series.kinds) <= set(gap.series.kinds):
            series = series.without(gap.run, gap.district)
    return series


def shortest_run(series: Series) -> float:
    """Return how many empty periods on end are worth a look: where most are empty, more than the usual interval.

    What is entered once a year may come on 31 March or on 1 April.
    """
    comparable = np.flatnonzero(series.comparable)
    filled = np.flatnonzero(series.total[comparable] > 0)
    if len(filled) < 2 or len(filled) >= MOSTLY * len(comparable):
        return 1
    return LATE * float(np.median(np.diff(filled)))


def is_gap(likelihood: Likelihood, periods: int, bound: float) -> bool:
    """Whether so few rows are too unlikely to be chance in a run of that many periods."""
    share = SINGLE if periods == 1 else (1 - SINGLE) / (periods * (periods - 1))
    return likelihood.probability < share * bound and likelihood.found < EMPTY * likelihood.expected


def _find_in_table(level: Sequence[Series], bound: float) -> list[Gap]:
    """Look at all districts before any one of them, and at all kinds together before any one of them."""
    found: list[Gap] = []
    for find in (_in_time, _among_districts):
        for series in level:
            gaps = find(without_gaps(series, found), bound)
            found += [gap for gap in gaps if not any(known.holds(gap) for known in found)]
    return found


def _districts(series: Series) -> int:
    return len(series.districts) if len(series.districts) > 1 else 0


def _in_time(series: Series, bound: float) -> list[Gap]:
    expected = _usual(series)
    empty = series.known.all(axis=0) & (series.total <= EMPTY * expected)
    dispersion = over_time(series, empty)
    gaps = []
    for first, last in _runs(empty, np.where(series.comparable, expected, 0), shortest_run(series)):
        likelihood = in_time(series, first, last, dispersion=dispersion)
        if is_gap(likelihood, last - first + 1, bound):
            gaps.append(Gap(series, None, first, last, likelihood.expected))
            series = series.without(gaps[-1].run)
    return gaps


def _usual(series: Series) -> np.ndarray:
    """Return what each period usually has: the mean of its season, or of all periods where it comes but once."""
    known = series.known.all(axis=0)
    same = (series.periods.season[:, None] == series.periods.season) & known
    np.fill_diagonal(same, False)
    same[~same.any(axis=1)] = known
    return same @ series.total / np.maximum(same.sum(axis=1), 1)


def _among_districts(series: Series, bound: float) -> list[Gap]:
    if not _districts(series):
        return []
    dispersion, shortest = between_districts(series), shortest_run(series)
    gaps = []
    for district in range(len(series.districts)):
        expected = _share(series, district) * rows_elsewhere(series, district)
        empty = series.known[district] & (series.counts[district] <= EMPTY * expected)
        for first, last in _runs(empty, expected, shortest):
            likelihood = among_districts(series, district, first, last, dispersion=dispersion)
            if is_gap(likelihood, last - first + 1, bound):
                gaps.append(Gap(series, district, first, last, likelihood.expected))
                series = series.without(gaps[-1].run, district)
    return gaps


def _share(series: Series, district: int) -> float:
    """Return a district's rows in relation to all others', at least what its people would make likely."""
    others = rows_elsewhere(series, district)[series.known[district]].sum()
    population = LEAST_SHARE * series.population[district]
    return max(series.counts[district].sum() / max(others, 1), population / (1 - population))


def _runs(empty: np.ndarray, expected: np.ndarray, shortest: float) -> Iterator[tuple[int, int]]:
    """Yield the first and the last place of each run of that many empty periods, less ends where none are expected."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], empty, [False]]).astype(np.int8)))
    for first, end in edges.reshape(-1, 2):
        worth = first + np.flatnonzero(expected[first:end] >= 0.5)
        if end - first >= shortest and len(worth) and expected[first:end].sum() > 5:
            yield int(worth[0]), int(worth[-1])
