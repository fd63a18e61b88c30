"""Planted gaps and shifts are found where they are, and a county without faults has none."""

from dataclasses import replace
from datetime import date

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from benchmarks.shifts import DRIFTS
from synthetic.county import build_county
from synthetic.extracts import agency_listings
from synthetic.faults.plant import plant_faults
from synthetic.identification import identify
from synthetic.interventions import assign_support
from synthetic.outcomes import draw_histories
from synthetic.presets import load_preset
from synthetic.programme import run_programme
from synthetic.records import hold_records
from synthetic.truth import draw_potential_outcomes
from tf_eval.data.checking.patterns import find_patterns
from tf_eval.data.checking.patterns.gaps import find_gaps
from tf_eval.data.checking.patterns.periods import school_terms, whole_months
from tf_eval.data.checking.patterns.series import Series
from tf_eval.data.checking.patterns.shifts import find_shifts
from tf_eval.data.layout import COUNTY_DDL
from tf_eval.data.problems import create_problem_table

START, END = date(2009, 4, 1), date(2015, 4, 1)
RULES = {"missing_month": "missing months", "missing_term": "missing term", "recording_shift": "shift in recording"}
TABLES = {
    "event": ("kind", "date"),
    "spell": ("kind", "start_date"),
    "attendance": ("academic_year", "term", "school"),
}


def county(preset, seed, *, faults=False):
    """Return a connection with a synthetic county's loaded rows, truly linked, and the patterns planted in it."""
    county = build_county(load_preset(preset), seed)
    untreated = draw_histories(county)
    support = assign_support(county, untreated, run_programme(county, untreated, identify(county, untreated)))
    observed = untreated.replaced_by(draw_potential_outcomes(county, support).recorded)
    records = hold_records(county, observed, support, faults=faults)
    listings, patterns = agency_listings(records), ()
    if faults:
        planted = plant_faults(records, listings)
        listings, patterns = planted.listings, planted.patterns
    return tables_of(county, listings), patterns


def tables_of(county, listings):
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(COUNTY_DDL)
    create_problem_table(connection)
    by_table = {table: [one for one in listings if one.layout.table == table] for table in (*TABLES, "term")}
    for table, columns in TABLES.items():
        parts = [loaded(entry, one, columns) for entry, one in enumerate(by_table[table])]
        connection.register("parts", pa.concat_tables(parts))
        connection.execute(f"CREATE TABLE loaded_{table} AS FROM parts")
        connection.unregister("parts")
    connection.execute("CREATE TABLE entry AS SELECT DISTINCT entry, agency, 'a file' AS file FROM loaded_event")
    write_people(connection, county)
    write_calendar(connection, county)
    return connection


def loaded(entry, listing, columns):
    """Return the usable rows of a listing; a person's own number stands for that of the agency."""
    usable = listing.person >= 0
    day = next((listing.columns[name] for name in columns if name.endswith("date")), None)
    if day is not None:
        usable &= (day >= np.datetime64(START) if "date" in columns else ~np.isnat(day)) & (day < np.datetime64(END))
    values = {name: pa.array(listing.columns[name][usable]) for name in columns}
    number = int(usable.sum())
    who = {"local_id": pa.array(listing.person[usable].astype(str).astype(object), pa.string())}
    return pa.table({"entry": np.full(number, entry), "agency": [listing.layout.agency] * number, **who, **values})


def write_people(connection, county):
    population = county.population
    names = np.array([district.name for district in county.preset.districts], dtype=object)
    people = pa.table(
        {
            "person_id": np.arange(population.people),
            "district": names[population.district[population.family]],
            "start_date": np.full(population.people, np.datetime64("1900-01-01")),
            "end_date": pa.nulls(population.people, pa.date32()),
        }
    )
    connection.register("people", people)
    connection.execute("CREATE TABLE person_home AS FROM people")
    connection.execute("""
        CREATE TABLE person_link AS
        SELECT DISTINCT agency, local_id, local_id::BIGINT AS person_id
        FROM (FROM (SELECT agency, local_id FROM loaded_event) UNION ALL SELECT agency, local_id FROM loaded_spell
              UNION ALL SELECT agency, local_id FROM loaded_attendance)
    """)


def write_calendar(connection, county):
    terms = county.terms
    columns = (terms.academic_year.tolist(), terms.term.tolist(), terms.start.tolist(), terms.end.tolist())
    for number, row in enumerate(zip(*columns, strict=True)):
        connection.execute("INSERT INTO term VALUES (?, ?, ?, ?, ?)", (number, *row))
    connection.execute("""
        INSERT INTO coverage
        SELECT DISTINCT agency, 'event', kind, DATE '2009-04-01', DATE '2015-04-01' FROM loaded_event
        UNION ALL SELECT DISTINCT agency, 'spell', kind, DATE '2009-04-01', DATE '2015-04-01' FROM loaded_spell
        WHERE kind NOT IN ('work_programme_sent', 'work_programme', 'esf_provision')
        UNION ALL SELECT DISTINCT agency, 'spell', kind, DATE '2011-12-01', DATE '2015-04-01' FROM loaded_spell
        WHERE kind IN ('work_programme_sent', 'work_programme', 'esf_provision')
        UNION ALL SELECT DISTINCT agency, 'attendance', NULL, DATE '2009-04-01', DATE '2015-04-01'
        FROM loaded_attendance
    """)


def found(connection):
    find_patterns(connection, start=START, end=END)
    return connection.execute("SELECT rule, agency, place FROM problem ORDER BY ALL").fetchall()


@pytest.mark.parametrize(
    ("preset", "seed"), [("dartford", 21), ("dartford", 22), ("dartford", 23), ("oxfordshire", 24)]
)
def test_a_clean_county_has_no_pattern(preset, seed):
    assert found(county(preset, seed)[0]) == []


def in_months(period):
    """Return a planted period, such as 2012-03 to 2012-05, as the months' numbers."""
    months = [int(month[:4]) * 12 + int(month[5:]) for month in period.split(" to ")]
    return months[0], months[-1]


def months_of(place):
    """Return the numbers of the months that a finding names."""
    words = place.replace(" on", "").replace("from ", "").split(", ")[-1].split(" to ")
    dates = [np.datetime64(f"{word.split()[1]}-{MONTHS[word.split()[0]]:02d}") for word in words]
    return [int(month.astype(int)) + 1970 * 12 + 1 for month in (dates[0], dates[-1])]


MONTHS = {date(2000, month, 1).strftime("%B"): month for month in range(1, 13)}


def is_found(pattern, findings):
    district, what, period = pattern.place.split(", ")
    for rule, agency, place in findings:
        if (rule, agency) != (RULES[pattern.kind], pattern.agency):
            continue
        if pattern.kind == "missing_term" and place.startswith(what):
            return True
        if pattern.kind != "missing_term" and place.startswith(district):
            first, last = in_months(period)
            start, end = months_of(place)
            # A step is placed to the month only where it is large beside the noise of single months.
            near = abs(start - first) <= 3 if pattern.kind == "recording_shift" else start <= last and first <= end
            if near and (pattern.kind == "missing_month" or what in place):
                return True
    return False


def test_every_planted_pattern_is_found_and_nothing_else():
    connection, patterns = county("oxfordshire", 31, faults=True)
    findings = found(connection)
    assert {pattern.kind for pattern in patterns} == set(RULES)
    assert [pattern for pattern in patterns if not is_found(pattern, findings)] == []
    # A district's gap may be named once for each of an agency's tables.
    assert len(findings) <= len(patterns) + sum(pattern.kind == "missing_month" for pattern in patterns)


def made_up(rng, rows_a_month, *, districts=5, kinds=8, dispersion=1.0):
    """Return series of made-up counts with a season and a slow decline, which differ in how fully districts record."""
    months = whole_months(START, END, school_terms([]))
    course = 1 + 0.2 * np.sin(2 * np.pi * months.season / 12) - 0.002 * np.arange(len(months))
    shape = (districts, len(months))
    series = []
    for kind in range(kinds):
        mean = rows_a_month * rng.uniform(0.6, 1.4, size=(districts, 1)) * course
        if dispersion > 1:
            mean = rng.gamma(mean / (dispersion - 1), dispersion - 1)
        known = np.ones(shape, dtype=bool)
        counts = rng.poisson(mean).astype(float)
        names = tuple(f"district {number}" for number in range(districts))
        nobody, shares = np.zeros(len(months)), np.full(districts, 1 / districts)
        name = ("agency", "event", (f"kind {kind}",), names)
        series.append(Series(*name, counts, nobody, known[0], known, shares, months))
    return series


@pytest.mark.parametrize(("rows_a_month", "dispersion"), [(3, 1.0), (30, 1.0), (30, 2.5), (600, 2.5)])
@pytest.mark.parametrize("districts", [1, 2, 5])
def test_chance_alone_is_no_pattern(rows_a_month, dispersion, districts):
    """40 counties of 8 kinds: at one false alarm in a hundred counties, more than 3 of 40 come once in 1,300 times."""
    rng = np.random.default_rng([7, rows_a_month, districts])
    counties = [made_up(rng, rows_a_month, districts=districts, dispersion=dispersion) for _ in range(40)]
    assert sum(bool(find_gaps(series)) for series in counties) <= 1
    assert sum(bool(find_shifts(series)) for series in counties) <= 3


@pytest.mark.parametrize(("ratio", "rows_a_month"), [(0.45, 30), (2.0, 20)])
def test_a_shift_of_two_years_is_found_from_the_stated_size_on(ratio, rows_a_month):
    rng = np.random.default_rng(8)
    hits = []
    for _ in range(150):
        (series,) = made_up(rng, rows_a_month, kinds=1)
        first = int(rng.integers(24, 48))
        counts = series.counts.copy()
        mean = rows_a_month * np.ones(len(series.periods))
        mean[first:] *= ratio
        counts[0] = rng.poisson(mean)
        shifts = find_shifts([replace(series, counts=counts)])
        hits.append(any(shift.district == 0 and abs(shift.first - first) <= 4 for shift in shifts))
    assert np.mean(hits) >= 0.99


def test_a_gap_is_found_from_the_stated_size_on():
    """The bound is 13 rows for one series; at 30 the noise of the rows it is compared with cannot hide a gap."""
    rng = np.random.default_rng(9)
    hits = []
    for _ in range(150):
        (series,) = made_up(rng, 30, kinds=1)
        first = int(rng.integers(0, len(series.periods)))
        counts = series.counts.copy()
        counts[0] = rng.poisson(30, size=len(series.periods))
        counts[0, first] = 0
        gaps = find_gaps([replace(series, counts=counts)])
        hits.append([(gap.district, gap.first, gap.last) for gap in gaps] == [(0, first, first)])
    assert np.mean(hits) >= 0.99


def with_rates(rng, rates):
    """Return a series with these mean rows by district and month."""
    (series,) = made_up(rng, 60, kinds=1, districts=len(rates))
    return [replace(series, counts=rng.poisson(rates).astype(float))]


@pytest.mark.parametrize("drift", ["random walk, 0.03", "autoregression"])
def test_districts_that_drift_have_no_shifts(drift):
    """60 counties: at one false alarm in a hundred, more than 2 come once in 40 times; one variance for all finds 4."""
    rng = np.random.default_rng(10)
    counties = [with_rates(rng, 60 * np.exp(DRIFTS[drift](rng, 5))) for _ in range(60)]
    assert sum(bool(find_shifts(series)) for series in counties) <= 2


def test_a_shift_is_found_beside_drift():
    rng, hits = np.random.default_rng(13), 0
    for _ in range(40):
        rates = DRIFTS["random walk, 0.03"](rng, 5)
        rates[0, 36:] += np.log(0.45)
        shifts = find_shifts(with_rates(rng, 60 * np.exp(rates)))
        hits += any(shift.district == 0 and abs(shift.first - 36) <= 4 for shift in shifts)
    assert hits >= 36


def test_two_districts_that_shift_do_not_hide_one_another():
    rng, hits = np.random.default_rng(14), 0
    for _ in range(40):
        rates = np.full((5, 72), 20.0)
        rates[0, 30:] *= 2
        rates[1, 44:] *= 2
        hits += {0, 1} <= {shift.district for shift in find_shifts(with_rates(rng, rates))}
    assert hits >= 36


def test_a_district_that_grows_steadily_has_no_shift():
    rng, rates = np.random.default_rng(11), np.full((5, 72), 60.0)
    rates[0] *= np.geomspace(1, 2.5, 72)
    assert sum(bool(find_shifts(with_rates(rng, rates))) for _ in range(20)) == 0


def test_what_is_entered_once_a_year_has_no_gap():
    rng, rates = np.random.default_rng(12), np.zeros((5, 72))
    rates[:, [11, 24, 35, 48, 60, 71]] = 40  # 31 March or 1 April
    assert sum(bool(find_gaps(with_rates(rng, rates))) for _ in range(20)) == 0
