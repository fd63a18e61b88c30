"""Whatever agencies say of where people live: one family a day, with a child in it, whatever the homes are called."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from unittest.mock import patch

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tf_eval.data.families import build_families, tenures
from tf_eval.data.families.spans import MONTH

START, END = date(2009, 4, 1), date(2015, 4, 1)
FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)
GROWN, YOUNG = 4, 4
PEOPLE = range(1, GROWN + YOUNG + 1)
TABLES = ("family", "family_member", "family_home", "family_span", "family_change")

DAYS = st.dates(date(2008, 1, 1), date(2015, 12, 31))
LENGTHS = st.none() | st.integers(1, 45) | st.integers(46, 1500)
HOMES = st.sampled_from("ABC")
BIRTHS = st.fixed_dictionaries(
    {person: st.dates(date(1960, 1, 1), date(1969, 1, 1)) for person in PEOPLE[:GROWN]}
    | {person: st.dates(date(1990, 1, 1), date(2014, 1, 1)) for person in PEOPLE[GROWN:]}
)


@st.composite
def stays(draw: st.DrawFn) -> list[tuple]:
    """Draw rows of residence: whole households, their moves, and single people who come and go."""
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        start, days, home = draw(DAYS), draw(LENGTHS), draw(HOMES)
        people = draw(st.sets(st.sampled_from(PEOPLE), min_size=1, max_size=5))
        rows += [(person, home, start, start + timedelta(days) if days else None) for person in sorted(people)]
    for _ in range(draw(st.integers(0, 4))):
        start, days = draw(DAYS), draw(LENGTHS)
        rows.append((draw(st.sampled_from(PEOPLE)), draw(HOMES), start, start + timedelta(days) if days else None))
    return rows


CARE = st.lists(st.tuples(st.sampled_from(PEOPLE[GROWN:]), DAYS, LENGTHS), max_size=2).map(
    lambda spells: [(child, start, start + timedelta(days) if days else None) for child, start, days in spells]
)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        yield connection


def found(connection: duckdb.DuckDBPyConnection, births: dict, rows: list[tuple], care: list[tuple]) -> dict[str, list]:
    """Return every table of families, made from these people, rows of residence and spells of care."""
    replace = {
        "person": "SELECT column0 AS person_id, column1 AS birth_date, NULL::VARCHAR AS sex FROM given",
        "person_link": "SELECT 'housing' AS agency, column0::VARCHAR AS local_id, column0 AS person_id FROM given",
        "loaded_residence": """
            SELECT 0 AS entry, row_number() OVER () AS row_number, 'housing' AS agency, column0::VARCHAR AS local_id,
                column1 AS uprn, NULL::VARCHAR AS postcode, 'Oxford' AS district, 1 AS deprivation_decile,
                column2 AS start_date, column3 AS end_date FROM given""",
        "loaded_spell": """
            SELECT 'housing' AS agency, column0::VARCHAR AS local_id, 'looked_after' AS kind, column1 AS start_date,
                column2 AS end_date FROM given""",
    }
    whole, text, day = pa.int64(), pa.string(), pa.date32()
    given_rows = {
        "person": (sorted(births.items()), (whole, day)),
        "person_link": (sorted(births.items()), (whole, day)),
        "loaded_residence": (rows, (whole, text, day, day)),
        "loaded_spell": (care, (whole, day, day)),
    }
    for table, (values, kinds) in given_rows.items():
        columns = zip(*values, strict=True) if values else ((),) * len(kinds)
        arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
        connection.register("given", pa.table({f"column{number}": array for number, array in enumerate(arrays)}))
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {replace[table]}")
        connection.unregister("given")
    build_families(connection, start=START, end=END)
    return {table: connection.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall() for table in TABLES}


def eighteen_years_after(birth: date) -> date:
    if (birth.month, birth.day) == (2, 29):
        return date(birth.year + 18, 3, 1)
    return birth.replace(year=birth.year + 18)


EXAMPLES = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@EXAMPLES
@given(births=BIRTHS, rows=stays(), care=CARE)
def test_everybody_ever_in_a_family_has_one_family_every_day(connection, births, rows, care):
    tables = found(connection, births, rows, care)
    spans: dict[int, list[tuple]] = {}
    for person, family, start, end in tables["family_span"]:
        spans.setdefault(person, []).append((start, end, family))
    assert spans.keys() == {person for _, person, _, _ in tables["family_member"]}
    for times in spans.values():
        times.sort()
        assert times[0][0] == FIRST and times[-1][1] == LAST
        assert all(before[1] == after[0] and before[2] != after[2] for before, after in pairwise(times))
    for family, person, start, end in tables["family_member"]:
        assert any(low <= start and (end or start) <= high and family == own for low, high, own in spans[person])


@EXAMPLES
@given(births=BIRTHS, rows=stays(), care=CARE)
def test_on_every_day_of_a_family_somebody_in_it_is_under_18(connection, births, rows, care):
    tables = found(connection, births, rows, care)
    of_age = {person: eighteen_years_after(birth) for person, birth in births.items()}
    for family in {row[0] for row in tables["family"]}:
        members = [(person, start, end or END) for own, person, start, end in tables["family_member"] if own == family]
        # Where nobody comes, goes or comes of age nothing changes, so the first days of such times stand for all.
        for day in {day for person, start, end in members for day in (start, end, of_age[person])}:
            here = [person for person, start, end in members if start <= day < end]
            assert not here or any(births[person] <= day < of_age[person] for person in here)


@EXAMPLES
@given(births=BIRTHS, rows=stays())
def test_nobody_is_in_a_family_for_longer_than_they_are_said_to_live_somewhere(connection, births, rows):
    for _, person, start, end in found(connection, births, rows, [])["family_member"]:
        times = sorted((max(low, births[person]), high or LAST) for who, _, low, high in rows if who == person)
        until = next(low for low, high in times if low <= start < high)
        assert until is not None
        for low, high in times:
            if start <= low and (low - until).days > MONTH and low > until:
                break
            until = max(until, high)
        assert (end or END) <= until


@EXAMPLES
@given(births=BIRTHS, rows=stays(), care=CARE, seed=st.integers(0, 999), names=st.permutations("ABC"))
def test_neither_the_order_of_rows_nor_the_names_of_homes_change_anything(connection, births, rows, care, seed, names):
    renamed = [(person, dict(zip("ABC", names, strict=True))[home], *days) for person, home, *days in rows]
    random.Random(seed).shuffle(renamed)
    assert found(connection, births, rows, care) == found(connection, births, renamed, care[::-1])


@EXAMPLES
@given(births=BIRTHS, rows=stays(), care=CARE)
def test_the_short_way_for_plain_households_gives_what_following_each_change_gives(connection, births, rows, care):
    followed = "CREATE OR REPLACE TEMP TABLE entangled AS SELECT node AS household FROM household_group"
    tables = found(connection, births, rows, care)
    with patch.object(tenures, "_ENTANGLED", followed):
        assert found(connection, births, rows, care) == tables
