"""What is not known once the records end: a spell that nobody has closed, and terms that no calendar lists."""

import pytest

from tests.cohort_county import FIRST_DAY, small_county
from tests.cohort_states import state
from tf_eval.cohort import EventCount, InSpell, TermShare

BENEFIT = InSpell(["out_of_work_benefit"])
COVERAGE = [
    ("job centre", "spell", "out_of_work_benefit", FIRST_DAY, "2012-07-01"),
    ("police", "event", None, FIRST_DAY, "2017-01-01"),
    ("schools", "attendance", None, FIRST_DAY, "2017-01-01"),
]


@pytest.mark.parametrize(
    ("end", "on", "expected"),
    [
        (None, "2012-06-30", "met"),
        (None, "2012-07-01", "cannot tell"),  # it may have ended on any day since
        (None, "2014-12-01", "cannot tell"),
        ("2012-06-01", "2012-06-01", "not met"),
        ("2012-09-01", "2012-08-31", "met"),  # its end is on record
        ("2012-09-01", "2012-09-01", "cannot tell"),
    ],
)
def test_a_spell_without_an_end_is_met_as_long_as_its_kind_is_covered(end, on, expected):
    county = small_county(COVERAGE)
    county.family(1, ["1975-05-05"])
    county.spell(10, "out_of_work_benefit", "2011-01-01", end, "JSA")
    assert state(county, BENEFIT, on) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [("2012-12-29", "met"), ("2012-12-30", "cannot tell")],  # six months from 30 June, the last day it was seen
)
def test_it_is_looked_back_at_from_the_last_day_on_which_it_was_seen(on, expected):
    county = small_county(COVERAGE)
    county.family(1, ["1975-05-05"])
    county.spell(10, "out_of_work_benefit", "2011-01-01", None, "JSA")
    assert state(county, InSpell(["out_of_work_benefit"], months=6), on) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2015-07-22", "met"),  # the last day of the calendar's last term
        ("2015-09-19", "met"),
        ("2015-09-20", "cannot tell"),  # sixty days later: another term has begun, nobody says when
        ("2016-10-01", "cannot tell"),
    ],
)
@pytest.mark.parametrize(
    "node",
    [
        EventCount(["fixed_exclusion"], terms=3),
        TermShare("unauthorised", at_least=0.15, terms=3),
    ],
)
def test_which_terms_are_the_last_cannot_be_told_after_the_calendar(node, on, expected):
    county = small_county(COVERAGE)
    county.family(1, ["2005-04-10"])
    county.event(10, "fixed_exclusion", "2015-05-01")
    county.attend(10, 17, 100, 50)
    assert state(county, node, on) == expected
