"""Sparse panels hold what a matrix would: every number against a slow reading of the same records, day by day."""

import random
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cohort_county import SmallCounty, age_months, small_county
from tests.cohort_panel import BENEFITS, CALLOUTS, OFFENCES, panel_of
from tf_eval.cohort.amounts import Amounts
from tf_eval.cohort.month_series import MonthSeries
from tf_eval.cohort.months import first_day, last_day
from tf_eval.cohort.seen import Presence, Seen
from tf_eval.cohort.spans import expand, open_at, without_overlaps

FAMILIES, MONTHS = 4, 15
WINDOWS = [(3, 0), (6, 0), (12, 0), (12, 3)]


@st.composite
def a_series(draw) -> tuple[MonthSeries, np.ndarray]:
    """Draw events, presence and months that are covered; return the series, and the matrix it stands for."""
    cells = draw(st.lists(st.integers(0, FAMILIES * MONTHS - 1), max_size=60))
    lost, away = (draw(st.lists(st.integers(0, FAMILIES * MONTHS - 1), max_size=6)) for _ in range(2))
    months = np.array(draw(st.lists(st.booleans(), min_size=MONTHS, max_size=MONTHS)))
    columns = st.integers(-3, MONTHS + 3)
    arrived, left = (np.array(draw(st.lists(columns, min_size=FAMILIES, max_size=FAMILIES))) for _ in range(2))
    column = np.arange(MONTHS)
    seen = (arrived[:, None] <= column) & (column < left[:, None]) & months
    seen.ravel()[lost + away] = False
    matrix = np.bincount(np.array(cells, dtype=int), minlength=seen.size).reshape(seen.shape).astype(float)
    presence = Presence(arrived, left, np.unique(np.array(away, dtype=np.int64)), MONTHS)
    held = Seen.but(presence, months, np.array(lost, dtype=np.int64))
    cell = np.array(cells, dtype=np.int32)
    return MonthSeries(Amounts.add_up(cell[held.holds(cell)], MONTHS), held), np.where(seen, matrix, np.nan)


def mean(values: np.ndarray) -> float:
    return np.nan if np.isnan(values).all() else np.nanmean(values)


@given(a_series())
def test_a_series_is_the_matrix_it_stands_for(drawn):
    series, matrix = drawn
    rows = np.array([2, 0, 2, 3])
    np.testing.assert_array_equal(series.values(rows), matrix[rows])
    np.testing.assert_array_equal(series.denominators(rows), np.where(np.isnan(matrix[rows]), np.nan, 1.0))
    monthly = series.by_month()
    np.testing.assert_array_equal(monthly["families"], np.isfinite(matrix).sum(axis=0))
    np.testing.assert_allclose(monthly["mean"], [mean(column) for column in matrix.T])


@given(a_series(), st.lists(st.tuples(st.integers(0, FAMILIES - 1), st.integers(12, MONTHS)), min_size=1, max_size=8))
def test_lagged_means_are_those_of_the_matrix(drawn, asked):
    series, matrix = drawn
    rows, index = np.array(asked).T
    for (first, last), values in series.lagged(rows, index, WINDOWS).items():
        expected = [mean(matrix[row, column - first : column - last]) for row, column in asked]
        np.testing.assert_allclose(values, expected)


@given(a_series())
def test_a_term_is_the_sum_of_its_months_where_all_were_seen(drawn):
    series, matrix = drawn
    expected = np.column_stack([matrix[:, 0:4].sum(axis=1), matrix[:, 6:9].sum(axis=1)])
    np.testing.assert_array_equal(series.by_term([(0, 4), (6, 9)]), expected)
    assert series.by_term([]).shape == (FAMILIES, 0)


@given(st.lists(st.tuples(st.integers(0, FAMILIES * MONTHS - 1), st.integers(0, 500)), max_size=40))
def test_amounts_add_up_in_any_order(rows):
    cell, amount = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    amounts = Amounts.add_up(cell, MONTHS, amount)
    expected = np.bincount(cell, weights=amount, minlength=FAMILIES * MONTHS).reshape(FAMILIES, MONTHS)
    np.testing.assert_array_equal(amounts.dense(np.arange(FAMILIES)), expected)
    np.testing.assert_array_equal(amounts.by_column(), expected.sum(axis=0))
    ones = Amounts.ones(cell, MONTHS).dense(np.arange(FAMILIES))
    np.testing.assert_array_equal(ones.ravel(), np.isin(np.arange(FAMILIES * MONTHS), cell))


SPAN = st.tuples(st.integers(0, 3), st.integers(-50, 50), st.integers(0, 20))


@given(st.lists(SPAN, max_size=12))
def test_spans_without_overlaps_hold_each_day_once(drawn):
    group, start, length = np.array(sorted(drawn), dtype=np.int64).reshape(-1, 3).T
    later = without_overlaps(group, start, start + length)
    days = [(g, day) for g, s, n in zip(group, start, length, strict=True) for day in range(s, s + n)]
    kept = [(g, day) for g, s, end in zip(group, later, start + length, strict=True) for day in range(s, end)]
    assert len(kept) == len(set(kept))
    assert set(kept) == set(days)


@given(st.lists(SPAN, max_size=6))
def test_spans_are_laid_out_in_order(drawn):
    _, start, length = np.array(drawn, dtype=np.int64).reshape(-1, 3).T
    owner, number = expand(start, start + length)
    expected = [(place, day) for place, (_, s, n) in enumerate(drawn) for day in range(s, s + n)]
    assert list(zip(owner.tolist(), number.tolist(), strict=True)) == expected


@given(st.sets(st.integers(0, 200), max_size=12), st.booleans(), st.integers(0, 200))
def test_a_span_is_open_from_its_first_day_until_its_end(edges, last_is_open, asked):
    edges = sorted(edges)
    spans = list(zip(edges[::2], edges[1::2], strict=False)) + ([(edges[-1], None)] if len(edges) % 2 else [])
    row = np.ones(len(spans), dtype=np.int64)
    day = np.datetime64("2012-01-01")
    start = np.array([day + s for s, _ in spans], dtype="datetime64[D]")
    end = np.array([np.datetime64("NaT") if e is None else day + e for _, e in spans], dtype="datetime64[D]")
    found = open_at((row, start, end), np.array([0, 1, 2]), np.array([day + asked] * 3))
    assert found.tolist() == [False, any(s <= asked and (e is None or asked < e) for s, e in spans), False]


def random_county(seed: int) -> SmallCounty:
    """Families with children of all ages who join, leave, offend and are locked up or taken into care."""
    draw = random.Random(seed)
    county = small_county()

    def any_day() -> date:
        return date(2011, 1, 1) + timedelta(days=draw.randrange(900))

    for family in range(1, 13):
        births = [draw.choice(["1975-05-05", None]), f"199{draw.randint(3, 9)}-0{draw.randint(1, 9)}-15", "2012-03-20"]
        county.family(family, births)
        if draw.random() < 0.5:
            members = county.tables["family_member"]
            members[-2] = (family, family * 10 + 1, draw.choice([None, any_day()]), draw.choice([None, any_day()]))
        for _ in range(6):
            person = family * 10 + draw.randrange(3)
            county.event(person, draw.choice(["proven_offence", "police_callout"]), any_day().isoformat())
            start = any_day()
            end = draw.choice([None, start + timedelta(days=draw.choice([1, 30, 31, 200]))])
            kind = draw.choice(["custody", "looked_after", "out_of_work_benefit"])
            county.spell(person, kind, start.isoformat(), end and end.isoformat())
    return county


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("under_age", [18, None])
def test_exposure_is_what_counting_days_and_people_one_by_one_gives(seed, under_age):
    county = random_county(seed)
    families = tuple(range(1, 13))
    outcome = replace(OFFENCES, under_age=under_age, unexposed_in=("custody", "looked_after"))
    panel = panel_of(county, outcome, families=families)
    found = panel.exposure(outcome.name)
    expected = pd.DataFrame(
        [[slow_exposure(county, family, month, under_age) for month in panel.data.months] for family in families],
        index=found.index,
        columns=found.columns,
    )
    pd.testing.assert_frame_equal(found, expected)
    assert ((expected > 0) & (expected < 1)).any(axis=None)
    assert panel.matrix(outcome.name).isna().equals(expected == 0), "who had no exposure is missing, and nobody else"


def slow_exposure(county: SmallCounty, family: int, month: int, under_age: int | None) -> float:
    days = pd.date_range(first_day(month), last_day(month)).date
    exposed = [
        not away(county, person, day)
        for of, person, start, end in county.tables["family_member"]
        if of == family and is_of_age(county, person, days[0], under_age)
        for day in days
        if (start is None or start <= day) and (end is None or day < end)
    ]
    return float(np.mean(exposed)) if exposed else 0.0


def is_of_age(county: SmallCounty, person: int, on: date, under_age: int | None) -> bool:
    age = age_months(county.births[person], on)
    return under_age is None if age is None else age >= 0 and (under_age is None or age < 12 * under_age)


def away(county: SmallCounty, person: int, day: date) -> bool:
    return any(
        who == person and kind in ("custody", "looked_after") and start <= day and (end is None or day < end)
        for _, _, who, _, kind, start, end, *_ in county.tables["spell"]
    )


@pytest.mark.parametrize("seed", range(3))
def test_states_and_money_are_what_reading_record_by_record_gives(seed):
    county = random_county(seed)
    families = tuple(range(1, 13))
    adults = replace(BENEFITS, from_age=18)
    panel = panel_of(county, adults, CALLOUTS, families=families)
    months = panel.data.months
    state = [[adult_on_benefit(county, family, month) for month in months] for family in families]
    np.testing.assert_array_equal(panel.matrix("benefit").to_numpy(), state)
    assert 0 < np.nanmean(state) < 1
    assert np.isnan(state).any()
    cost = np.zeros((len(families), len(months)))
    for _, _, _, family, kind, on, *_ in county.tables["event"]:
        cost[family - 1, on.year * 12 + on.month - 1 - months[0]] += 12.5 * (kind == "police_callout")
    np.testing.assert_array_equal(panel.matrix("cost").to_numpy(), cost)


def adult_on_benefit(county: SmallCounty, family: int, month: int) -> float:
    """Return 1 or 0, and NaN for a month on no day of which an adult of known age was in the family."""
    first, last = first_day(month).item(), last_day(month).item()
    adults = [
        person
        for of, person, start, end in county.tables["family_member"]
        if of == family
        and (age_months(county.births[person], first) or 0) >= 216
        and (start is None or start <= last)
        and (end is None or (first < end and (start or first) < end))
    ]
    on_benefit = any(
        of == family
        and kind == "out_of_work_benefit"
        and (start <= last and (end is None or last < end))
        and (age_months(county.births[person], first) or 0) >= 216
        for _, _, person, of, kind, start, end, *_ in county.tables["spell"]
    )
    return float(on_benefit) if adults else np.nan
