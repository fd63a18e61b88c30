"""Kent 2012, clause by clause: what happened, and the state of the criterion before, on and after each boundary."""

import pytest

from tests.cohort_states import MET, NO, UNKNOWN, absent, event, on_days, part, spell
from tf_eval import project
from tf_eval.cohort import load_programme
from tf_eval.data.yaml_file import load_yaml

KENT = load_programme("params/programmes/kent_2012.yaml")

TWELVE_MONTHS = {"2012-06-09": NO, "2012-06-10": MET, "2013-06-09": MET, "2013-06-10": NO}
CRIME = [
    ([event("son", "proven_offence", "2012-06-10")], TWELVE_MONTHS),
    ([event("son", "proven_offence", "2013-05-31")], {"2013-05-30": NO, "2013-05-31": MET, "2014-05-30": MET}),
    ([event("son", "proven_offence", "2013-06-01")], {"2013-06-01": NO}),  # his 18th birthday
    ([event("mother", "proven_offence", "2012-06-10")], {"2012-06-10": NO}),
    ([event("mother", "asbo", "2012-06-10")], TWELVE_MONTHS),
    ([event("mother", "asb_injunction", "2012-06-10")], TWELVE_MONTHS),
    ([event("mother", "asb_contract", "2012-06-10")], TWELVE_MONTHS),
    ([event("mother", "housing_asb_action", "2012-06-10")], TWELVE_MONTHS),
    ([event("son", "asbo", "2012-06-10")], TWELVE_MONTHS),
    ([event("mother", "asb_incident", "2012-06-10")], {"2012-06-10": NO}),
    ([event("mother", "police_callout", "2012-06-10")], {"2012-06-10": NO}),
]


@pytest.mark.parametrize(("happened", "expected"), CRIME)
def test_crime(happened, expected):
    assert on_days(part(KENT, "crime"), happened, expected) == expected


@pytest.mark.parametrize("action", ["NOTICE OF SEEKING POSSESSION", "HOUSING INJUNCTION", "DEMOTION ORDER", "EVICTION"])
def test_each_housing_action_that_the_report_names_is_drafted_as_the_one_kind(action):
    codes = load_yaml(project.locate("tf_eval/data/mapping/codes.yaml"))
    assert codes["event.kind"][action] == "housing_asb_action"


# Terms begin on 5 January, 16 April and 3 September. What happened in one counts until the third after it begins.
LAST_MAY = {"2012-04-30": NO, "2012-05-01": MET, "2013-04-15": MET, "2013-04-16": NO}
EXCLUSIONS = [
    ([event("son", "permanent_exclusion", "2012-05-01")], LAST_MAY),
    ([event("son", "fixed_exclusion", "2012-05-01", "2012-05-02")], {"2012-05-02": NO}),
    (
        [event("son", "fixed_exclusion", "2012-01-16", "2012-01-17", "2012-05-01")],
        {"2012-04-30": NO, "2012-05-01": MET, "2013-01-04": MET, "2013-01-05": NO},
    ),
    (
        [event("son", "fixed_exclusion", "2011-07-01", "2011-09-10", "2012-05-01")],  # the first is four terms back
        {"2012-05-01": NO},
    ),
    (
        [event("son", "fixed_exclusion", *["2012-05-01"] * 2), event("daughter", "fixed_exclusion", "2012-05-01")],
        {"2012-05-01": NO},  # three, but of two children
    ),
]


@pytest.mark.parametrize(("happened", "expected"), EXCLUSIONS)
def test_exclusions(happened, expected):
    assert on_days(part(KENT, "education"), happened, expected) == expected


def in_unit(who: str = "son", kind: str = "pupil_referral_unit"):
    return spell(who, kind, "2012-05-01", "2013-05-01")


SPELL = {"2012-04-30": NO, "2012-05-01": MET, "2013-04-30": MET, "2013-05-01": NO}
ELSEWHERE = [
    ([event("son", "fixed_exclusion", "2012-04-30"), in_unit()], SPELL),
    ([event("son", "fixed_exclusion", "2012-05-01"), in_unit()], SPELL),  # on the day he went there
    ([event("son", "fixed_exclusion", "2012-05-02"), in_unit()], {"2012-05-02": UNKNOWN, "2013-05-01": NO}),
    ([event("son", "permanent_exclusion", "2009-10-01"), in_unit()], SPELL),  # years before
    ([event("son", "fixed_exclusion", "2012-04-30"), in_unit(kind="alternative_provision")], SPELL),
    ([in_unit()], {"2012-04-30": NO, "2012-05-01": UNKNOWN, "2013-05-01": NO}),  # perhaps excluded before the records
    ([event("daughter", "fixed_exclusion", "2012-04-30"), in_unit()], {"2012-05-01": UNKNOWN}),
    ([spell("son", "off_roll", "2012-05-01", "2013-05-01")], SPELL),  # asks for no exclusion
    (
        [event("son", "fixed_exclusion", "2012-04-30"), spell("son", "pupil_referral_unit", "2012-05-01")],
        {"2013-05-31": MET, "2013-06-01": NO},  # 18 that day, and the spell was never closed
    ),
    ([spell("son", "off_roll", "2012-05-01")], {"2013-05-31": MET, "2013-06-01": NO}),
]


@pytest.mark.parametrize(("happened", "expected"), ELSEWHERE)
def test_schooling_elsewhere_because_of_an_exclusion_or_none(happened, expected):
    assert on_days(part(KENT, "education"), happened, expected) == expected


# Of a thousand sessions in each term. Term 9 ends on 22 July 2012, term 10 on 20 December.
ABSENCE = [
    (
        [absent("son", {6: 0, 7: 150, 8: 150, 9: 150, 10: 0})],
        {"2012-07-22": NO, "2012-07-23": MET, "2012-12-20": MET, "2012-12-21": NO},
    ),
    ([absent("son", {6: 0, 7: 149, 8: 149, 9: 149})], {"2012-07-23": NO}),  # 14.9%
    ([absent("son", {6: 0, 7: 0, 8: 0, 9: 450})], {"2012-07-23": MET}),  # across them, not in each
    ([absent("son", {6: 0, 7: 0, 8: 0, 9: 449})], {"2012-07-23": NO}),
    ([absent("son", {7: 0, 8: 0, 9: 0}, authorised=900)], {"2012-07-23": NO}),  # with leave
    ([absent("son", {7: 100, 8: 100, 9: 100}), absent("daughter", {7: 100, 8: 100, 9: 100})], {"2012-07-23": NO}),
]


@pytest.mark.parametrize(("happened", "expected"), ABSENCE)
def test_unauthorised_absence(happened, expected):
    assert on_days(part(KENT, "education"), happened, expected) == expected


def claims(who: str, benefit: str, start: str = "2012-05-01", end: str | None = "2013-05-01"):
    return spell(who, "out_of_work_benefit", start, end, benefit)


WORK = [
    ([claims("mother", "ESA")], SPELL),
    ([claims("mother", "IB")], SPELL),
    ([claims("mother", "CA")], SPELL),
    ([claims("mother", "IS")], SPELL),
    ([claims("mother", "JSA")], SPELL),
    ([claims("mother", "SDA")], SPELL),
    ([claims("mother", "UC")], {"2012-05-01": NO}),
    ([spell("mother", "employment", "2012-05-01")], {"2012-05-01": NO}),
    ([claims("son", "JSA", "2013-01-01", None)], {"2013-05-31": NO, "2013-06-01": MET}),  # 18 that day
]


@pytest.mark.parametrize(("happened", "expected"), WORK)
def test_an_adult_on_benefits(happened, expected):
    assert on_days(part(KENT, "work"), happened, expected) == expected


def test_a_concern_counts_for_twelve_months():
    happened = [event("daughter", "concern", "2012-06-10")]
    assert on_days(part(KENT, "concern"), happened, TWELVE_MONTHS) == TWELVE_MONTHS


HAPPENED = {
    "crime": event("son", "proven_offence", "2012-06-01"),
    "education": spell("son", "off_roll", "2012-06-01"),
    "work": claims("mother", "JSA"),
    "concern": event("son", "concern", "2012-06-01"),
}
ROUTES = [
    ("crime education work", MET, NO),
    ("crime education work concern", MET, MET),
    ("crime education concern", NO, MET),
    ("crime work concern", NO, MET),
    ("education work concern", NO, MET),
    ("crime education", NO, NO),
    ("crime work", NO, NO),
    ("education work", NO, NO),
    ("crime concern", NO, NO),
    ("concern", NO, NO),
    ("", NO, NO),
]


@pytest.mark.parametrize(("met", "must", "may"), ROUTES)
def test_all_three_must_and_any_two_with_concern_may_be_included(met, must, may):
    happened, day = [HAPPENED[name] for name in met.split()], "2012-06-01"
    found = [
        on_days(part(KENT, name), happened, [day])[day] for name in ("must_be_included", "may_be_included", "rule")
    ]
    assert found == [must, may, MET if MET in (must, may) else NO]


TEXT = """\
Kent Troubled Families 2012, from 1 April 2012 to 31 March 2015

Must be included: all of these
- crime and antisocial behaviour
- truancy or exclusion from school
- an adult on out-of-work benefits

May be included: all of these
- a cause of concern locally
- at least 2 of these:
  - crime and antisocial behaviour
  - truancy or exclusion from school
  - an adult on out-of-work benefits

Crime and antisocial behaviour: one of these
- children of the family had one or more proven offences in the last 12 months
- the family had one or more ASBOs, ASB injunctions, ASB contracts or housing ASB actions in the last 12 months

Truancy or exclusion from school: one of these
- the family had one or more permanent exclusions in the last 3 consecutive terms
- one member of the family had 3 or more fixed exclusions in the last 3 consecutive terms
- a child of the family is now in a pupil referral unit or in alternative provision, after a fixed exclusion or a \
permanent exclusion
- a child of the family is now not on a school roll
- a child's unauthorised absence was at least 15% of possible sessions over the last 3 consecutive terms that have ended

An adult on out-of-work benefits:
- an adult of the family is now on out-of-work benefit (ESA, IB, CA, IS, JSA, SDA)

A cause of concern locally:
- an agency put the family forward as a cause of concern in the last 12 months

What cannot be told counts as not met."""


def test_it_prints_itself():
    assert KENT.text() == TEXT
    assert KENT.sentence() == (
        "Kent Troubled Families 2012: a family is in by one of these routes: must be included (all of these: crime and "
        "antisocial behaviour; truancy or exclusion from school; and an adult on out-of-work benefits); or may be "
        "included (all of these: a cause of concern locally; and (at least 2 of these: crime and antisocial behaviour; "
        "truancy or exclusion from school; or an adult on out-of-work benefits))."
    )
