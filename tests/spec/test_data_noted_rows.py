"""What is odd about a row that is used all the same, and when a rule has nothing to say."""

from datetime import date, timedelta

import duckdb
import pytest

import synthetic
from tests.agency import PERSON
from tf_eval import project
from tf_eval.data.checking.check import check, create_loaded_tables
from tf_eval.data.checking.records import check_loaded
from tf_eval.data.contract import TABLES
from tf_eval.data.layout import COUNTY_DDL
from tf_eval.data.reading.extract import read_extract
from tf_eval.data.sources import load_sources


@pytest.mark.parametrize(
    ("name", "noted"),
    [("ChloÃ«", True), ("RenÃ©e", True), ("MÃ¼ller", True), ("Åsa", False), ("Ä. Berg", False), ("SÃO", False)],
)
def test_letters_that_were_read_in_the_wrong_encoding_are_noted(agency, name, noted):
    agency.persons({"FIRST": name}, {}, {})
    expected = [(2, "FIRST", "letters wrongly decoded")] if noted else []
    assert [line for line in agency.told("noted") if line[1] == "FIRST"] == expected


def test_support_that_ended_and_never_began_is_noted(agency):
    support = {"ID": "1", "WHAT": "mentors", "OFFERED": "01/05/2012"}
    rows = [
        support | {"STARTED": "", "ENDED": "01/06/2012"},
        support | {"OFFERED": "02/05/2012", "STARTED": "", "ENDED": ""},
        support | {"STARTED": "03/05/2012", "ENDED": "01/06/2012"},
    ]
    agency.persons({}).load("support", *rows)
    assert agency.told("noted") == [(2, "ENDED", "end without a start")]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({}, None),
        ({"NHS": "9434765918"}, ("NHS", "identifier fails its check")),
        ({"NHS": "943 476 5919"}, None),
        ({"NINO": "GB123456A"}, ("NINO", "identifier fails its check")),
        ({"BORN": "02/05/2004", "UPN": "A801200001001"}, ("UPN", "identifier fails its check")),
        ({"BORN": ""}, ("BORN", "missing birth date")),
        ({"BORN": "01/01/1900"}, ("BORN", "placeholder birth date")),
        ({"BORN": "31/03/1905"}, ("BORN", "impossible age")),
        ({"BORN": "01/04/1905"}, None),
        ({"BORN": "01/01/1970"}, None),  # one may be true
        ({"UPRN": "0"}, ("UPRN", "placeholder UPRN")),
        ({"UPRN": "123"}, ("UPRN", "placeholder UPRN")),
        ({"UPRN": "1234"}, None),
        ({"UPRN": "1234567890123"}, ("UPRN", "placeholder UPRN")),
        ({"UPRN": "7777777"}, ("UPRN", "placeholder UPRN")),
        ({"UPRN": "999999999999"}, ("UPRN", "placeholder UPRN")),
        ({"UPRN": ""}, None),
    ],
)
def test_an_odd_person_record_is_used_and_noted(agency, row, problem):
    agency.persons(row)
    assert agency.told("noted") == ([(2, *problem)] if problem else [])
    assert agency.connection.execute("SELECT count(*) FROM loaded_person_record").fetchone() == (1,)


def test_a_note_shows_the_form_of_an_identifier_and_never_the_identifier(agency):
    agency.persons({"NINO": "GB123456A"})
    agency.told("noted")
    line = agency.connection.execute("SELECT agency, file, table_name, shape, place FROM problem").fetchone()
    assert line == ("council", "person_record.csv", "person_record", "A999999A", None)


def test_a_residence_at_no_property_is_noted(agency):
    agency.persons({}).load("residence", {"ID": "1", "UPRN": "1", "FROM": "01/05/2010"})
    assert agency.told("noted") == [(2, "UPRN", "placeholder UPRN")]


@pytest.mark.parametrize(
    ("born", "column", "is_missed"),
    [
        ("31/03/1999", "NINO", True),  # 16 the day before the horizon
        ("01/04/1999", "NINO", False),
        ("31/03/2010", "UPN", True),
        ("01/04/2010", "UPN", False),
        ("01/04/1995", "UPN", True),
        ("31/03/1995", "UPN", False),  # grown up
        ("01/05/2014", "NHS", True),
    ],
)
def test_an_identifier_is_missed_where_the_person_is_of_the_age_to_have_one(agency, born, column, is_missed):
    filled = PERSON | {"UPN": "H801200001001", "BORN": born}
    agency.persons(filled | {column: ""}, filled)
    assert agency.told("noted") == ([(2, column, "missing identifier")] if is_missed else [])


def test_an_identifier_that_an_agency_does_not_hold_is_not_missed(agency):
    agency.persons({"NINO": ""}, {"NINO": ""}, {})
    assert agency.told("noted") == []


def test_an_identifier_is_not_missed_where_others_of_about_that_age_have_none_either(agency):
    young = {"BORN": "01/05/1998", "NINO": ""}
    agency.persons(*[{}] * 9, young, young, young | {"NINO": "QQ123456B"})
    assert agency.told("noted") == []


def test_an_identifier_that_is_not_mapped_is_not_missed(agency):
    without = {name: text for name, text in PERSON.items() if name not in ("NINO", "NHS", "UPN")}
    agency.load("person_record", without)
    assert agency.told("noted") == []


def births(first_of_january: int, others: int, year: int = 1985) -> list[dict[str, str]]:
    days = [date(year, 1, 2) + timedelta(days=number % 360) for number in range(others)]
    return [{"BORN": f"01/01/{year}"}] * first_of_january + [{"BORN": day.strftime("%d/%m/%Y")} for day in days]


@pytest.mark.parametrize(
    ("first_of_january", "others", "year", "noted"),
    [
        (4, 0, 1985, 0),  # fewer than five show nothing
        (5, 0, 1985, 5),
        (6, 194, 1985, 0),  # p = 2e-5
        (9, 191, 1985, 0),  # p = 7e-9
        (10, 190, 1985, 10),  # p = 4e-10
        (10, 190, 1970, 10),
    ],
)
def test_births_on_1_january_are_noted_where_they_are_beyond_chance(agency, first_of_january, others, year, noted):
    agency.persons(*births(first_of_january, others, year))
    told = [problem for problem in agency.told("noted") if problem[2] == "placeholder birth date"]
    assert told == [(row, "BORN", "placeholder birth date") for row in range(2, noted + 2)]


def test_births_on_1_january_1970_are_noted_where_those_of_other_years_are_not(agency):
    agency.persons(*births(0, 3500, 1985), *births(14, 0, 1970))
    assert len(agency.told("noted")) == 14


SPELL = {"ID": "1", "KIND": "custody", "FROM": "01/05/2012", "TO": "01/06/2012"}


@pytest.mark.parametrize(
    ("row", "is_noted"),
    [
        ({"FROM": "31/05/2012", "TO": ""}, True),
        ({"FROM": "01/06/2012", "TO": ""}, False),  # begins as the other ends
        ({"FROM": "10/05/2012", "TO": "12/05/2012"}, True),
        ({"FROM": "10/05/2012", "TO": "", "KIND": "employment"}, False),
        ({"FROM": "10/05/2012", "TO": "", "ID": "2"}, False),
    ],
)
def test_two_spells_of_one_person_and_kind_at_once_are_noted(agency, row, is_noted):
    agency.persons({}, {}).load("spell", SPELL, SPELL | row)
    assert agency.told("noted") == ([(3, "FROM", "overlapping spells")] if is_noted else [])


def test_a_spell_that_was_never_closed_overlaps_all_later_ones(agency):
    later = [SPELL | {"FROM": f"01/0{month}/2013", "TO": f"02/0{month}/2013"} for month in (1, 2)]
    agency.persons({}).load("spell", SPELL | {"TO": ""}, *later)
    assert agency.told("noted") == [(row, "FROM", "overlapping spells") for row in (3, 4)]


def test_no_rule_speaks_of_a_clean_county(tmp_path):
    folder = synthetic.generate("dartford", seed=7, out=tmp_path / "dartford")
    sources = load_sources(project.locate("params/sources/synthetic_dartford.yaml"))
    with duckdb.connect() as connection:
        connection.execute(COUNTY_DDL)
        create_loaded_tables(connection)
        for table in TABLES:
            for entry, source in enumerate(sources.entries):
                if source.table == table:
                    extract = read_extract(folder / "extracts" / source.file, source.format, source.date_format)
                    check(connection, source, extract, entry=entry, horizon=sources.horizon)
        check_loaded(connection, sources.entries, horizon=sources.horizon)
        assert connection.execute("SELECT file, column_name, rule, count(*) FROM problem GROUP BY ALL").fetchall() == []
        assert connection.execute("SELECT count(*) > 40_000 FROM loaded_event").fetchone() == (True,)
