"""What is wrong with a row: which rows cannot be used, and which are none of an entry."""

from datetime import date

import pytest

from tests.agency import EVENT, HOME, HORIZON, PERSON
from tf_eval.data.checking.constants import wrong_constants
from tf_eval.data.source import Covers
from tf_eval.errors import InputError


def test_a_row_rule_looks_at_what_is_left_of_a_row(agency):
    """A date that is left empty says nothing of the order of dates; one that can be used does."""
    agency.persons({}).load(
        "event", EVENT | {"TYPED": "02/05/1812"}, EVENT | {"TYPED": "02/05/1912"}, EVENT, EVENT, EVENT
    )
    assert agency.told("left empty") == [(2, "TYPED", "date out of range")]
    assert agency.told() == [(3, "TYPED", "end before start")]


@pytest.mark.parametrize(
    ("row", "is_total"),
    [
        ({"ID": "Total", "FIRST": "120", "BORN": ""}, True),
        ({"ID": "GRAND TOTAL: 120", "FIRST": "", "BORN": ""}, True),
        ({"ID": "count", "FIRST": "", "BORN": ""}, True),
        ({"ID": "Total", "FIRST": "Ann", "BORN": ""}, False),
        ({"ID": "Total", "FIRST": "", "BORN": "02/05/1980"}, False),
        ({"ID": "TOT1", "FIRST": "", "BORN": ""}, False),
    ],
)
def test_a_row_of_totals_is_nobody(agency, row, is_total):
    agency.load("person_record", PERSON | row, PERSON | {"ID": "8"}, PERSON | {"ID": "9"})
    assert agency.told() == ([(2, "ID", "total row")] if is_total else [])


def test_numbers_that_lost_their_zeros_are_recognised(agency):
    agency.load("person_record", *[PERSON | {"ID": f"000{number}"} for number in range(1, 5)])
    with pytest.raises(InputError, match="They are there but for zeros in front: a spreadsheet takes them away"):
        agency.load("event", *[EVENT | {"ID": str(number)} for number in range(1, 5)])


def test_numbers_of_nobody_are_not_said_to_have_lost_zeros(agency):
    agency.persons({})
    with pytest.raises(InputError, match="no usable person record of this agency has this local_id") as refused:
        agency.load("event", *[EVENT | {"ID": str(number)} for number in range(7, 9)])
    assert "zeros" not in str(refused.value)


VICTIMS = {"leave_out": {"ROLE": ("VICTIM", "WITNESS")}}


def test_rows_that_are_none_of_the_entrys_are_left_out_and_counted(agency):
    roles = ["SUSPECT", "VICTIM ", "witness", "WITNESS", "", "VICTIM"]
    rows = [EVENT | {"ROLE": role, "DAY": f"0{number}/05/2012"} for number, role in enumerate(roles, start=1)]
    rows[3]["KIND"] = "BURGLARY"  # what is wrong with a row that is left out is nobody's business
    agency.persons({}).load("event", *[row | {"TYPED": ""} for row in rows], **VICTIMS)
    assert agency.told() == []
    kept = agency.connection.execute("SELECT row_number FROM loaded_event ORDER BY 1").fetchall()
    assert kept == [(2,), (4,), (6,)]  # words are compared as they stand


def test_rows_left_out_do_not_hide_that_most_others_are_broken(agency):
    rows = [EVENT | {"ROLE": "VICTIM"}] * 9 + [EVENT | {"ROLE": "SUSPECT", "KIND": kind} for kind in ("a", "b", "ASB")]
    with pytest.raises(InputError, match="3 of 3 rows cannot be used"):
        agency.persons({}).load("event", *rows, **VICTIMS)


def test_a_file_may_be_left_out_whole(agency):
    agency.persons({}).load("event", *[EVENT | {"ROLE": "VICTIM"}] * 3, **VICTIMS)
    assert agency.connection.execute("SELECT count(*) FROM loaded_event").fetchone() == (0,)


@pytest.mark.parametrize(
    ("offered", "started", "told"),
    [("01/05/2012", "", []), ("", "01/05/2012", []), ("", "", [(2, "STARTED", "no date")])],
)
def test_support_without_any_date_stands_nowhere_in_time(agency, offered, started, told):
    given = {"ID": "1", "WHAT": "mentors", "OFFERED": offered, "STARTED": started}
    others = [{"ID": "1", "WHAT": "mentors", "OFFERED": f"0{day}/05/2012", "STARTED": ""} for day in range(2, 5)]
    agency.persons({}).load("support", given, *others)
    assert agency.told() == told


def test_a_constant_of_support_does_not_need_a_date(agency):
    given = {"ID": "1", "OFFERED": "01/05/2012"}
    source = {"columns": {"local_id": "ID", "offered": "OFFERED"}, "constants": {"intervention": "mentors"}}
    assert list(wrong_constants(agency.persons({}).load("support", given, **source).entries[-1], HORIZON)) == []


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"DAY": "31/03/2015", "TYPED": ""}, None),
        ({"DAY": "01/04/2015", "TYPED": ""}, ("DAY", "date out of range")),  # the first day that is not covered
        ({"DAY": "31/03/2009"}, ("DAY", "date out of range")),
        ({"TYPED": "30/12/2016"}, None),  # courts and returns come late
        ({"TYPED": "30/04/2012"}, ("TYPED", "end before start")),
        ({"ID": "2", "DAY": "01/05/2012"}, ("DAY", "before birth")),
        ({"ID": "2", "DAY": "02/05/2012"}, None),  # born that day
        ({"ID": "2", "KIND": "concern"}, None),  # children's services are told of unborn children
        ({"ID": "2", "KIND": "concern", "DAY": "01/05/2011"}, ("DAY", "before birth")),
        ({"ID": "3"}, None),  # whoever has no birth date was born before anything
        ({"ID": "4"}, ("ID", "no person record")),
    ],
)
def test_an_event_that_cannot_have_happened_so_is_set_aside(agency, row, problem):
    agency.persons({}, {"BORN": "02/05/2012"}, {"BORN": ""})
    agency.load("event", EVENT | row, EVENT, EVENT)
    assert agency.told() == ([(2, *problem)] if problem else [])


def test_a_day_between_two_covered_periods_is_not_covered(agency):
    agency.persons({}).load(
        "event",
        EVENT | {"DAY": "30/04/2010"},
        EVENT | {"DAY": "01/05/2010"},
        EVENT | {"DAY": "01/05/2012"},
        covers=(Covers(start=date(2009, 4, 1), end=date(2010, 5, 1)), Covers(start=date(2012, 4, 1), end=HORIZON)),
    )
    assert agency.told() == [(3, "DAY", "date out of range")]


def test_what_begins_after_the_covered_time_waits_for_it(agency):
    agency.persons({"BORN": "01/04/2015"}, {"BORN": "31/03/2015"}, {})
    agency.load("residence", HOME | {"ID": "2", "FROM": "01/04/2015"}, HOME | {"ID": "3"})
    assert agency.told() == [(2, "BORN", "after the covered time"), (2, "FROM", "after the covered time")]
    (advice,) = agency.connection.execute("SELECT DISTINCT advice FROM problem").fetchone()
    assert advice == "nothing to do: it is used once the covered time reaches it"


def test_blank_rows_do_not_hide_that_all_others_are_broken(agency):
    broken = PERSON | {"BORN": "1 May"}
    with pytest.raises(InputError, match=r"2 of 2 filled cells cannot be used\. column 'BORN', date format \(2 rows\)"):
        agency.load("person_record", broken, broken | {"ID": "2"}, *[dict.fromkeys(PERSON, "")] * 9)
