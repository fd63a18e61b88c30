"""What a cell may hold: which cells are left empty, which cost their row, and which words stand for nothing."""

from datetime import date

import pytest

from tests.agency import EVENT, HOME, SPELL_OF
from tf_eval.errors import InputError


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("x" * 255, None),
        ("=SUM(A1:A9)", "formula"),
        ("+cmd", "formula"),
        ("-(1)", "formula"),
        ("@Ann", "formula"),
        ("#REF!", "formula"),
        ("#N/A", "formula"),
        ("-1", None),
        ("+44 1865", None),
        ("= 1", None),
        ("#1", None),
        ("a\nb", "control character"),
        ("Ann\x92s", "control character"),  # Windows text read as latin-1
        ("Zo\ufffd", "control character"),  # a letter that was lost before the file was written
        ("\u738b\u5c0f\u660e", None),
        ("O'Neill  St John-Zoë", None),
    ],
)
def test_text_that_is_no_name_is_left_empty(agency, text, rule):
    agency.persons({"FIRST": text}, {}, {})
    assert agency.told("left empty") == ([(2, "FIRST", rule)] if rule else [])
    assert agency.told() == []


def test_a_cell_that_swallowed_others_sets_its_row_aside(agency):
    agency.persons({"FIRST": "x" * 256}, {}, {})
    assert agency.told() == [(2, "FIRST", "text too long")]


@pytest.mark.parametrize(
    ("born", "rule"),
    [
        ("31/02/1980", "no such day"),
        ("29/02/2011", "no such day"),
        ("29/02/2012", None),
        ("1980-05-02", "date format"),
        ("01/05/0080", "date format"),
        ("31/12/1899", "date out of range"),
        ("31/12/9999", "date far in the future"),
    ],
)
def test_a_record_is_used_without_a_birth_date_that_cannot_be(agency, born, rule):
    agency.persons({"BORN": born}, {}, {}).load("event", EVENT, EVENT)
    assert agency.told("left empty") == ([(2, "BORN", rule)] if rule else [])
    assert agency.told() == []  # the person's events are used too
    known = agency.connection.execute("SELECT birth_date FROM loaded_person_record WHERE row_number = 2").fetchone()
    assert (known == (None,)) == bool(rule)


def test_whoever_is_not_yet_born_waits(agency):
    agency.persons({"BORN": "01/04/2015"}, {}, {})
    assert agency.told() == [(2, "BORN", "after the covered time")]


SEX = {"columns": {"local_id": "ID", "sex": "SEX", "ethnicity": "GROUP"}}


def test_an_unknown_code_costs_its_cell_and_not_the_record(agency):
    people = [{"ID": str(number), "SEX": "M", "GROUP": "W"} for number in range(1, 5)]
    people[1] |= {"SEX": "unknown"}
    people[2] |= {"SEX": "?", "GROUP": "X"}
    agency.load("person_record", *people, codes={"sex": {"M": "male"}, "ethnicity": {"W": "white"}}, **SEX)
    assert agency.told() == []
    told = [(3, "SEX", "unknown code"), (4, "GROUP", "unknown code"), (4, "SEX", "unknown code")]
    assert agency.told("left empty") == told
    kept = "SELECT sex, ethnicity FROM loaded_person_record ORDER BY row_number"
    assert agency.connection.execute(kept).fetchall() == [
        ("male", "white"),
        (None, "white"),
        (None, None),
        ("male", "white"),
    ]


def test_a_word_of_the_contract_is_left_empty_too_where_no_codes_are_declared(agency):
    people = [{"ID": str(number), "SEX": sex} for number, sex in enumerate(["male", "Mr", "female"])]
    agency.load("person_record", *people, columns={"local_id": "ID", "sex": "SEX"})
    assert agency.told("left empty") == [(3, "SEX", "unknown code")]
    assert agency.connection.execute("SELECT count(sex) FROM loaded_person_record").fetchone() == (2,)


@pytest.mark.parametrize(
    ("unread", "read", "refused"), [(2, 1, True), (1, 2, False), (11, 10, True), (10, 10, False), (11, 30, False)]
)
def test_a_column_that_is_mostly_unread_refuses_the_file(agency, unread, read, refused):
    rows = [{"ID": str(number), "SEX": "M" if number < read else "Z"} for number in range(read + unread)]
    source = {"columns": {"local_id": "ID", "sex": "SEX"}, "codes": {"sex": {"M": "male"}}}
    if not refused:
        agency.load("person_record", *rows, **source)
        assert len(agency.told("left empty")) == unread
        return
    words = rf"{unread} of {unread + read} filled cells cannot be used\. column 'SEX', unknown code \({unread} rows\)"
    with pytest.raises(InputError, match=words):
        agency.load("person_record", *rows, **source)


def test_a_few_unread_cells_of_a_column_that_is_hardly_filled_in_refuse_nothing(agency):
    rows = [{"ID": str(number), "SEX": "Z" if number < 4 else ""} for number in range(20)]
    agency.load("person_record", *rows, columns={"local_id": "ID", "sex": "SEX"}, codes={"sex": {"M": "male"}})
    assert len(agency.told("left empty")) == 4


def test_excels_short_form_of_a_number_is_no_number(agency):
    """In 1.00E+11 many numbers look alike: as homes they would join strangers into one family."""
    agency.persons({"UPRN": "1.00E+11"}, {"UPRN": "1.00E+11"}, {}, {}, {})
    agency.load("residence", HOME | {"UPRN": "1.00E+11"}, HOME, HOME | {"ID": "2"}, HOME | {"ID": "3"})
    assert agency.told("left empty") == [(2, "UPRN", "number cut short"), (3, "UPRN", "number cut short")]
    assert agency.told() == [(2, "UPRN", "number cut short")]


@pytest.mark.parametrize("text", ["E+", "1E5", "10E", "2.5E-3"])
def test_what_only_resembles_it_is_left_as_it_is(agency, text):
    agency.persons({"FIRST": text}, {}, {})
    assert agency.told("left empty") == []


@pytest.mark.parametrize("blank", ["\u2003", "\u200b", "\u00a0\u2060", "\ufeff", "\t\u200e "])
def test_a_blank_of_any_kind_is_no_value(agency, blank):
    agency.persons(*[{}] * 3).load("residence", HOME | {"UPRN": blank}, HOME)
    assert agency.told() == [(2, "UPRN", "missing value")]


@pytest.mark.parametrize(
    ("text", "used"), [("\u2003Ann\ufeff", "Ann"), ("An\u200bn", None), ("An\u00adn", None), ("A\u2003n", "A\u2003n")]
)
def test_blanks_are_taken_off_and_what_nobody_sees_is_refused_within(agency, text, used):
    agency.persons({"FIRST": text}, {}, {})
    assert agency.told("left empty") == ([] if used else [(2, "FIRST", "control character")])
    names = agency.connection.execute("SELECT forename FROM loaded_person_record WHERE local_id = '1'").fetchall()
    assert names == [(used,)]


@pytest.mark.parametrize(
    ("end", "rule"),
    [
        ("31/12/2099", None),
        ("01/01/2100", "date far in the future"),
        ("31/12/9999", "date far in the future"),
        ("31/13/9999", "date format"),
        ("31/12/0999", "date format"),
        ("31/12/1899", "date out of range"),
    ],
)
def test_a_date_beyond_2100_has_a_rule_of_its_own(agency, end, rule):
    agency.persons({}).load("spell", SPELL_OF | {"TO": end}, SPELL_OF | {"KIND": "employment"}, SPELL_OF)
    told = [problem for problem in agency.told() if problem[2] != "end before start"]
    assert told == ([(2, "TO", rule)] if rule else [(4, None, "same key, other content")])


@pytest.mark.parametrize("sentinel", ["31/12/9999", "31/12/2099", "open"])
def test_a_date_that_stands_for_an_open_end_is_mapped_to_nothing(agency, sentinel):
    rows = [
        SPELL_OF | {"TO": end, "FROM": f"0{day}/05/2012"} for day, end in enumerate(("01/06/2012", sentinel, ""), 1)
    ]
    agency.persons({}).load("spell", *rows, codes={"end_date": {sentinel: ""}})
    assert agency.told() == []
    ends = agency.connection.execute("SELECT end_date FROM loaded_spell ORDER BY row_number").fetchall()
    assert ends == [(date(2012, 6, 1),), (None,), (None,)]


def test_a_number_that_stands_for_nothing_is_mapped_to_nothing(agency):
    values = {"local_id": "ID", "kind": "KIND", "date": "DAY", "value": "COST"}
    rows = [EVENT | {"COST": cost} for cost in ("2.5", "-1", "n/a")]
    agency.persons({}).load("event", *rows, columns=values, codes={"value": {"-1": "", "n/a": ""}})
    loaded = agency.connection.execute("SELECT value FROM loaded_event ORDER BY row_number").fetchall()
    assert loaded == [(2.5,), (None,), (None,)]
