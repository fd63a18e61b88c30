"""What a check could have seen: where rows are few, finding nothing says nothing.

A gap is planted into the very rows, everywhere it may lie, and looked for as the check looks. A shift is planted into
a course of usual rows; it needs the bound and what 99 of 100 samples fall short of at most.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri, xlogy

from tf_eval.data.checking.patterns.breaks import WINDOWS, step_statistic
from tf_eval.data.checking.patterns.dispersion import between_districts, over_time
from tf_eval.data.checking.patterns.drift import Spread, spread_of
from tf_eval.data.checking.patterns.expectation import among_districts, in_time, rows_elsewhere
from tf_eval.data.checking.patterns.gaps import gap_bound, is_gap, levels_of, shortest_run
from tf_eval.data.checking.patterns.regression import LEAST_YEARS, course, fit_poisson, season_and_trend
from tf_eval.data.checking.patterns.series import Series
from tf_eval.data.checking.patterns.shifts import shift_bound

LONGEST_GAP = 24  # periods on end; beyond it a series is as good as empty
NEARLY_ALWAYS = 0.9  # of the places in which a gap may lie
FALLS = (0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
RISES = (1.4, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 10.0)
_SURELY = float(ndtri(0.99))
_YEAR = 12
_NEXT_TO_NONE = 1e-6  # rows of a season that has none


@dataclass(frozen=True)
class Power:
    """What could have been seen of one kind (None: all of a table's) in one district (None: all together).

    ``usual_rows`` are those of a mean period; ``gap_periods`` says how many on end have to be missing to be found
    nearly wherever they lie, ``fall`` and ``rise`` how far recording has to go, for two years, for a shift to be found.
    None stands for what cannot be seen at all.
    """

    agency: str
    table: str
    kind: str | None
    district: str | None
    usual_rows: int
    gap_periods: int | None
    fall: float | None = None
    rise: float | None = None


def power_of(counted: Sequence[Series], steady: Sequence[Series]) -> list[Power]:
    """Return what gaps and shifts could have been found in every series and district of a county.

    Args:
        counted: the series that gaps and shifts were looked for in.
        steady: the same with their gaps marked as missing and the shifts of their districts taken out.
    """
    gaps, shifts = gap_bound(levels_of(counted)), shift_bound(counted)
    return [power for level in levels_of(steady) for series in level for power in _of_series(series, gaps, shifts)]


def _of_series(series: Series, gaps: float, shifts: float) -> Iterator[Power]:
    needed = (np.sqrt(shifts) + _SURELY) ** 2 if len(series.kinds) == 1 else np.inf  # shifts are those of single kinds
    name = (series.agency, series.table, series.kinds[0] if len(series.kinds) == 1 else None)
    whole = series.of_whole_districts()
    dispersion, rows = over_time(whole), _mean(series.total[whole.comparable])
    yield Power(*name, None, rows, _gap(whole, None, dispersion, gaps), *_in_county(whole, dispersion * needed))
    if len(series.districts) > 1:
        spread = spread_of(series, between_districts(series))
        for place, district in enumerate(series.districts):
            gap, rows = _gap(series, place, spread.dispersion, gaps), _mean(series.counts[place][series.known[place]])
            yield Power(*name, district, rows, gap, *_in_district(series, place, spread, needed))


def _mean(rows: np.ndarray) -> int:
    return round(rows.mean()) if len(rows) else 0


def _gap(series: Series, district: int | None, dispersion: float, bound: float) -> int | None:
    """Return how many periods on end have to be missing, so that they are found nearly wherever they lie."""
    if district is not None and not rows_elsewhere(series, district).any():
        return None  # there is nothing to compare the district with
    shortest = int(np.ceil(shortest_run(series)))
    lengths = range(shortest, LONGEST_GAP + 1)
    place = bisect_left(lengths, True, key=lambda periods: _is_seen(series, district, periods, dispersion, bound))
    return lengths[place] if place < len(lengths) else None


def _is_seen(series: Series, district: int | None, periods: int, dispersion: float, bound: float) -> bool:
    known = series.comparable if district is None else series.known[district] & (series.exposure > 0)
    firsts = [first for first in np.flatnonzero(known).tolist() if first + periods <= len(series.periods)]
    seen = [_would_be_found(series, district, first, periods, dispersion, bound) for first in firsts]
    return bool(seen) and np.mean(seen) >= NEARLY_ALWAYS


def _would_be_found(
    series: Series, district: int | None, first: int, periods: int, dispersion: float, bound: float
) -> bool:
    last = first + periods - 1
    empty = series.emptied(slice(first, last + 1), district)
    if district is None:
        likelihood = in_time(empty, first, last, dispersion=dispersion)
    else:
        likelihood = among_districts(empty, district, first, last, dispersion=dispersion)
    return is_gap(likelihood, periods, bound)


def _in_county(series: Series, needed: float) -> tuple[float | None, float | None]:
    """Return the smallest fall and rise, in the middle of its time, that a county's season and trend cannot explain."""
    rows, season = series.total[series.comparable], series.periods.season[series.comparable]
    if len(rows) < LEAST_YEARS * _YEAR or not np.isfinite(needed):
        return None, None
    usual = np.maximum(course(rows, season), _NEXT_TO_NONE)
    time = np.arange(len(rows))
    design, is_after = season_and_trend(season, time), time >= len(rows) // 2

    def statistic(ratio: float) -> float:
        shifted = np.where(is_after, ratio * usual, usual)
        return 2 * ((xlogy(shifted, shifted) - shifted).sum() - fit_poisson(shifted, design).log_likelihood)

    return _smallest(FALLS, statistic, needed), _smallest(RISES, statistic, needed)


def _in_district(series: Series, district: int, spread: Spread, needed: float) -> tuple[float | None, float | None]:
    """Return the smallest fall and rise, in the middle of its time, that stand out from the other districts."""
    known, others = series.known[district], series.whole_districts.copy()
    others[district] = False
    months = np.minimum(WINDOWS, known.sum() // 2)
    if not months.all() or not np.isfinite(needed):
        return None, None
    own = series.counts[district, known].mean() * months
    beside = series.counts[others][:, known].sum(axis=0).mean() * months

    def statistic(ratio: float) -> float:
        counts = (own, ratio * own, beside, beside)
        information = 1 / sum(1 / (count + 0.5) for count in counts)
        return float((step_statistic(*counts) / spread.between(2 * months, information)).max())

    return _smallest(FALLS, statistic, needed), _smallest(RISES, statistic, needed)


def _smallest(ratios: Sequence[float], statistic: Callable[[float], float], needed: float) -> float | None:
    return next((ratio for ratio in ratios if statistic(ratio) >= needed), None)
