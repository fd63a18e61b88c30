"""Shifts in recording: a month from which an agency records a kind more, or less, than before.

A district is compared with the other districts of its county, so that what the whole county goes through is no shift
of any of them; the county is compared with its own season and trend. Each comparison is a likelihood-ratio test of a
step, over all months at which it may lie (Page 1954; Andrews 1993), and of several lengths before and after it, so
that a shift is found that goes back after a year.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import chdtri

from tf_eval.data.checking.patterns.breaks import SHORTEST, WINDOWS, Break, best_break, is_rather_a_trend
from tf_eval.data.checking.patterns.dispersion import between_districts, over_time
from tf_eval.data.checking.patterns.drift import Spread, spread_of
from tf_eval.data.checking.patterns.regression import (
    LEAST_YEARS,
    added,
    fit_poisson,
    season_and_trend,
    seasons_with_rows,
    step_statistics,
)
from tf_eval.data.checking.patterns.series import Series

FAMILY_WISE = 0.01  # the chance that a county in which no recording changed gets a finding, over all series and months
SMALLEST_RATIO = 1.4  # smaller changes are everyday life
_YEAR = 12


@dataclass(frozen=True, eq=False)
class Shift:
    """From period ``first`` on there are ``ratio`` times the rows: in one district (its place), or in all (None)."""

    series: Series
    district: int | None
    first: int
    ratio: float


def find_shifts(all_series: Sequence[Series]) -> list[Shift]:
    """Return every shift of a county's monthly series, from the first month of each.

    With two years on either side, a fall to 45 % is found in 99 of 100 cases from 30 rows a month before it on, and a
    doubling from 20; with one year on the shorter side it takes twice that. A change of the whole county has to be
    told from its trend: that takes about 40. All of it times the dispersion, where rows come together. A district that
    grows or shrinks steadily has no shift. ``power`` tells it for a county's own rows.

    Where districts drift, a series gets a false finding in 1 to 3 of 100 cases, and with 20 rows a month up to 4
    (``benchmarks/shifts.py``): the drift has to be measured from the same rows. Real shifts are then missed more often,
    most of all with two districts. A county that drifts as a whole is told from a shift as far as its trend bends once.
    """
    bound = shift_bound(all_series)
    return [shift for series in all_series if series.kinds for shift in _in_series(series, bound)]


def shift_bound(all_series: Sequence[Series]) -> float:
    """Return the chi-squared value that a shift has to reach, of all the months and windows that are looked at."""
    monthly = [series for series in all_series if series.kinds]
    tests = sum(len(series.periods) * (len(WINDOWS) * len(series.districts) + 1) for series in monthly)
    return chdtri(1, FAMILY_WISE / max(tests, 1))


def without_shifts(series: Series, shifts: Sequence[Shift]) -> Series:
    """Return a series as it would be had its districts gone on recording as before."""
    for shift in [shift for shift in shifts if shift.series is series and shift.district is not None]:
        series = _taken_out(series, shift)
    return series


def _in_series(series: Series, bound: float) -> Iterator[Shift]:
    """Yield the shifts of single districts; then those of the county, with the districts' own taken out."""
    for shift in _of_districts(series, bound):
        yield shift
        series = _taken_out(series, shift)
    yield from _of_county(series, bound)


def _taken_out(series: Series, shift: Shift) -> Series:
    """Return a series as it would be had the district gone on recording as before."""
    counts = series.counts.copy()
    counts[shift.district, shift.first :] /= shift.ratio
    return replace(series, counts=counts)


def _of_districts(series: Series, bound: float) -> list[Shift]:
    """Find the shifts of single districts beside their drift.

    A shift looks like drift as long as it is in, and drift looks like shifts as long as it is taken for none: the
    drift is measured without all shifts that would be there, and the shifts are found again, until none falls away.
    """
    if len(series.districts) < 2:
        return []
    spread = Spread(between_districts(series))
    found = _beside(series, spread, bound)
    before = len(found) + 1
    while 0 < len(found) < before:
        before = len(found)
        found = _beside(series, _least_spread(series, found, spread.dispersion), bound)
    return sorted(found, key=lambda shift: (shift.first, shift.district))


def _least_spread(series: Series, found: Sequence[Shift], dispersion: float) -> Spread:
    """Return the spread without some of the clearest shifts, so many that it is least: one too many adds to it."""
    spreads = []
    for shift in found:
        series = _taken_out(series, shift)
        spreads.append(spread_of(series, dispersion))
    return min(spreads, key=lambda spread: spread.drift)


def _beside(series: Series, spread: Spread, bound: float) -> list[Shift]:
    """Find the clearest break of any district, take it out, and look again, until none is left."""
    found: list[Shift] = []
    corrected = series
    for _ in range(len(series.districts) * len(series.periods) // SHORTEST):
        clearest = _clearest(series, corrected, found, spread)
        if clearest is None or clearest[1].statistic < bound:
            break
        found.append(Shift(series, clearest[0], clearest[1].first, clearest[1].ratio))
        corrected = _taken_out(corrected, found[-1])
    return found


def _clearest(series: Series, corrected: Series, found: Sequence[Shift], spread: Spread) -> tuple[int, Break] | None:
    """Return the district with the clearest break and the break.

    With two districts it is the same break for both; it is the one's that has left its own past more.
    """
    breaks = []
    shifted = {shift.district for shift in found}
    for district in range(len(series.districts)):
        edges = [shift.first for shift in found if shift.district == district]
        compared = (
            series.counts[district],
            _compared_with(corrected, district, shifted),
            series.known[district],
            edges,
        )
        at = best_break(*compared, smallest_ratio=SMALLEST_RATIO, spread=spread)
        if at is not None and not is_rather_a_trend(*compared, at):
            breaks.append((district, at))
    if len(series.districts) == 2:
        return max(breaks, key=lambda one: _own_change(series, *one), default=None)
    return max(breaks, key=lambda one: one[1].statistic, default=None)


def _compared_with(corrected: Series, district: int, shifted: Collection[int]) -> np.ndarray:
    """Return the rows of the other districts: of those that did not shift themselves, as long as there are any."""
    others = [other for other in np.flatnonzero(corrected.whole_districts).tolist() if other != district]
    unshifted = [other for other in others if other not in shifted]
    return corrected.counts[unshifted or others].sum(axis=0)


def _own_change(series: Series, district: int, at: Break) -> float:
    """Return how much a district's own rows of the year after a break differ from those of the year before (log)."""
    own = series.counts[district]
    length = min(_YEAR, at.first, len(own) - at.first)
    before, after = own[at.first - length : at.first].sum(), own[at.first : at.first + length].sum()
    return abs(np.log((after + 0.5) / (before + 0.5)))


def _of_county(series: Series, bound: float) -> list[Shift]:
    """Find the steps of the county's rows beside its season and trend, one after the other, clearest first."""
    series = series.of_whole_districts()
    known = series.comparable
    rows, season = series.total[known], series.periods.season[known]
    if len(rows) < LEAST_YEARS * _YEAR:
        return []
    bound *= over_time(series)
    usable = seasons_with_rows(rows, season)
    months = np.flatnonzero(known)[usable]
    rows, season = rows[usable], season[usable]
    design = season_and_trend(season, months)
    steps = (months[:, None] >= months[SHORTEST : len(months) - SHORTEST + 1]).astype(float)
    found: list[int] = []
    while (step := _next_step(rows, design, steps, found, bound)) is not None:
        found.append(step)
        design = added(design, [steps[:, step]])
    ratios = np.exp(fit_poisson(rows, design).coefficients[design.shape[1] - len(found) :])
    shifts = [
        Shift(series, None, int(months[SHORTEST + step]), float(ratio))
        for step, ratio in zip(found, ratios, strict=True)
    ]
    return sorted(shifts, key=lambda shift: shift.first)


def _next_step(
    rows: np.ndarray, design: np.ndarray, steps: np.ndarray, found: Sequence[int], bound: float
) -> int | None:
    """Return the step that adds most to a fit, if it is clear and large enough."""
    if not steps.shape[1]:  # too few months for a step with enough of them on either side
        return None
    fit = fit_poisson(rows, design)
    statistics = step_statistics(rows, fit, design, steps)
    for step in found:
        statistics[max(step - SHORTEST + 1, 0) : step + SHORTEST] = 0
    best = int(statistics.argmax())
    with_it = fit_poisson(rows, added(design, [steps[:, best]]))
    is_clear = 2 * (with_it.log_likelihood - fit.log_likelihood) >= bound
    return best if is_clear and abs(with_it.coefficients[-1]) >= np.log(SMALLEST_RATIO) else None
