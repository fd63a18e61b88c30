"""What each piece can ask beyond a look-back in months: days, spells looked back at, ages, nominations, absences."""

from datetime import date

import pytest

from tests.cohort_county import FIRST_DAY, LAST_DAY, SmallCounty, small_county
from tests.cohort_states import state
from tf_eval.cohort import AllOf, AnyOf, EventCount, InSpell, Nomination, TermShare


@pytest.fixture
def county() -> SmallCounty:
    """One family: an adult, a child that turns 18 on 1 June 2012, and a person of unknown age."""
    county = small_county()
    county.family(1, ["1975-05-05", "1994-06-01", None])
    return county


@pytest.mark.parametrize(
    ("days", "on", "expected"),
    [
        (1, "2012-03-31", "not met"),
        (1, "2012-04-01", "met"),
        (1, "2012-04-02", "not met"),
        (30, "2012-03-31", "not met"),
        (30, "2012-04-01", "met"),
        (30, "2012-04-30", "met"),
        (30, "2012-05-01", "not met"),
    ],
)
def test_an_event_counts_for_so_many_days_its_own_among_them(county, days, on, expected):
    county.event(10, "police_callout", "2012-04-01")
    assert state(county, EventCount(["police_callout"], days=days), on) == expected


@pytest.mark.parametrize(
    ("at_least", "on", "expected"),
    [(2, "2012-04-30", "met"), (2, "2012-05-01", "not met"), (3, "2012-04-30", "not met")],
)
def test_two_events_of_two_kinds_are_two(county, at_least, on, expected):
    county.event(10, "police_callout", "2012-04-01")
    county.event(10, "domestic_abuse_callout", "2012-04-30")
    criterion = EventCount(["police_callout", "domestic_abuse_callout"], at_least=at_least, days=30)
    assert state(county, criterion, on) == expected


@pytest.mark.parametrize(
    ("lookback", "on", "expected"),
    [
        ({"days": 1}, "2012-04-30", "not met"),
        ({"days": 1}, "2012-05-01", "met"),
        ({"days": 1}, "2012-05-30", "met"),  # its last day; it ended on the 31st
        ({"days": 1}, "2012-05-31", "not met"),
        ({"days": 10}, "2012-06-08", "met"),
        ({"days": 10}, "2012-06-09", "not met"),
        ({"months": 1}, "2012-04-30", "not met"),
        ({"months": 1}, "2012-05-01", "met"),
        ({"months": 1}, "2012-06-29", "met"),
        ({"months": 1}, "2012-06-30", "not met"),
        ({"terms": 1}, "2012-04-30", "not met"),
        ({"terms": 1}, "2012-05-01", "met"),
        ({"terms": 1}, "2012-09-02", "met"),  # the last day before the next term begins
        ({"terms": 1}, "2012-09-03", "not met"),
        ({"terms": 3}, "2013-04-15", "met"),
        ({"terms": 3}, "2013-04-16", "not met"),
    ],
)
def test_a_spell_is_looked_back_at_from_its_last_day(county, lookback, on, expected):
    county.spell(10, "custody", "2012-05-01", "2012-05-31")
    assert state(county, InSpell(["custody"], **lookback), on) == expected


@pytest.mark.parametrize("lookback", [{}, {"days": 1}, {"months": 1}, {"terms": 3}])
def test_a_spell_without_an_end_is_met_to_the_last_day(county, lookback):
    county.spell(10, "custody", "2012-05-01")
    assert state(county, InSpell(["custody"], **lookback), "2015-03-31") == "met"


@pytest.mark.parametrize("lookback", [{}, {"days": 30}, {"months": 6}, {"terms": 3}])
def test_a_spell_of_no_day_is_not_looked_back_at(county, lookback):
    county.spell(10, "custody", "2012-05-01", "2012-05-01")
    assert state(county, InSpell(["custody"], **lookback), "2012-05-01") == "not met"


@pytest.mark.parametrize(
    ("ages", "on", "expected"),
    [
        ({"under_age": 18}, "2012-04-30", "not met"),
        ({"under_age": 18}, "2012-05-01", "met"),
        ({"under_age": 18}, "2012-05-31", "met"),
        ({"under_age": 18}, "2012-06-01", "not met"),  # 18 on that day, in the middle of the spell
        ({"from_age": 18}, "2012-05-31", "not met"),
        ({"from_age": 18}, "2012-06-01", "met"),
        ({"from_age": 18}, "2012-07-31", "met"),
        ({"from_age": 18}, "2012-08-01", "not met"),
        ({"from_age": 16, "under_age": 18}, "2012-05-31", "met"),
        ({"from_age": 18, "under_age": 25}, "2012-05-31", "not met"),
        ({"from_age": 18, "under_age": 25}, "2012-06-01", "met"),
    ],
)
def test_a_spell_counts_on_the_days_on_which_its_person_is_of_the_age(county, ages, on, expected):
    county.spell(11, "custody", "2012-05-01", "2012-08-01")
    assert state(county, InSpell(["custody"], **ages), on) == expected


@pytest.mark.parametrize(
    ("ages", "on", "expected"),
    [
        ({"under_age": 18}, "2012-06-01", "met"),  # the last day as a child, 31 May, is looked back at
        ({"under_age": 18}, "2012-06-09", "met"),
        ({"under_age": 18}, "2012-06-10", "not met"),
        ({"from_age": 18}, "2012-05-31", "not met"),
        ({"from_age": 18}, "2012-06-01", "met"),
        ({"from_age": 18}, "2012-08-09", "met"),
        ({"from_age": 18}, "2012-08-10", "not met"),
    ],
)
def test_of_a_spell_the_days_at_the_age_are_looked_back_at(county, ages, on, expected):
    county.spell(11, "custody", "2012-05-01", "2012-08-01")
    assert state(county, InSpell(["custody"], days=10, **ages), on) == expected


@pytest.mark.parametrize(
    ("ages", "on", "expected"),
    [
        ({}, "2012-06-01", "met"),
        ({"under_age": 18}, "2012-04-30", "not met"),
        ({"under_age": 18}, "2012-05-01", "cannot tell"),
        ({"from_age": 18}, "2012-07-31", "cannot tell"),
        ({"from_age": 18}, "2012-08-01", "not met"),
    ],
)
def test_a_spell_of_someone_of_unknown_age_cannot_be_told(county, ages, on, expected):
    county.spell(12, "custody", "2012-05-01", "2012-08-01")
    assert state(county, InSpell(["custody"], **ages), on) == expected


PRECEDED = InSpell(["alternative_provision"], preceded_by=["fixed_exclusion", "permanent_exclusion"])


@pytest.mark.parametrize(
    ("person", "kind", "happened", "expected"),
    [
        (11, "permanent_exclusion", "2009-04-01", "met"),  # however long before
        (11, "permanent_exclusion", "2012-04-30", "met"),
        (11, "fixed_exclusion", "2012-05-01", "met"),  # on the spell's first day
        (11, "fixed_exclusion", "2012-05-02", "cannot tell"),
        (10, "fixed_exclusion", "2012-04-30", "cannot tell"),  # somebody else's
        (11, "police_callout", "2012-04-30", "cannot tell"),
    ],
)
def test_a_spell_asks_for_an_event_of_its_person_by_its_first_day(county, person, kind, happened, expected):
    county.event(person, kind, happened)
    county.spell(11, "alternative_provision", "2012-05-01", "2012-07-01")
    assert state(county, PRECEDED, "2012-06-01") == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2012-04-30", "not met"),
        ("2012-05-01", "cannot tell"),  # an event may have been before the records begin
        ("2012-06-30", "cannot tell"),
        ("2012-07-01", "not met"),
        ("2012-09-02", "not met"),
        ("2012-09-03", "met"),  # the second spell comes after the exclusion
    ],
)
def test_of_two_spells_each_asks_what_came_before_its_own_first_day(county, on, expected):
    county.spell(11, "alternative_provision", "2012-05-01", "2012-07-01")
    county.event(11, "fixed_exclusion", "2012-05-02")
    county.spell(11, "alternative_provision", "2012-09-03")
    assert state(county, PRECEDED, on) == expected


@pytest.mark.parametrize(
    ("person", "from_age", "on", "expected"),
    [
        (11, 18, "2012-05-31", "not met"),
        (11, 18, "2012-06-01", "met"),
        (11, 19, "2012-06-01", "not met"),
        (12, 18, "2012-06-01", "cannot tell"),
        (10, 18, "2012-06-01", "met"),
    ],
)
def test_an_event_counts_from_an_age_on_its_day(county, person, from_age, on, expected):
    county.event(person, "proven_offence", on)
    assert state(county, EventCount(["proven_offence"], months=12, from_age=from_age), on) == expected


@pytest.mark.parametrize(
    ("agencies", "by", "expected"),
    [
        (None, "police", "met"),
        (None, "housing", "met"),
        (["police"], "police", "met"),
        (["police"], "housing", "not met"),
        (["police", "housing"], "housing", "met"),
        (["school"], "police", "cannot tell"),  # the schools send no nominations
        (["police", "school"], "police", "met"),  # one that was seen settles it
        (["police", "school"], "housing", "cannot tell"),
    ],
)
def test_a_nomination_is_of_any_agency_or_of_those_named(agencies, by, expected):
    senders = [(agency, "event", "concern", FIRST_DAY, LAST_DAY) for agency in ("police", "housing")]
    county = small_county([*senders, ("school", "event", "fixed_exclusion", FIRST_DAY, LAST_DAY)])
    county.family(1, ["1975-05-05"])
    county.event(10, "concern", "2012-04-01", agency=by)
    assert state(county, Nomination(agencies, months=12), "2012-04-01") == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [("2012-03-31", "not met"), ("2012-04-01", "met"), ("2012-04-30", "met"), ("2012-05-01", "not met")],
)
def test_a_nomination_counts_in_its_look_back(county, on, expected):
    county.event(10, "concern", "2012-04-01")
    assert state(county, Nomination(days=30), on) == expected


def test_an_event_of_another_kind_is_no_nomination(county):
    county.event(10, "police_callout", "2012-04-01")
    assert state(county, Nomination(days=30), "2012-04-01") == "not met"


@pytest.mark.parametrize(
    ("numerator", "authorised", "unauthorised", "expected"),
    [
        ("unauthorised", 45, 44, "not met"),
        ("unauthorised", 0, 45, "met"),
        ("authorised", 44, 45, "not met"),
        ("authorised", 45, 0, "met"),
        ("all", 22, 22, "not met"),
        ("all", 22, 23, "met"),
        ("all", 45, 0, "met"),
        ("all", 0, 45, "met"),
    ],
)
def test_an_absence_is_of_the_sort_that_is_asked_for(county, numerator, authorised, unauthorised, expected):
    county.attend(11, 7, 100, unauthorised, authorised=authorised)
    for term_no in (8, 9):
        county.attend(11, term_no, 100, 0)
    assert state(county, TermShare(numerator, at_least=0.15), "2012-07-23") == expected


@pytest.mark.parametrize(
    ("lookback", "on", "expected"),
    [
        ({}, "2011-12-31", "not met"),
        ({}, "2012-01-01", "cannot tell"),
        ({}, "2012-01-31", "cannot tell"),
        ({}, "2012-02-01", "not met"),
        ({"days": 10}, "2012-01-01", "cannot tell"),
        ({"days": 10}, "2012-02-09", "cannot tell"),  # 31 January, the last unseen day, is looked back at
        ({"days": 10}, "2012-02-10", "not met"),
        ({"months": 1}, "2012-02-28", "cannot tell"),
        ({"months": 1}, "2012-02-29", "not met"),
        ({"terms": 1}, "2012-04-15", "cannot tell"),
        ({"terms": 1}, "2012-04-16", "not met"),
    ],
)
def test_unseen_days_of_spells_cannot_be_told_as_long_as_they_are_looked_back_at(lookback, on, expected):
    spans = [(FIRST_DAY, date(2012, 1, 1)), (date(2012, 2, 1), LAST_DAY)]
    county = small_county([("agency", "spell", None, *span) for span in spans])
    county.family(1, ["1975-05-05"])
    assert state(county, InSpell(["custody"], **lookback), on) == expected


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ((11,), "not met"),
        ((12,), "not met"),
        ((11, 11), "met"),
        ((11, 12), "cannot tell"),  # one by a child, and one that may be by a child
        ((12, 12), "cannot tell"),
        ((10, 12), "not met"),
    ],
)
def test_events_of_unknown_ages_are_added_to_those_that_count(county, people, expected):
    for person in people:
        county.event(person, "police_callout", "2012-04-01")
    criterion = EventCount(["police_callout"], at_least=2, days=30, under_age=18)
    assert state(county, criterion, "2012-04-01") == expected


@pytest.mark.parametrize(
    ("gap", "expected"),
    [
        ((date(2012, 3, 29), date(2012, 4, 16)), "not met"),  # the holidays after term 8 and before term 9
        ((date(2012, 3, 28), date(2012, 4, 16)), "cannot tell"),  # the last day of term 8
        ((date(2012, 3, 29), date(2012, 4, 17)), "cannot tell"),  # the first day of term 9
    ],
)
def test_one_unseen_day_of_a_term_is_enough_for_its_absence_not_to_be_told(gap, expected):
    county = small_county([("a", "attendance", None, FIRST_DAY, gap[0]), ("a", "attendance", None, gap[1], LAST_DAY)])
    county.family(1, ["1999-04-10"])
    assert state(county, TermShare(), "2012-09-01") == expected


@pytest.mark.parametrize(
    ("group", "offended", "expected"),
    [
        (AllOf, True, "cannot tell"),
        (AllOf, False, "not met"),  # whatever the other part is
        (AnyOf, True, "met"),
        (AnyOf, False, "cannot tell"),
    ],
)
def test_a_part_that_no_agency_sends_is_open_in_a_group_for_every_family(group, offended, expected):
    county = small_county([("police", "event", "proven_offence", FIRST_DAY, LAST_DAY)])
    county.family(1, ["1999-04-10"])
    if offended:
        county.event(10, "proven_offence", "2012-04-01")
    parts = (EventCount(["proven_offence"], months=12), InSpell(["custody"]))
    assert state(county, group(parts), "2012-04-01") == expected
