"""What each clause of payment by results means: one family, a few records, and the state on single days, by hand.

The family: a mother, a son who is 18 on 1 June 2013, a daughter born in 2000, a toddler born in 2008. It is identified
on 30 September 2012. Term 9 is the summer term of 2012 (to 22 July), 10 the autumn's (3 September to 20 December), 11
the spring's of 2013 (5 January to 28 March), 12 the summer's (16 April to 22 July).
"""

from datetime import date

import pytest

from tests.claim_rules import BIRTHS, found, state
from tests.cohort_county import SmallCounty, small_county

MOTHER, SON, DAUGHTER, TODDLER = 10, 11, 12, 13
EXCLUSIONS = {"type": "few_events", "kinds": ["fixed_exclusion"], "fewer_than": 3, "terms": 3}
ABSENCE = {"type": "session_share", "numerator": "unauthorised", "below": 0.15, "terms": 3}
ATTENDANCE = {"type": "session_share", "numerator": "all", "at_most": 0.1, "terms": 2}
ASB = {"type": "reduction", "kinds": ["asb_incident"], "by_at_least": 0.6, "months": 6, "against": "months_before"}
OFFENCES = {**ASB, "kinds": ["proven_offence"], "by_at_least": 0.33, "under_age": 18}
PROGRESS = {"type": "recent_spell", "kinds": ["work_programme", "esf_provision"], "months": 6}
WEEKS = [
    {"benefits": ["JSA"], "weeks": 26, "of_last": 30, "source": "the test", "sure": "from_memory"},
    {"benefits": ["ESA", "IS"], "weeks": 13, "of_last": 13, "source": "the test", "sure": "from_memory"},
]
WORK = {"type": "employment", "continuous": WEEKS}


@pytest.fixture
def county() -> SmallCounty:
    county = small_county()
    county.family(1, BIRTHS)
    return county


# Fewer than n events of each child over k terms -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2013-04-15", "not_met"),  # autumn, spring and the summer before: all three exclusions
        ("2013-04-16", "met"),  # the summer term begins, and that of 2012 is forgotten
    ],
)
def test_three_exclusions_are_too_many_while_all_are_in_the_last_three_terms(county, on, expected):
    for day in ("2012-07-02", "2012-10-01", "2013-01-10"):
        county.event(DAUGHTER, "fixed_exclusion", day)
    assert state(county, EXCLUSIONS, on) == expected


def test_exclusions_are_counted_for_each_child():
    county = small_county()
    county.family(1, ["1975-05-05", "2000-02-29", "2002-02-02"])
    for child in (11, 12):
        for day in ("2012-10-01", "2012-11-01"):
            county.event(child, "fixed_exclusion", day)
    row = found(county, EXCLUSIONS, "2012-12-01")
    assert (row["state"], row["after"], row["people"], row["records"]) == ("met", 2, 2, 4)
    county.event(12, "fixed_exclusion", "2012-11-20")
    row = found(county, EXCLUSIONS, "2012-12-01")
    assert (row["state"], row["after"]) == ("not_met", 3)


def test_the_evidence_has_windows_counts_before_and_after_and_the_number_of_records(county):
    for day in ("2012-05-01", "2012-05-02", "2012-05-03", "2012-10-01"):
        county.event(DAUGHTER, "fixed_exclusion", day)
    row = found(county, EXCLUSIONS, "2013-05-01")
    assert (row["before"], row["after"], row["people"], row["exited"], row["records"]) == (3, 1, 1, 0, 1)
    assert str(row["window_from"].date()) == "2012-09-03" and str(row["window_until"].date()) == "2013-05-01"
    assert str(row["baseline_from"].date()) == "2012-01-05" and str(row["baseline_until"].date()) == "2012-09-30"
    assert row["told"] and row["reason"] == ""


def test_a_child_that_left_school_in_the_window_makes_it_neutral(county):
    """The son was 16 in June 2011 and left then; identified that spring with three exclusions, he shows nothing."""
    for day in ("2011-01-10", "2011-02-01", "2011-05-03"):
        county.event(SON, "fixed_exclusion", day)
    row = found(county, EXCLUSIONS, "2011-06-23", identified="2011-05-10")
    assert row["state"] == "not_met"
    row = found(county, EXCLUSIONS, "2011-06-24", identified="2011-05-10")  # the last Friday of June
    assert (row["state"], row["exited"]) == ("neutral_by_exit", 1)
    assert row["reason"] == "a child that fell short of it when the family was identified has left school"


def test_a_child_that_left_school_without_having_fallen_short_changes_nothing_for_its_sister(county):
    assert state(county, EXCLUSIONS, "2011-07-01", identified="2011-05-10") == "met"


@pytest.mark.parametrize(
    ("birth", "leaves"),
    [
        ("1996-09-02", "2013-06-28"),
        ("1997-08-31", "2013-06-28"),
        ("1997-09-01", "2013-06-28"),  # a day too early: ages are known by the month
        ("1997-09-02", "2014-06-27"),
    ],
)
def test_school_is_left_on_the_last_friday_of_june_of_the_year_of_turning_16(birth, leaves):
    county = small_county()
    county.family(1, ["1975-05-05", birth])
    last_day = date.fromordinal(date.fromisoformat(leaves).toordinal() - 1)
    assert state(county, EXCLUSIONS, last_day.isoformat()) == "met"
    assert state(county, EXCLUSIONS, leaves) == "neutral_by_exit"


def test_another_child_that_falls_short_outweighs_one_that_left_school(county):
    for day in ("2011-05-03", "2011-05-04", "2011-05-05"):
        county.event(SON, "fixed_exclusion", day)
        county.event(DAUGHTER, "fixed_exclusion", day)
    assert state(county, EXCLUSIONS, "2011-07-01", identified="2011-05-10") == "not_met"


def test_a_family_in_which_nobody_was_of_school_age_is_not_asked():
    county = small_county()
    county.family(1, ["1975-05-05", "1990-01-01", "2011-01-01"])
    row = found(county, EXCLUSIONS, "2013-05-01")
    assert (row["state"], row["reason"]) == (
        "not_applicable",
        "no child in the family at both points is of school age",
    )


@pytest.mark.parametrize(("applies", "expected"), [("to_all", "met"), ("where_failed_before", "not_applicable")])
def test_whether_it_is_asked_of_a_family_in_which_no_child_fell_short_is_a_parameter(county, applies, expected):
    assert state(county, {**EXCLUSIONS, "applies": applies}, "2013-05-01") == expected


def test_a_child_that_joined_or_left_the_family_does_not_count(county):
    """Only children in the family at both points: neither the cousin who came nor the daughter who went."""
    county.family(2, ["1975-01-01", "2001-01-01"])
    county.moves(21, "2012-11-01", 1)
    for day in ("2012-10-01", "2013-01-10", "2013-05-01"):
        county.event(21, "fixed_exclusion", day)
        county.event(DAUGHTER, "fixed_exclusion", day)
    assert state(county, EXCLUSIONS, "2013-05-02") == "not_met"
    county.moves(DAUGHTER, "2013-04-01", None)
    row = found(county, EXCLUSIONS, "2013-05-02")
    assert (row["state"], row["people"], row["not_at_both"]) == ("not_applicable", 0, 2)


# Share of sessions of each child over k terms -------------------------------------------------------------------------


@pytest.mark.parametrize(("missed", "expected"), [(44, "met"), (45, "not_met")])
def test_absence_has_to_be_below_15_percent_of_the_sum_of_three_terms(county, missed, expected):
    county.attend(DAUGHTER, 9, 100, missed)  # 40 % or so of one term
    county.attend(DAUGHTER, 10, 100, 0)
    county.attend(DAUGHTER, 11, 100, 0)
    row = found(county, ABSENCE, "2013-03-29")
    assert (row["state"], row["after"], row["records"]) == (expected, missed / 300, 3)
    assert str(row["window_from"].date()) == "2012-04-16" and str(row["window_until"].date()) == "2013-03-28"


@pytest.mark.parametrize(("authorised", "expected"), [(10, "met"), (11, "not_met")])
def test_attendance_of_90_percent_may_be_just_that(county, authorised, expected):
    county.attend(DAUGHTER, 10, 100, 10, authorised=0)
    county.attend(DAUGHTER, 11, 100, 0, authorised=authorised)
    assert state(county, ATTENDANCE, "2013-03-29") == expected


def test_a_term_counts_from_the_day_after_its_last(county):
    county.attend(DAUGHTER, 10, 100, 0)
    county.attend(DAUGHTER, 11, 100, 90)
    assert state(county, ABSENCE, "2013-03-28") == "met"
    assert state(county, ABSENCE, "2013-03-29") == "not_met"


@pytest.mark.parametrize("said", ["not_met", "not_applicable"])
def test_a_pupil_in_alternative_provision_without_sessions_is_what_the_rules_say(county, said):
    county.spell(DAUGHTER, "alternative_provision", "2012-02-01")
    test = {**ABSENCE, "in_alternative_provision": said}
    assert state(county, test, "2013-03-29") == said


def test_a_pupil_in_alternative_provision_with_sessions_is_like_any_other(county):
    county.spell(DAUGHTER, "alternative_provision", "2012-02-01")
    county.attend(DAUGHTER, 11, 100, 5)
    assert state(county, ABSENCE, "2013-03-29") == "met"


@pytest.mark.parametrize(("choice", "expected"), [("count_as_not_met", "not_met"), ("count_as_met", "met")])
def test_a_pupil_without_sessions_of_whom_nothing_is_known_cannot_be_told(county, choice, expected):
    own = {"choice": choice, "source": "the test", "sure": "own_choice"}
    row = found(county, ABSENCE, "2013-03-29", rules={"when_cannot_tell": own})
    assert (row["state"], row["told"]) == (expected, False)
    assert row["reason"] == "no sessions of a child are recorded"


def test_a_truant_who_left_school_makes_absence_neutral(county):
    """As in Devon: nobody's attendance changed, and the family can be claimed."""
    for term in (4, 5, 6):
        county.attend(SON, term, 100, 40)
        county.attend(DAUGHTER, term, 100, 0)
    assert state(county, ABSENCE, "2011-06-01", identified="2011-05-10") == "not_met"
    assert state(county, ABSENCE, "2011-07-25", identified="2011-05-10") == "neutral_by_exit"


# A reduction by a share -----------------------------------------------------------------------------------------------


def test_the_last_six_months_are_compared_with_the_six_before(county):
    """On 31 August 2013: since 1 March (there is no 31 February) against 1 September to 28 February."""
    for day in ("2012-08-31", "2012-09-01", "2012-10-01", "2012-11-01", "2012-12-01", "2013-02-28"):
        county.event(MOTHER, "asb_incident", day)
    for day in ("2013-03-01", "2013-08-31", "2013-09-01"):
        county.event(SON, "asb_incident", day)
    row = found(county, ASB, "2013-08-31")
    assert (row["before"], row["after"], row["state"], row["records"]) == (5, 2, "met", 7)
    days = [str(row[name].date()) for name in ("baseline_from", "baseline_until", "window_from", "window_until")]
    assert days == ["2012-09-01", "2013-02-28", "2013-03-01", "2013-08-31"]


@pytest.mark.parametrize(("after", "expected"), [(4, "met"), (5, "not_met")])
def test_sixty_percent_of_ten_incidents_is_six_and_five_is_too_little(county, after, expected):
    for day in range(10, 20):
        county.event(MOTHER, "asb_incident", f"2012-11-{day}")
    for day in range(10, 10 + after):
        county.event(MOTHER, "asb_incident", f"2013-05-{day}")
    assert state(county, ASB, "2013-05-31") == expected


@pytest.mark.parametrize(("after", "expected"), [(2, "met"), (3, "not_met")])
def test_a_third_of_three_offences_is_one(county, after, expected):
    """Two of three left is a fall by 33.3 %; by 33 % or more is asked."""
    for day in ("2012-06-05", "2012-06-15", "2012-07-15"):
        county.event(DAUGHTER, "proven_offence", day)
    for day in range(10, 10 + after):
        county.event(DAUGHTER, "proven_offence", f"2012-12-{day}")
    assert state(county, OFFENCES, "2013-01-15") == expected


def test_the_baseline_may_be_the_months_before_the_family_was_identified(county):
    for day in ("2012-03-30", "2012-03-31", "2012-04-01", "2012-09-30", "2012-10-01"):
        county.event(MOTHER, "asb_incident", day)
    row = found(county, {**ASB, "against": "before_identified"}, "2013-05-01")
    # Identified on the last day of September: since 1 April, for 31 March plus six months is that day.
    assert (row["before"], row["after"], row["state"]) == (2, 0, "met")
    assert [str(row[name].date()) for name in ("baseline_from", "baseline_until")] == ["2012-04-01", "2012-09-30"]


@pytest.mark.parametrize("said", ["not_applicable", "met", "not_met"])
def test_sixty_percent_of_nought_is_what_the_rules_say(county, said):
    row = found(county, {**ASB, "zero_baseline": said}, "2013-05-01")
    assert (row["state"], row["reason"]) == (said, "there was nothing to reduce: no event in the baseline")


@pytest.mark.parametrize("said", ["not_applicable", "met", "not_met"])
def test_an_incident_after_none_is_no_reduction_whatever_they_say(county, said):
    county.event(MOTHER, "asb_incident", "2013-04-01")
    assert state(county, {**ASB, "zero_baseline": said}, "2013-05-01") == "not_met"


def test_an_offender_who_turned_18_makes_offending_neutral(county):
    for day in ("2012-10-01", "2012-11-01"):
        county.event(SON, "proven_offence", day)
    row = found(county, OFFENCES, "2013-05-31")
    assert (row["state"], row["before"], row["after"]) == ("met", 2, 0)
    row = found(county, OFFENCES, "2013-06-01")  # his eighteenth birthday
    assert (row["state"], row["before"], row["after"], row["exited"]) == ("neutral_by_exit", 0, 0, 1)
    assert row["reason"] == "a member with events in the baseline has grown out of the ages"


def test_an_offender_who_was_18_when_the_family_was_identified_is_no_child_of_it(county):
    for day in ("2013-02-01", "2013-03-01"):
        county.event(SON, "proven_offence", day)
    row = found(county, OFFENCES, "2013-10-01", identified="2013-07-01")
    assert (row["state"], row["exited"]) == ("not_applicable", 0)


def test_offences_at_18_do_not_count_and_those_of_a_sister_do(county):
    county.event(SON, "proven_offence", "2013-02-01")
    county.event(SON, "proven_offence", "2013-06-10")  # at 18
    county.event(DAUGHTER, "proven_offence", "2013-02-01")
    row = found(county, OFFENCES, "2013-08-15")
    assert (row["state"], row["before"], row["after"], row["exited"]) == ("neutral_by_exit", 1, 0, 1)
    county.event(DAUGHTER, "proven_offence", "2013-06-10")
    assert state(county, OFFENCES, "2013-08-15") == "not_met"


def test_incidents_of_a_member_who_moved_out_count_neither_before_nor_after(county):
    for day in ("2012-10-20", "2012-11-01", "2012-11-02"):
        county.event(SON, "asb_incident", day)
    assert state(county, ASB, "2013-05-15") == "met"
    county.moves(SON, "2013-03-01", None)
    row = found(county, ASB, "2013-05-15")
    assert (row["state"], row["before"], row["not_at_both"]) == ("not_applicable", 0, 1)


def test_an_offence_at_an_age_that_is_not_known_cannot_be_told():
    county = small_county()
    county.family(1, ["1975-05-05", None, "2000-01-01"])
    county.event(11, "proven_offence", "2012-12-10")
    row = found(county, OFFENCES, "2013-05-15")
    assert (row["state"], row["told"], row["reason"]) == (
        "not_met", False, "the age of a member at an event is not known",
    )  # fmt: skip


# An adult in a spell that began lately --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "expected"),
    [("2012-11-30", "not_met"), ("2012-12-01", "met"), ("2013-05-31", "met"), ("2013-06-01", "not_met")],
)
def test_an_adult_joined_the_work_programme_in_the_last_six_months(county, on, expected):
    county.spell(MOTHER, "work_programme", "2012-12-01", "2012-12-20")  # whether it goes on does not matter
    assert state(county, PROGRESS, on) == expected


def test_a_youth_on_the_work_programme_is_no_adult(county):
    county.spell(SON, "work_programme", "2012-12-01")
    assert state(county, PROGRESS, "2013-05-01") == "not_met"


def test_an_adult_who_joined_the_family_brings_no_result(county):
    county.family(2, ["1975-01-01"])
    county.moves(20, "2012-11-01", 1)
    county.spell(20, "work_programme", "2012-12-01")
    assert state(county, PROGRESS, "2013-05-01") == "not_met"


# An adult off benefits and in work ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("on", "expected"), [("2013-04-01", "not_met"), ("2013-04-02", "met")])
def test_thirteen_weeks_in_work_after_support_allowance(county, on, expected):
    """From 2 January: 91 days end on 2 April."""
    county.spell(MOTHER, "out_of_work_benefit", "2012-01-01", "2013-01-02", "ESA")
    county.spell(MOTHER, "employment", "2013-01-02")
    assert state(county, WORK, on) == expected


@pytest.mark.parametrize(
    ("gap_ends", "on", "expected"),
    [
        ("2013-04-29", "2013-07-30", "met"),  # 182 of 210 days: out of work for 28
        ("2013-04-30", "2013-07-30", "not_met"),  # one day more without work
    ],
)
def test_26_of_the_last_30_weeks_after_jobseekers_allowance_may_have_a_gap_of_four(county, gap_ends, on, expected):
    county.spell(MOTHER, "out_of_work_benefit", "2012-01-01", "2013-01-02", "JSA")
    county.spell(MOTHER, "employment", "2013-01-02", "2013-04-01")
    county.spell(MOTHER, "employment", gap_ends)
    row = found(county, WORK, on)
    assert row["state"] == expected and str(row["window_from"].date()) == "2013-01-02"


def test_days_in_work_and_on_benefit_do_not_count(county):
    county.spell(MOTHER, "out_of_work_benefit", "2012-01-01", "2013-02-01", "ESA")
    county.spell(MOTHER, "employment", "2013-01-02")
    row = found(county, WORK, "2013-04-02")
    assert (row["state"], row["after"]) == ("not_met", 8)  # 61 days since 1 February
    assert state(county, WORK, "2013-05-02") == "met"


def test_the_benefit_that_ended_last_says_how_long(county):
    county.spell(MOTHER, "out_of_work_benefit", "2012-01-01", "2012-11-01", "ESA")
    county.spell(MOTHER, "out_of_work_benefit", "2012-11-01", "2013-01-02", "JSA")
    county.spell(MOTHER, "employment", "2013-01-02")
    assert state(county, WORK, "2013-04-02") == "not_met"
    assert state(county, WORK, "2013-07-03") == "met"  # 26 weeks and a day


def test_a_longer_wait_for_an_earlier_benefit_does_not_count(county):
    county.spell(MOTHER, "out_of_work_benefit", "2012-01-01", "2012-11-01", "JSA")
    county.spell(MOTHER, "out_of_work_benefit", "2012-11-01", "2013-01-02", "ESA")
    county.spell(MOTHER, "employment", "2013-01-02")
    assert state(county, WORK, "2013-04-02") == "met"


def test_an_adult_who_was_on_no_benefit_since_being_identified_has_not_come_off_one(county):
    county.spell(MOTHER, "out_of_work_benefit", "2010-01-01", "2011-01-02", "ESA")
    county.spell(MOTHER, "employment", "2011-01-02")
    assert state(county, WORK, "2013-04-02") == "not_applicable"


# What holds of all clauses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("test", [EXCLUSIONS, ABSENCE, ASB, OFFENCES, PROGRESS, WORK], ids=lambda test: test["type"])
def test_what_no_extract_covers_cannot_be_told(test):
    until = date(2013, 1, 1)
    county = small_county(
        [("agency", table, None, date(2009, 4, 1), until) for table in ("event", "spell", "attendance")]
    )
    county.family(1, BIRTHS)
    county.attend(DAUGHTER, 9, 100, 0)
    row = found(county, test, "2013-05-01")
    assert (row["state"], row["told"]) == ("not_met", False)
    assert row["reason"] == "no extract covers all of the time that is looked back at"


def test_too_many_events_are_too_many_whatever_else_is_missing():
    county = small_county([("agency", "event", None, date(2012, 1, 1), date(2013, 1, 1))])
    county.family(1, BIRTHS)
    for day in ("2012-10-01", "2012-10-02", "2012-10-03"):
        county.event(DAUGHTER, "fixed_exclusion", day)
    row = found(county, EXCLUSIONS, "2013-05-01")
    assert (row["state"], row["told"]) == ("not_met", True)


@pytest.mark.parametrize("said", ["not_met", "not_applicable", "neutral_by_exit"])
def test_a_family_that_moved_out_of_the_area_is_what_the_rules_say(said):
    county = small_county()
    county.family(1, BIRTHS)
    county.tables["family_home"] = [(1, "north", None, "2009-04-01", "2013-02-01")]
    away = {"when_away": {"counts_as": said, "source": "the test", "sure": "own_choice"}}
    assert state(county, EXCLUSIONS, "2013-01-31", rules=away) == "met"
    row = found(county, EXCLUSIONS, "2013-02-01", rules=away)
    assert (row["state"], row["told"]) == (said, False)
    assert row["reason"] == "the family has not lived in the county all the time since it was identified"


def test_a_move_within_the_county_is_none():
    county = small_county()
    county.family(1, BIRTHS)
    homes = [(1, "north", None, "2009-04-01", "2013-02-01"), (1, "south", None, "2013-02-20", None)]
    county.tables["family_home"] = homes
    assert state(county, EXCLUSIONS, "2013-03-01") == "met"


def test_a_record_that_had_not_arrived_does_not_count_for_whoever_claims_then_but_is_told(county):
    for day in ("2013-01-10", "2013-02-10", "2013-02-11"):
        county.event(DAUGHTER, "fixed_exclusion", day, recorded="2013-06-01")
    row = found(county, EXCLUSIONS, "2013-05-01", clock="arrived")
    assert (row["state"], row["after"], row["not_arrived"]) == ("met", 0, 3)
    row = found(county, EXCLUSIONS, "2013-05-01", clock="happened")
    assert (row["state"], row["after"], row["not_arrived"]) == ("not_met", 3, 0)
    assert state(county, EXCLUSIONS, "2013-06-01", clock="arrived") == "not_met"


def test_an_offence_of_the_baseline_that_arrived_after_being_identified_counts_in_it(county):
    county.event(MOTHER, "asb_incident", "2012-09-01", recorded="2012-12-01")
    test = {**ASB, "against": "before_identified"}
    assert state(county, test, "2012-11-30", clock="arrived") == "not_applicable"
    assert state(county, test, "2013-05-01", clock="arrived") == "met"
