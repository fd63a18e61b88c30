"""Who is one person, and which people are a family: tiny tables in, visible answers out."""

from collections.abc import Iterator
from datetime import date

import duckdb
import pyarrow as pa
import pytest

from tf_eval.data.check import create_loaded_tables
from tf_eval.data.families import MOST_IN_A_HOME, build_families, shared_addresses
from tf_eval.data.layout import DDL
from tf_eval.data.link import link_people

COLUMNS = ("agency", "local_id", "forename", "surname", "birth_date", "sex", "postcode", "upn", "nino", "nhs_number")
BORN = date(2000, 1, 2)


def record(agency: str, local_id: str, forename: str = "Ann", surname: str = "Lee", **other: object) -> dict:
    return {"birth_date": BORN, "sex": "female", **other} | {
        "agency": agency,
        "local_id": local_id,
        "forename": forename,
        "surname": surname,
    }


def table(*records: dict) -> pa.Table:
    kinds = {name: pa.date32() if name == "birth_date" else pa.string() for name in COLUMNS}
    return pa.table({name: pa.array([row.get(name) for row in records], kinds[name]) for name in COLUMNS})


def people(*records: dict) -> list[set[str]]:
    """Return the records of each person, as agency + local_id, in the order of the person's number."""
    found: dict[int, set[str]] = {}
    for link in link_people(table(*records)).person_link.to_pylist():
        found.setdefault(link["person_id"], set()).add(link["agency"] + link["local_id"])
    return [found[number] for number in sorted(found)]


def doubts(*records: dict) -> list[tuple]:
    return [tuple(row.values())[:4] for row in link_people(table(*records)).conflicts.to_pylist()]


@pytest.mark.parametrize("identifier", ["nhs_number", "upn", "nino"])
def test_a_shared_identifier_makes_one_person_whatever_the_name(identifier):
    one = record("a", "1", "Ann", "Lee", **{identifier: "X 1"})
    other = record("b", "1", "Annie", "Ray", **{identifier: "x1"})
    assert people(one, other) == [{"a1", "b1"}]


def test_identifiers_connect_through_a_third_record():
    housing = record("h", "1", "A", nhs_number="N1", upn="U1")
    health, school = record("c", "7", "B", nhs_number="N1"), record("e", "8", "C", upn="U1")
    assert people(health, school, housing) == [{"c7", "e8", "h1"}]


def test_names_agree_whatever_their_case_accents_blanks_and_apostrophes():
    assert people(record("a", "1", "Zoë", "O'Brien-Lee"), record("b", "1", "ZOE", "OBrien Lee")) == [{"a1", "b1"}]


@pytest.mark.parametrize(
    "other",
    [{"birth_date": date(2000, 2, 1)}, {"sex": "male"}, {"birth_date": None}, {"sex": None}],
)
def test_a_name_alone_makes_nobody_one_person(other):
    assert people(record("a", "1"), record("b", "1", **other)) == [{"a1"}, {"b1"}]


def test_twins_stay_two_people():
    twins = [record("h", "1", "Ann", nhs_number="N1"), record("h", "2", "Amy", nhs_number="N2")]
    assert people(*twins, record("p", "1", "Ann"), record("p", "2", "Amy")) == [{"h1", "p1"}, {"h2", "p2"}]


def test_an_identifier_with_two_birth_dates_links_nobody_and_is_told():
    one, other = record("a", "1", nhs_number="N1"), record("b", "1", nhs_number="N1", birth_date=date(1970, 1, 1))
    assert people(one, other) == [{"a1"}, {"b1"}]
    assert doubts(one, other) == [
        ("a", "1", "nhs_number", "one identifier, two birth dates"),
        ("b", "1", "nhs_number", "one identifier, two birth dates"),
    ]


def test_a_missing_birth_date_is_no_second_birth_date():
    assert people(record("a", "1", nhs_number="N1"), record("b", "1", nhs_number="N1", birth_date=None)) == [
        {"a1", "b1"}
    ]


def test_two_people_of_one_name_and_birth_date_are_told_apart_by_postcode_or_not_at_all():
    one = record("h", "1", nhs_number="N1", postcode="OX1 1AA")
    other = record("h", "2", nhs_number="N2", postcode="OX2 2BB")
    known, unknown = record("p", "1", postcode="ox11aa"), record("p", "2", postcode="OX3 3CC")
    assert people(one, other, known, unknown) == [{"h1", "p1"}, {"h2"}, {"p2"}]
    assert doubts(one, other, known, unknown) == [("p", "2", "surname", "same name and birth date, different people")]


def test_the_numbers_of_people_do_not_depend_on_the_order_of_the_records():
    records = [record("a", "1"), record("a", "2", "Bob"), record("b", "1", "Bob"), record("c", "1", "Cy")]
    assert people(*records) == people(*reversed(records)) == [{"a1"}, {"a2", "b1"}, {"c1"}]


START, END = date(2009, 4, 1), date(2015, 4, 1)
ADULT, CHILD = date(1975, 1, 1), date(2005, 1, 1)


@pytest.fixture
def county() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(DDL)
        create_loaded_tables(connection)
        connection.execute("CREATE TEMP TABLE entry AS SELECT 0 AS entry, 'housing' AS agency, 'homes.csv' AS file")
        yield connection


def settle(county: duckdb.DuckDBPyConnection, births: dict[int, date], *stays: tuple) -> None:
    """People by number with their birth dates; stays as person, property, district, from, to."""
    for person, birth in births.items():
        county.execute("INSERT INTO person VALUES (?, ?, 'female')", (person, birth))
        county.execute("INSERT INTO person_link VALUES ('housing', ?, ?)", (str(person), person))
    for number, (person, uprn, district, start, end) in enumerate(stays, start=2):
        values = (0, number, "housing", str(person), uprn, None, district, start, end)
        county.execute("INSERT INTO loaded_residence VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
    build_families(county, start=START, end=END)
    shared_addresses(county)


def families(county: duckdb.DuckDBPyConnection) -> list[set[int]]:
    rows = county.execute("SELECT family_id, list(person_id) FROM family_member GROUP BY 1 ORDER BY 1").fetchall()
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    return [set(row[1]) for row in rows]


def homes(county: duckdb.DuckDBPyConnection) -> list[tuple]:
    return county.execute(
        "SELECT family_id, district, start_date::VARCHAR, end_date::VARCHAR FROM family_home"
    ).fetchall()


def test_people_who_share_a_home_with_a_child_are_a_family_and_others_are_not(county):
    births = {1: ADULT, 2: CHILD, 3: ADULT, 4: ADULT}
    settle(county, births, *[(n, uprn, "Oxford", START, None) for n, uprn in ((1, "A"), (2, "A"), (3, "B"), (4, "B"))])
    assert families(county) == [{1, 2}]
    assert homes(county) == [(1, "Oxford", "2009-04-01", None)]


@pytest.mark.parametrize(
    ("birth", "is_family"),
    [(date(1991, 4, 1), False), (date(1991, 4, 2), True), (date(2015, 3, 31), True), (date(2015, 4, 1), False)],
)
def test_somebody_must_be_under_18_on_a_covered_day(county, birth, is_family):
    settle(county, {1: ADULT, 2: birth}, (1, "A", "Oxford", START, None), (2, "A", "Oxford", START, None))
    assert (families(county) == [{1, 2}]) is is_family


def test_a_family_that_moves_stays_one_and_its_district_follows(county):
    moved = date(2012, 6, 1)
    stays = [(n, "A", "Cherwell", START, moved) for n in (1, 2)] + [(n, "B", "Oxford", moved, None) for n in (1, 2)]
    settle(county, {1: ADULT, 2: CHILD}, *stays)
    assert families(county) == [{1, 2}]
    assert county.execute("SELECT count(*) FROM family_member").fetchone() == (2,)
    assert homes(county) == [(1, "Cherwell", "2009-04-01", "2012-06-01"), (1, "Oxford", "2012-06-01", None)]


def test_a_home_let_again_does_not_join_the_two_households(county):
    let_again = date(2012, 6, 1)
    first = [(n, "A", "Cherwell", START, let_again) for n in (1, 2)]
    second = [(n, "A", "Cherwell", let_again, None) for n in (3, 4)]
    settle(county, {1: ADULT, 2: CHILD, 3: ADULT, 4: CHILD}, *first, *second)
    assert families(county) == [{1, 2}, {3, 4}]


def test_a_child_who_goes_to_another_home_connects_the_two(county):
    moved = date(2012, 6, 1)
    stays = [(1, "A", "Oxford", START, None), (2, "A", "Oxford", START, moved), (2, "B", "Cherwell", moved, None)]
    settle(county, {1: ADULT, 2: CHILD, 3: ADULT}, *stays, (3, "B", "Cherwell", START, None))
    assert families(county) == [{1, 2, 3}]


def test_a_family_in_two_districts_is_where_most_of_it_lives(county):
    stays = [(1, "A", "Oxford", START, None), (2, "A", "Oxford", START, None), (3, "A", "Oxford", START, None)]
    settle(county, {1: ADULT, 2: CHILD, 3: CHILD}, *stays, (3, "B", "Cherwell", date(2012, 1, 1), None))
    assert homes(county) == [(1, "Oxford", "2009-04-01", None)]


def test_a_break_in_membership_is_kept(county):
    gone, back = date(2010, 1, 1), date(2011, 1, 1)
    stays = [(1, "A", "Oxford", START, None), (2, "A", "Oxford", START, gone), (2, "A", "Oxford", back, None)]
    settle(county, {1: ADULT, 2: CHILD}, *stays)
    members = county.execute("SELECT start_date, end_date FROM family_member WHERE person_id = 2 ORDER BY 1").fetchall()
    assert members == [(START, gone), (back, None)]


def test_an_address_with_too_many_people_makes_no_family_and_is_told(county):
    crowd = dict.fromkeys(range(1, MOST_IN_A_HOME + 2), CHILD)
    settle(county, crowd, *[(person, "A", "Oxford", START, None) for person in crowd])
    assert families(county) == []
    assert county.execute("SELECT count(*), min(rule) FROM problem").fetchall() == [
        (MOST_IN_A_HOME + 1, "too many people for a home")
    ]


def test_people_who_follow_one_another_are_no_crowd(county):
    years = {person: date(1980 + person, 1, 1) for person in range(1, MOST_IN_A_HOME + 10)}
    stays = [(person, "A", "Oxford", day, day.replace(year=day.year + 2)) for person, day in years.items()]
    settle(county, dict.fromkeys(years, CHILD), *stays)
    assert families(county) == [set(years)]
