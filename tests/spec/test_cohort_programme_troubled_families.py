"""The expanded programme of 2015, clause by clause, and its rule of two of six where some agencies send nothing.

A criterion asks for the same on any day, so that the rows are of the years of the small counties' school calendar.
"""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from tests.cohort_county import FIRST_DAY, LAST_DAY, small_county
from tests.cohort_states import BIRTHS, MET, NO, UNKNOWN, absent, event, on_days, part, spell
from tf_eval.cohort import build_cohort, load_programme

EXPANDED = load_programme("params/programmes/troubled_families_2015.yaml")

TWELVE_MONTHS = {"2012-06-09": NO, "2012-06-10": MET, "2013-06-09": MET, "2013-06-10": NO}
NEET = "not_in_education_employment_training"
SPELL = {"2012-04-30": NO, "2012-05-01": MET, "2013-04-30": MET, "2013-05-01": NO}


def in_spell(who: str, kind: str, detail: str | None = None):
    return spell(who, kind, "2012-05-01", "2013-05-01", detail)


CLAUSES = [
    ("crime", [event("son", "proven_offence", "2012-06-10")], TWELVE_MONTHS),
    ("crime", [event("mother", "proven_offence", "2012-06-10")], TWELVE_MONTHS),  # an adult's too, since 2015
    ("crime", [event("mother", "asbo", "2012-06-10")], TWELVE_MONTHS),
    ("crime", [event("mother", "asb_injunction", "2012-06-10")], TWELVE_MONTHS),
    ("crime", [event("mother", "asb_contract", "2012-06-10")], TWELVE_MONTHS),
    ("crime", [event("mother", "housing_asb_action", "2012-06-10")], TWELVE_MONTHS),
    ("crime", [event("mother", "asb_incident", "2012-06-10")], {"2012-06-10": NO}),
    ("school", [absent("son", {6: 0, 7: 100, 8: 100, 9: 100})], {"2012-07-22": NO, "2012-07-23": MET}),
    ("school", [absent("son", {6: 0, 7: 99, 8: 99, 9: 99})], {"2012-07-23": NO}),  # 9.9%
    ("school", [absent("son", {6: 0, 7: 50, 8: 50, 9: 50}, authorised=50)], {"2012-07-23": MET}),  # leave or not
    ("school", [event("son", "permanent_exclusion", "2012-05-01")], {"2013-04-15": MET, "2013-04-16": NO}),
    ("school", [event("son", "fixed_exclusion", *["2012-05-01"] * 2)], {"2012-05-01": NO}),
    ("school", [event("son", "fixed_exclusion", *["2012-05-01"] * 3)], {"2013-04-15": MET, "2013-04-16": NO}),
    ("school", [in_spell("son", "pupil_referral_unit")], SPELL),
    ("school", [in_spell("son", "alternative_provision")], SPELL),
    ("school", [in_spell("son", "off_roll")], SPELL),
    ("school", [spell("son", "off_roll", "2012-05-01")], {"2013-05-31": MET, "2013-06-01": NO}),  # 18 that day
    ("help", [in_spell("mother", "early_help_plan")], SPELL),
    ("help", [in_spell("son", "child_in_need")], SPELL),
    ("help", [in_spell("son", "child_protection_plan")], SPELL),
    ("help", [in_spell("son", "looked_after")], SPELL),
    ("help", [event("son", "concern", "2012-06-10")], {"2012-06-10": NO}),
    ("work", [in_spell("mother", "out_of_work_benefit", "JSA")], SPELL),
    ("work", [in_spell("mother", "out_of_work_benefit", "UC")], SPELL),
    ("work", [spell("son", "out_of_work_benefit", "2013-01-01")], {"2013-05-31": NO, "2013-06-01": MET}),
    ("work", [in_spell("mother", "rent_arrears")], SPELL),
    ("work", [spell("son", NEET, "2011-05-01")], {"2011-05-31": NO, "2011-06-01": MET}),  # 16 that day
    ("work", [in_spell("mother", NEET)], {"2012-05-01": NO}),  # 25 and over
    ("domestic_abuse", [event("mother", "domestic_abuse_callout", "2012-06-10")], TWELVE_MONTHS),
    ("domestic_abuse", [event("mother", "police_callout", "2012-06-10")], {"2012-06-10": NO}),
    ("health", [in_spell("mother", "mental_health_treatment")], SPELL),
    ("health", [in_spell("son", "substance_misuse_treatment")], SPELL),
]


@pytest.mark.parametrize(("criterion", "happened", "expected"), CLAUSES)
def test_a_clause(criterion, happened, expected):
    assert on_days(part(EXPANDED, criterion), happened, expected) == expected


HAPPENED = {
    "crime": event("son", "proven_offence", "2012-06-01"),
    "school": in_spell("son", "off_roll"),
    "help": in_spell("son", "child_in_need"),
    "work": in_spell("mother", "out_of_work_benefit", "JSA"),
    "domestic_abuse": event("mother", "domestic_abuse_callout", "2012-06-01"),
    "health": in_spell("mother", "mental_health_treatment"),
}
ALL = " ".join(HAPPENED)
RULE = [
    ("", NO),
    *[(name, NO) for name in HAPPENED],  # one of six, whichever it is
    ("crime school", MET),
    ("school help", MET),
    ("help work", MET),
    ("work domestic_abuse", MET),
    ("domestic_abuse health", MET),
    ("health crime", MET),
    (ALL, MET),
]


@pytest.mark.parametrize(("met", "expected"), RULE)
def test_two_of_six_are_in(met, expected):
    happened = [HAPPENED[name] for name in met.split()]
    assert on_days(part(EXPANDED, "rule"), happened, ["2012-06-01"]) == {"2012-06-01": expected}


# Police, courts and the job centre send all they have; nobody sends early help, treatment, arrears or school records.
SENT = [
    *[("police", "event", kind, FIRST_DAY, LAST_DAY) for kind in ("proven_offence", "domestic_abuse_callout", "asbo")],
    *[("police", "event", kind, FIRST_DAY, LAST_DAY) for kind in ("asb_injunction", "asb_contract")],
    ("housing", "event", "housing_asb_action", FIRST_DAY, LAST_DAY),
    ("dwp", "spell", "out_of_work_benefit", FIRST_DAY, LAST_DAY),
]
PARTLY_SENT = [
    ("", {"crime": NO, "domestic_abuse": NO, "school": UNKNOWN, "help": UNKNOWN, "work": UNKNOWN, "health": UNKNOWN}),
    ("", {"rule": UNKNOWN}),
    ("crime", {"crime": MET, "rule": UNKNOWN}),
    ("crime work", {"work": MET, "rule": MET}),  # two are told, whatever the others may be
    ("crime domestic_abuse", {"rule": MET}),
]


@pytest.mark.parametrize(("met", "expected"), PARTLY_SENT)
def test_what_no_agency_sends_cannot_be_told_and_two_that_are_told_are_enough(met, expected):
    happened, day = [HAPPENED[name] for name in met.split()], "2012-06-01"
    assert {name: on_days(part(EXPANDED, name), happened, [day], SENT)[day] for name in expected} == expected


UNTIL = date(2020, 4, 1)
WINDOW = [
    ("2014-04-01", None),  # twelve months are over on the day before the programme begins
    ("2014-04-02", "2015-04-01"),
    ("2020-03-31", "2020-03-31"),
    ("2020-04-01", None),
]
STATED = [("count_as_not_met", None), ("count_as_met", "2015-04-01")]


def qualified_on(county, programme=EXPANDED) -> str | None:
    (found,) = build_cohort(county, programme, below_threshold=True).families["qualified_on"]
    return None if pd.isna(found) else str(found.date())


@pytest.mark.parametrize(("offence", "expected"), WINDOW)
def test_families_are_taken_in_from_april_2015_to_march_2020(offence, expected):
    county = small_county(until=date(2021, 4, 1))
    county.family(1, BIRTHS)
    county.event(11, "proven_offence", offence)
    county.spell(10, "out_of_work_benefit", "2011-01-01", None, "JSA")
    assert qualified_on(county) == expected


@pytest.mark.parametrize(("choice", "expected"), STATED)
def test_how_what_cannot_be_told_counts_is_a_stated_choice(choice, expected):
    county = small_county([(*row[:4], UNTIL) for row in SENT], until=UNTIL)
    county.family(1, BIRTHS)
    county.spell(10, "out_of_work_benefit", "2011-01-01", None, "JSA")  # one problem is told, and none of the others
    assert EXPANDED.when_cannot_tell == "count_as_not_met"
    assert qualified_on(county, replace(EXPANDED, when_cannot_tell=choice)) == expected


TEXT = """\
Expanded Troubled Families programme 2015, from 1 April 2015 to 31 March 2020

A family is in: at least 2 of these
- crime and antisocial behaviour
- children not attending school
- children who need help
- out of work or at risk of financial exclusion
- domestic violence and abuse
- health

Crime and antisocial behaviour:
- the family had one or more proven offences, ASBOs, ASB injunctions, ASB contracts or housing ASB actions in the last \
12 months

Children not attending school: one of these
- a child's absence was at least 10% of possible sessions over the last 3 consecutive terms that have ended
- the family had one or more permanent exclusions in the last 3 consecutive terms
- one member of the family had 3 or more fixed exclusions in the last 3 consecutive terms
- a child of the family is now in a pupil referral unit, in alternative provision or not on a school roll

Children who need help:
- a member of the family is now on an early help plan, a child in need, on a child protection plan or looked after

Out of work or at risk of financial exclusion: one of these
- an adult of the family is now on out-of-work benefit
- a member of the family is now in rent arrears
- a member of the family aged 16 or over and under 25 is now not in education, employment or training

Domestic violence and abuse:
- the family had one or more domestic abuse call-outs in the last 12 months

Health:
- a member of the family is now in treatment for mental health or in treatment for substance misuse

What cannot be told counts as not met."""


def test_it_prints_itself():
    assert EXPANDED.text() == TEXT
    assert EXPANDED.sentence() == (
        "Expanded Troubled Families programme 2015: a family is in when it meets at least 2 of these: crime and "
        "antisocial behaviour; children not attending school; children who need help; out of work or at risk of "
        "financial exclusion; domestic violence and abuse; or health."
    )
