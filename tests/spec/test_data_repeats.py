"""Rows with a key that another row has: which of them is used, and when neither is."""

from datetime import date

import pytest

from tests.agency import EVENT, HOME, NAMES, PERSON, SPELL_OF, Agency


def test_of_two_rows_with_one_key_the_one_that_can_be_used_whole_is_used(agency):
    for born in (["02/05/1980", "2 May"], ["2 May", "02/05/1980"]):
        other = Agency()
        other.load("person_record", *[PERSON | {"BORN": day} for day in born], PERSON | {"ID": "2"})
        kept = other.connection.execute("SELECT birth_date FROM loaded_person_record WHERE local_id = '1'").fetchall()
        assert kept == [(date(1980, 5, 2),)]
        assert [rule for _, column, rule in other.told() if column is None] == ["same key, other content"]
        other.connection.close()


def test_a_later_file_takes_nothing_over_that_cannot_be_used(agency):
    agency.load("person_record", PERSON, PERSON | {"ID": "2"})
    agency.load("person_record", PERSON | {"BORN": "2 May"}, PERSON | {"ID": "3"}, PERSON | {"ID": "4"}, file="b.csv")
    kept = agency.connection.execute("SELECT birth_date FROM loaded_person_record WHERE local_id = '1'").fetchall()
    assert kept == [(date(1980, 5, 2),)]


def test_two_people_under_one_number_are_both_set_aside(agency):
    ann = PERSON | {"LAST": "Lee"}
    rows = [ann, ann | {"FIRST": "Bob", "LAST": "Roe", "BORN": "03/04/1990"}, ann, *[ann | {"ID": n} for n in "3456"]]
    agency.load("person_record", *rows)
    told = [(number, None, "one number, two people") for number in (2, 3, 4)]
    assert agency.told() == told


@pytest.mark.parametrize("change", [{"LAST": "Roe"}, {"FIRST": "Bob", "LAST": "Roe"}, {"BORN": "03/04/1990"}])
def test_a_record_of_which_something_stays_is_one_person_still(agency, change):
    ann = PERSON | {"LAST": "Lee"}
    agency.load("person_record", ann, ann | change, *[ann | {"ID": number} for number in "345"])
    assert agency.told() == [(2, None, "same key, other content")]


def test_another_person_in_a_later_file_takes_nobodys_place(agency):
    ann, bob = PERSON | {"LAST": "Lee"}, PERSON | {"FIRST": "Bob", "LAST": "Roe", "BORN": "03/04/1990"}
    agency.load("person_record", ann)
    agency.load("person_record", bob, bob | {"ID": "7"}, bob | {"ID": "8"}, file="later.csv")
    assert agency.told() == [(2, None, "one number, two people")]
    kept = agency.connection.execute("SELECT surname FROM loaded_person_record WHERE local_id = '1'").fetchall()
    assert kept == [("Lee",)]


def test_rows_that_a_number_tells_apart_need_that_number(agency):
    rows = [EVENT | {"NO": number} for number in ("7", "8", "9", "10", "", "8 ")]
    agency.persons({}).load("event", *rows, unique=("NO",))
    assert agency.told() == [(6, "NO", "missing value"), (7, None, "repeated row")]


def test_two_records_with_one_number_are_never_both_used(agency):
    rows = [PERSON | {"NO": "1"}, PERSON | {"NO": "2"}, PERSON | {"NO": "3", "ID": "2"}]
    agency.load("person_record", *rows, unique=("NO",))
    assert agency.told() == [(3, None, "repeated row")]


def test_events_of_two_files_are_compared_by_the_number_that_tells_them_apart(agency):
    first, second = ([EVENT | {"NO": number} for number in numbers] for numbers in ("789", ["9", "10", "11"]))
    agency.persons({}).load("event", *first, unique=("NO",)).load("event", *second, unique=("NO",), file="more.csv")
    assert agency.told() == [(2, None, "repeated row")]
    assert agency.connection.execute("SELECT count(*) FROM loaded_event").fetchone() == (5,)


def test_files_of_other_kinds_have_numbers_of_their_own(agency):
    agency.persons({})
    named = {name: shown for name, shown in NAMES["event"].items() if name != "kind"}
    for kind in ("asbo", "concern"):
        rows = [EVENT | {"NO": number} for number in "12"]
        given = {"columns": named, "constants": {"kind": kind}, "file": f"{kind}.csv"}
        agency.load("event", *rows, unique=("NO",), **given)
    assert agency.told() == []


def test_a_list_that_holds_all_of_the_last_one_is_no_hopeless_file(agency):
    agency.persons(*[{}] * 3)
    people = [PERSON | {"ID": str(number)} for number in range(1, 5)]
    blank = dict.fromkeys(PERSON, " ")
    agency.load("person_record", *people, *[blank] * 9, file="later.csv")
    told = agency.told()
    assert [rule for _, _, rule in told] == ["repeated row"] * 3 + ["blank row"] * 9
    assert agency.connection.execute("SELECT count(*) FROM loaded_person_record").fetchone() == (4,)


@pytest.mark.parametrize(
    ("ends", "used", "aside"),
    [
        (("", "01/06/2012"), "2012-06-01", [2]),
        (("01/06/2012", ""), "2012-06-01", [3]),
        (("01/06/2012", "01/07/2012"), "2012-07-01", [2]),
        (("01/06/2012", "", "01/06/2012"), "2012-06-01", [3, 4]),
    ],
)
@pytest.mark.parametrize("table", ["spell", "residence"])
def test_of_rows_with_one_key_the_one_with_an_end_is_used_or_else_the_last(agency, table, ends, used, aside):
    row = SPELL_OF if table == "spell" else HOME
    agency.persons({}, {}, {}).load(table, *(row | {"TO": end} for end in ends), *(row | {"ID": i} for i in "23"))
    ended = f"SELECT end_date::VARCHAR FROM loaded_{table} WHERE local_id = '1'"
    assert agency.connection.execute(ended).fetchall() == [(used,)]
    told = agency.told()
    assert [row for row, _, _ in told] == aside
    assert told[0][2] == "same key, other content" and [rule for *_, rule in told[1:]] == ["repeated row"] * (
        len(told) - 1
    )


@pytest.mark.parametrize(
    ("earlier", "later", "used", "rule"),
    [
        ("", "01/06/2012", "2012-06-01", "same key, other content"),
        ("01/06/2012", "", "2012-06-01", "same key, other content"),
        ("01/06/2012", "01/07/2012", "2012-07-01", "same key, other content"),
        ("01/06/2012", "01/06/2012", "2012-06-01", "repeated row"),
    ],
)
def test_a_spell_that_a_later_file_closes_is_closed(agency, earlier, later, used, rule):
    agency.persons({}, {}).load("spell", SPELL_OF | {"TO": earlier})
    agency.load("spell", SPELL_OF | {"TO": later}, SPELL_OF | {"ID": "2"}, file="later.csv")
    assert agency.told() == [(2, None, rule)]
    spells = agency.connection.execute("SELECT end_date::VARCHAR FROM loaded_spell WHERE local_id = '1'").fetchall()
    assert spells == [(used,)]
