"""Rows that came far later than is the custom."""

from datetime import date, timedelta

import pytest

from tests.agency import EVENT


def delayed(days: list[int]) -> list[dict[str, str]]:
    return [EVENT | {"TYPED": (date(2012, 5, 1) + timedelta(days=number)).strftime("%d/%m/%Y")} for number in days]


@pytest.mark.parametrize(
    ("days", "late"),
    [
        ([5] * 49 + [65], []),  # not more than 60 days later than nine in ten
        ([5] * 49 + [66], [51]),
        ([5] * 48 + [66], []),  # too few rows to show a custom
        ([100] * 49 + [200], []),  # not more than twice as long
        ([100] * 49 + [201], [51]),
        ([5] * 44 + [300] * 6, []),  # one in eight is the custom
    ],
)
def test_a_row_that_came_far_later_than_others_is_noted(agency, days, late):
    agency.persons({}).load("event", *delayed(days))
    assert agency.told("noted") == [(row, "TYPED", "late arrival") for row in late]


def test_each_kind_has_its_own_custom(agency):
    slow = [row | {"KIND": "proven_offence"} for row in delayed([100] * 50)]
    agency.persons({}).load("event", *delayed([1] * 50), *slow)
    assert agency.told("noted") == []


def test_attendance_is_late_by_the_end_of_its_term(agency):
    terms = {"YEAR": "2011/12", "TERM": "1", "FROM": "01/09/2011", "TO": "18/12/2011"}
    agency.load("term", terms).persons(*[{}] * 50)
    row = {
        "YEAR": "2011/12",
        "TERM": "1",
        "POSSIBLE": "130",
        "AUTHORISED": "1",
        "UNAUTHORISED": "0",
        "TYPED": "20/01/2012",
    }
    rows = [row | {"ID": str(number)} for number in range(1, 51)]
    agency.load("attendance", *rows[:-1], rows[-1] | {"TYPED": "01/06/2012"})
    assert agency.told("noted") == [(51, "TYPED", "late arrival")]


def test_support_whose_start_was_typed_late_is_noted(agency):
    rows = [
        {"ID": str(number), "WHAT": "mentors", "OFFERED": "01/05/2012", "STARTED": "15/05/2012"}
        for number in range(1, 51)
    ]
    agency.persons(*[{}] * 50)
    agency.load("support", *rows[:-1], rows[-1] | {"STARTED": "15/11/2012"}, codes={"intervention": {"mentors": "m"}})
    assert agency.told("noted") == [(51, "STARTED", "start typed late")]


def test_late_starts_are_not_the_custom_as_long_as_three_in_four_are_not_late(agency):
    usual = {"WHAT": "mentors", "OFFERED": "01/05/2012", "STARTED": "15/05/2012"}
    rows = [usual | {"ID": str(number)} for number in range(1, 21)]
    late = [row | {"STARTED": "15/11/2012"} for row in rows[-4:]]
    agency.persons(*[{}] * 20)
    agency.load("support", *rows[:-4], *late, codes={"intervention": {"mentors": "m"}})
    assert agency.told("noted") == [(row, "STARTED", "start typed late") for row in range(18, 22)]


def test_an_intervention_with_few_starts_is_compared_with_all_support(agency):
    rows = [{"ID": str(number), "OFFERED": "01/05/2012", "STARTED": "15/05/2012"} for number in range(1, 21)]
    what = ["mentors"] * 12 + ["fip"] * 8
    rows = [row | {"WHAT": words} for row, words in zip(rows, what, strict=True)]
    agency.persons(*[{}] * 20)
    codes = {"intervention": {"mentors": "m", "fip": "f"}}
    agency.load("support", *rows[:-1], rows[-1] | {"STARTED": "15/11/2012"}, codes=codes)
    assert agency.told("noted") == [(21, "STARTED", "start typed late")]
