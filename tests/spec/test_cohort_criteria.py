"""What each criterion means, on its boundaries: one family, a few records, and the state on single days."""

from datetime import date, timedelta

import pytest

from tests.cohort_county import FIRST_DAY, SmallCounty, small_county
from tests.cohort_states import state, states
from tf_eval.cohort import AllOf, AnyOf, AtLeast, EventCount, InSpell, TermShare
from tf_eval.errors import InputError


@pytest.fixture
def county() -> SmallCounty:
    """One family: an adult and two children."""
    county = small_county()
    county.family(1, ["1975-05-05", "1997-04-10", "2000-02-29"])
    return county


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2012-03-31", "not met"),
        ("2012-04-01", "met"),
        ("2013-03-31", "met"),
        ("2013-04-01", "not met"),
    ],
)
def test_an_event_counts_from_its_day_until_the_same_day_of_the_month_a_look_back_later(county, on, expected):
    county.event(11, "proven_offence", "2012-04-01")
    assert state(county, EventCount(["proven_offence"], months=12), on) == expected


@pytest.mark.parametrize(("on", "expected"), [("2013-02-27", "met"), ("2013-02-28", "not met")])
def test_a_look_back_from_a_day_that_the_month_lacks_ends_on_its_last_day(county, on, expected):
    county.event(11, "proven_offence", "2012-08-31")
    assert state(county, EventCount(["proven_offence"], months=6), on) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2012-06-09", "not met"),
        ("2012-06-10", "met"),
        ("2012-06-30", "met"),
        ("2012-07-01", "not met"),
    ],
)
def test_four_call_outs_count_while_all_four_are_in_the_look_back(county, on, expected):
    for date_of_call in ("2012-01-01", "2012-02-01", "2012-02-01", "2012-06-10"):
        county.event(10, "police_callout", date_of_call)
    assert state(county, EventCount(["police_callout"], at_least=4, months=6), on) == expected


def test_other_kinds_and_other_families_do_not_count(county):
    county.family(2, ["2000-01-01"])
    county.event(20, "proven_offence", "2012-04-01")
    county.event(10, "asb_incident", "2012-04-01")
    assert state(county, EventCount(["proven_offence"], months=12), "2012-04-01") == "not met"


@pytest.mark.parametrize(
    ("person", "on", "expected"),
    [
        (11, "2015-03-09", "met"),
        (10, "2014-04-09", "not met"),
        (12, "2014-04-09", "met"),
    ],
)
def test_only_the_young_offend_for_the_criterion(county, person, on, expected):
    county.event(person, "proven_offence", on)
    assert state(county, EventCount(["proven_offence"], months=12, under_age=18), on) == expected


@pytest.mark.parametrize(
    ("birth", "on", "expected"),
    [
        ("1995-06-01", "2013-05-31", "met"),
        ("1995-06-01", "2013-06-01", "not met"),
        ("1996-02-29", "2014-02-28", "met"),
        ("1996-02-29", "2014-03-01", "not met"),
    ],
)
def test_age_is_taken_on_the_day_of_the_event_and_ends_on_the_birthday(birth, on, expected):
    county = small_county()
    county.family(1, [birth])
    county.event(10, "proven_offence", on)
    assert state(county, EventCount(["proven_offence"], months=12, under_age=18), on) == expected


def test_an_offence_by_someone_of_unknown_age_cannot_be_told():
    county = small_county()
    county.family(1, [None, "2000-01-01"])
    county.event(10, "proven_offence", "2012-04-01")
    criterion = EventCount(["proven_offence"], months=12, under_age=18)
    assert state(county, criterion, "2012-04-01") == "cannot tell"
    county.event(11, "proven_offence", "2012-05-01")
    assert state(county, criterion, "2012-05-01") == "met"


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2012-01-15", "not met"),
        ("2012-01-16", "met"),  # the day itself
        ("2013-01-04", "met"),  # the last day before the third term after the one it fell in
        ("2013-01-05", "not met"),  # that term begins
    ],
)
def test_an_exclusion_counts_while_its_term_is_among_the_last_three_that_have_begun(county, on, expected):
    county.event(12, "permanent_exclusion", "2012-01-16")
    assert state(county, EventCount(["permanent_exclusion"], terms=3), on) == expected


def test_an_exclusion_dated_in_the_holidays_belongs_to_the_term_before(county):
    county.event(12, "permanent_exclusion", "2012-04-02")
    criterion = EventCount(["permanent_exclusion"], terms=3)
    assert state(county, criterion, "2013-01-04") == "met"
    assert state(county, criterion, "2013-01-05") == "not met"


def test_more_than_three_exclusions_are_asked_of_one_child(county):
    criterion = EventCount(["fixed_exclusion"], at_least=4, terms=3, by="person")
    for person in (11, 11, 11, 12):
        county.event(person, "fixed_exclusion", "2012-05-01")
    assert state(county, criterion, "2012-05-01") == "not met"
    county.event(11, "fixed_exclusion", "2012-06-01")
    assert state(county, criterion, "2012-05-31") == "not met"
    assert state(county, criterion, "2012-06-01") == "met"


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2012-04-30", "not met"),
        ("2012-05-01", "met"),
        ("2012-06-29", "met"),
        ("2012-06-30", "not met"),
    ],
)
def test_a_spell_is_open_from_its_first_day_to_the_day_before_its_end(county, on, expected):
    county.spell(10, "out_of_work_benefit", "2012-05-01", "2012-06-30", "JSA")
    assert state(county, InSpell(["out_of_work_benefit"], ["JSA", "ESA"]), on) == expected


def test_a_spell_without_an_end_is_open_and_one_of_another_detail_does_not_count(county):
    county.spell(10, "out_of_work_benefit", "2012-05-01", None, "JSA")
    assert state(county, InSpell(["out_of_work_benefit"]), "2015-03-31") == "met"
    assert state(county, InSpell(["out_of_work_benefit"], ["ESA"]), "2015-03-31") == "not met"


def test_a_spell_that_ends_on_the_day_it_began_was_never_open(county):
    county.spell(10, "custody", "2012-05-01", "2012-05-01")
    assert state(county, InSpell(["custody"]), "2012-05-01") == "not met"


@pytest.mark.parametrize(
    ("unauthorised", "expected"), [((15, 15, 15), "met"), ((0, 0, 45), "met"), ((0, 0, 44), "not met")]
)
def test_absence_is_the_sum_over_three_terms(county, unauthorised, expected):
    for term_no, missed in zip((7, 8, 9), unauthorised, strict=True):
        county.attend(11, term_no, 100, missed)
    assert state(county, TermShare(at_least=0.15), "2012-07-23") == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2012-07-22", "not met"),  # the last day of the third term
        ("2012-07-23", "met"),
        ("2012-12-20", "met"),  # the last day of the next term, in which the child missed nothing
        ("2012-12-21", "not met"),
    ],
)
def test_a_term_counts_from_the_day_after_its_last_until_the_next_has_ended(county, on, expected):
    for term_no, missed in ((7, 0), (8, 0), (9, 45), (10, 0)):
        county.attend(11, term_no, 100 if term_no < 10 else 250, missed)
    assert state(county, TermShare(at_least=0.15), on) == expected


def test_two_children_are_not_added_up(county):
    for person, missed in ((11, 40), (12, 0)):
        for term_no in (7, 8, 9):
            county.attend(person, term_no, 300 if person == 12 else 100, missed)
    assert state(county, TermShare(at_least=0.40), "2012-07-23") == "met"
    assert state(county, TermShare(at_least=0.41), "2012-07-23") == "not met"


def test_terms_off_the_roll_add_nothing(county):
    county.attend(11, 9, 100, 15)
    county.attend(12, 9, 0, 0)
    assert state(county, TermShare(at_least=0.15), "2012-07-23") == "met"


MONTHS = EventCount(["asbo"], months=12)
EVENTS_FROM_2012 = [("agency", "event", None, date(2012, 1, 1), date(2014, 1, 1))]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2012-12-30", "cannot tell"),  # 31 December 2011 is unseen and may hold an event
        ("2012-12-31", "not met"),
        ("2013-12-31", "not met"),
        ("2014-01-01", "cannot tell"),
    ],
)
def test_days_whose_look_back_no_extract_covers_cannot_be_told(on, expected):
    county = small_county(EVENTS_FROM_2012)
    county.family(1, ["2000-01-01"])
    assert state(county, MONTHS, on) == expected


def test_an_event_that_was_seen_settles_it(county):
    short = small_county(EVENTS_FROM_2012)
    short.family(1, ["2000-01-01"])
    short.event(10, "asbo", "2012-01-01")
    assert state(short, MONTHS, "2012-06-01") == "met"


def test_a_kind_that_no_agency_sends_cannot_be_told():
    county = small_county([("police", "event", "asb_incident", FIRST_DAY, date(2015, 4, 1))])
    county.family(1, ["2000-01-01"])
    assert state(county, MONTHS, "2013-01-01") == "cannot tell"
    assert state(county, InSpell(["custody"]), "2013-01-01") == "cannot tell"
    assert state(county, TermShare(), "2013-01-01") == "cannot tell"


def test_both_agencies_that_send_a_kind_have_to_cover_the_day():
    rows = [("police", "event", "asbo", FIRST_DAY, date(2015, 4, 1)), ("housing", *EVENTS_FROM_2012[0][1:])]
    county = small_county(rows)
    county.family(1, ["2000-01-01"])
    assert state(county, MONTHS, "2011-06-01") == "cannot tell"
    assert state(county, MONTHS, "2013-06-01") == "not met"


def test_a_gap_between_two_deliveries_is_remembered_as_long_as_it_could_matter():
    rows = [
        ("police", "event", None, FIRST_DAY, date(2012, 1, 1)),
        ("police", "event", None, date(2012, 2, 1), date(2015, 4, 1)),
    ]
    county = small_county(rows)
    county.family(1, ["2000-01-01"])
    days = ["2011-12-31", "2012-01-01", "2013-01-30", "2013-01-31"]
    assert [state(county, MONTHS, on) for on in days] == ["not met", "cannot tell", "cannot tell", "not met"]


def test_attendance_of_a_term_that_is_not_covered_cannot_be_told_while_it_would_count():
    rows = [
        ("school", "attendance", None, FIRST_DAY, date(2012, 1, 1)),
        ("school", "attendance", None, date(2012, 4, 1), date(2015, 4, 1)),
    ]
    county = small_county(rows)
    county.family(1, ["2000-01-01"])
    days = ["2012-03-28", "2012-03-29", "2013-03-28", "2013-03-29"]
    assert [state(county, TermShare(), on) for on in days] == ["not met", "cannot tell", "cannot tell", "not met"]


PARTS = (
    EventCount(["asbo"], months=12, under_age=18),
    EventCount(["asb_injunction"], months=12, under_age=18),
    EventCount(["asb_contract"], months=12, under_age=18),
)
KLEENE = [
    (("met", "met", "met"), {1: "met", 2: "met", 3: "met"}),
    (("met", "met", "not met"), {1: "met", 2: "met", 3: "not met"}),
    (("met", "met", "cannot tell"), {1: "met", 2: "met", 3: "cannot tell"}),
    (("met", "cannot tell", "cannot tell"), {1: "met", 2: "cannot tell", 3: "cannot tell"}),
    (("met", "cannot tell", "not met"), {1: "met", 2: "cannot tell", 3: "not met"}),
    (("cannot tell", "cannot tell", "not met"), {1: "cannot tell", 2: "cannot tell", 3: "not met"}),
    (("met", "not met", "not met"), {1: "met", 2: "not met", 3: "not met"}),
    (("cannot tell", "not met", "not met"), {1: "cannot tell", 2: "not met", 3: "not met"}),
    (("not met", "not met", "not met"), {1: "not met", 2: "not met", 3: "not met"}),
    (("cannot tell", "cannot tell", "cannot tell"), {1: "cannot tell", 2: "cannot tell", 3: "cannot tell"}),
]


def test_groups_follow_kleene():
    county = small_county()
    for family, (parts, _) in enumerate(KLEENE, start=1):
        county.family(family, ["2000-01-01", None])
        for part, wanted in zip(PARTS, parts, strict=True):
            if wanted != "not met":
                county.event(family * 10 + (wanted == "cannot tell"), part.kinds[0], "2012-06-01")
    groups = [AtLeast(1, PARTS), AtLeast(2, PARTS), AtLeast(3, PARTS), AnyOf(PARTS), AllOf(PARTS)]
    found = states(county, [*PARTS, *groups], "2012-06-01", families=range(1, len(KLEENE) + 1))
    expected = [[*parts, k[1], k[2], k[3], k[1], k[3]] for parts, k in KLEENE]
    assert found == expected


def test_all_of_holds_only_on_the_days_on_which_all_hold(county):
    county.event(11, "proven_offence", "2012-04-01")
    county.spell(10, "out_of_work_benefit", "2013-03-31", None, "JSA")
    both = AllOf((EventCount(["proven_offence"], months=12), InSpell(["out_of_work_benefit"])))
    one_day = date(2013, 3, 31)
    around = [(one_day + timedelta(days=days)).isoformat() for days in (-1, 0, 1)]
    assert [state(county, both, on) for on in around] == ["not met", "met", "not met"]


def test_a_county_without_a_calendar_cannot_decide_terms(county):
    county.tables["term"] = []
    with pytest.raises(InputError, match="the table 'term' is empty"):
        state(county, AnyOf((TermShare(),)), "2012-06-01")


def test_a_piece_says_itself():
    assert (
        EventCount(["fixed_exclusion"], at_least=4, terms=3, by="person").sentence()
        == "one member of the family had 4 or more fixed exclusions in the last 3 consecutive terms"
    )
    assert (
        AtLeast(2, (InSpell(["looked_after"]), TermShare(), MONTHS)).sentence()
        == "at least 2 of (a member of the family is looked after on the day; a child's unauthorised absence was at "
        "least 15% of possible sessions over the last 3 consecutive terms; the family had one or more ASBOs in the "
        "last 12 months)"
    )
