"""Oxfordshire 2012, clause by clause: what happened, and the state of the criterion before, on and after each boundary.

Where the county's page differs from the national rule (Kent's report), the row that shows it says so.
"""

import pytest

from tests.cohort_states import MET, NO, absent, event, on_days, part, spell
from tf_eval.cohort import load_programme

OXFORDSHIRE = load_programme("params/programmes/oxfordshire_2012.yaml")

TWELVE_MONTHS = {"2012-06-09": NO, "2012-06-10": MET, "2013-06-09": MET, "2013-06-10": NO}
CRIME = [
    ([event("son", "proven_offence", "2012-06-10")], TWELVE_MONTHS),
    ([event("son", "proven_offence", "2013-05-31")], {"2013-05-30": NO, "2013-05-31": MET, "2014-05-30": MET}),
    ([event("son", "proven_offence", "2013-06-01")], {"2013-06-01": NO}),  # his 18th birthday
    ([event("mother", "proven_offence", "2012-06-10")], {"2012-06-10": NO}),
    ([event("mother", "asbo", "2012-06-10")], TWELVE_MONTHS),
    ([event("mother", "asb_injunction", "2012-06-10")], TWELVE_MONTHS),
    ([event("mother", "housing_asb_action", "2012-06-10")], TWELVE_MONTHS),
    ([event("mother", "asb_contract", "2012-06-10")], {"2012-06-10": NO}),  # Kent: met
    ([event("mother", "asb_incident", "2012-06-10")], {"2012-06-10": NO}),
]


@pytest.mark.parametrize(("happened", "expected"), CRIME)
def test_crime(happened, expected):
    assert on_days(part(OXFORDSHIRE, "crime"), happened, expected) == expected


# Terms begin on 5 January, 16 April and 3 September. What happened in one counts until the third after it begins.
LAST_MAY = {"2012-04-30": NO, "2012-05-01": MET, "2013-04-15": MET, "2013-04-16": NO}
EXCLUSIONS = [
    ([event("son", "permanent_exclusion", "2012-05-01")], LAST_MAY),
    ([event("son", "fixed_exclusion", *["2012-05-01"] * 2)], {"2012-05-01": NO}),
    ([event("son", "fixed_exclusion", *["2012-05-01"] * 3)], {"2012-05-01": NO}),  # not more than three; Kent: met
    ([event("son", "fixed_exclusion", *["2012-05-01"] * 4)], LAST_MAY),
    (
        [event("son", "fixed_exclusion", "2012-01-16", "2012-01-17", "2012-01-18", "2012-05-01")],
        {"2012-04-30": NO, "2012-05-01": MET, "2013-01-04": MET, "2013-01-05": NO},
    ),
    (
        [event("son", "fixed_exclusion", *["2012-05-01"] * 3), event("daughter", "fixed_exclusion", "2012-05-01")],
        {"2012-05-01": NO},  # four, but of two children
    ),
]


@pytest.mark.parametrize(("happened", "expected"), EXCLUSIONS)
def test_exclusions(happened, expected):
    assert on_days(part(OXFORDSHIRE, "education"), happened, expected) == expected


SPELL = {"2012-04-30": NO, "2012-05-01": MET, "2013-04-30": MET, "2013-05-01": NO}
ELSEWHERE = [
    ([spell("son", "pupil_referral_unit", "2012-05-01", "2013-05-01")], SPELL),  # Kent: after an exclusion only
    ([spell("son", "alternative_provision", "2012-05-01", "2013-05-01")], SPELL),
    ([spell("son", "off_roll", "2012-05-01", "2013-05-01")], SPELL),
    ([spell("son", "pupil_referral_unit", "2012-05-01")], {"2013-05-31": MET, "2013-06-01": NO}),  # 18 that day
    ([spell("mother", "off_roll", "2012-05-01")], {"2012-05-01": NO}),
]


@pytest.mark.parametrize(("happened", "expected"), ELSEWHERE)
def test_schooling_elsewhere_or_none(happened, expected):
    assert on_days(part(OXFORDSHIRE, "education"), happened, expected) == expected


# Of a thousand sessions in each term. Term 9 ends on 22 July 2012, term 10 on 20 December.
ABSENCE = [
    (
        [absent("son", {6: 0, 7: 150, 8: 150, 9: 150, 10: 0})],
        {"2012-07-22": NO, "2012-07-23": MET, "2012-12-20": MET, "2012-12-21": NO},
    ),
    ([absent("son", {6: 0, 7: 149, 8: 149, 9: 149})], {"2012-07-23": NO}),  # 14.9%
    ([absent("son", {7: 0, 8: 0, 9: 0}, authorised=900)], {"2012-07-23": NO}),  # with leave
]


@pytest.mark.parametrize(("happened", "expected"), ABSENCE)
def test_persistent_absence(happened, expected):
    assert on_days(part(OXFORDSHIRE, "education"), happened, expected) == expected


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
    ([claims("son", "JSA", "2013-01-01", None)], {"2013-05-31": NO, "2013-06-01": MET}),  # 18 that day
]


@pytest.mark.parametrize(("happened", "expected"), WORK)
def test_an_adult_on_benefits(happened, expected):
    assert on_days(part(OXFORDSHIRE, "work"), happened, expected) == expected


HIGH_COST = [
    ([event("mother", "police_callout", "2012-03-10", "2012-04-10", "2012-05-10")], {"2012-05-10": NO}),
    (
        [event("mother", "police_callout", "2012-03-10", "2012-04-10", "2012-05-10", "2012-06-10")],
        {"2012-06-09": NO, "2012-06-10": MET, "2012-09-09": MET, "2012-09-10": NO},  # six months after the first
    ),
    (
        [
            event("mother", "police_callout", "2012-06-10", "2012-06-10"),
            event("son", "domestic_abuse_callout", "2012-06-10", "2012-06-10"),
        ],
        {"2012-06-09": NO, "2012-06-10": MET, "2012-12-09": MET, "2012-12-10": NO},
    ),
    ([spell("son", "child_protection_plan", "2012-05-01", "2013-05-01")], SPELL),
    ([spell("son", "looked_after", "2012-05-01", "2013-05-01")], SPELL),
    ([spell("son", "child_in_need", "2012-05-01", "2013-05-01")], {"2012-05-01": NO}),
    ([event("son", "concern", "2012-06-10")], {"2012-06-10": NO}),  # Kent's local criterion, not Oxfordshire's
]


@pytest.mark.parametrize(("happened", "expected"), HIGH_COST)
def test_high_cost_to_services(happened, expected):
    assert on_days(part(OXFORDSHIRE, "high_cost"), happened, expected) == expected


HAPPENED = {
    "crime": event("son", "proven_offence", "2012-06-01"),
    "education": spell("son", "off_roll", "2012-06-01"),
    "work": claims("mother", "JSA"),
    "high_cost": spell("son", "child_protection_plan", "2012-06-01"),
}
ROUTES = [
    ("crime education work", MET, NO),
    ("crime education work high_cost", MET, MET),
    ("crime education high_cost", NO, MET),
    ("crime work high_cost", NO, MET),
    ("education work high_cost", NO, MET),
    ("crime education", NO, NO),
    ("crime work", NO, NO),
    ("education work", NO, NO),
    ("work high_cost", NO, NO),
    ("high_cost", NO, NO),
    ("", NO, NO),
]


@pytest.mark.parametrize(("met", "automatically", "locally"), ROUTES)
def test_all_three_are_in_and_so_are_any_two_at_a_high_cost(met, automatically, locally):
    happened, day = [HAPPENED[name] for name in met.split()], "2012-06-01"
    names = ("automatically_in", "by_the_local_criterion", "rule")
    found = [on_days(part(OXFORDSHIRE, name), happened, [day])[day] for name in names]
    assert found == [automatically, locally, MET if MET in (automatically, locally) else NO]


TEXT = """\
Oxfordshire Thriving Families 2012, from 1 April 2012 to 31 March 2015

Automatically in: all of these
- crime and antisocial behaviour
- exclusion and absence from school
- an adult on out-of-work benefits

In by the county's own criterion: all of these
- high cost to services
- at least 2 of these:
  - crime and antisocial behaviour
  - exclusion and absence from school
  - an adult on out-of-work benefits

Crime and antisocial behaviour: one of these
- children of the family had one or more proven offences in the last 12 months
- the family had one or more ASBOs, ASB injunctions or housing ASB actions in the last 12 months

Exclusion and absence from school: one of these
- the family had one or more permanent exclusions in the last 3 consecutive terms
- one member of the family had 4 or more fixed exclusions in the last 3 consecutive terms
- a child of the family is now in a pupil referral unit, in alternative provision or not on a school roll
- a child's unauthorised absence was at least 15% of possible sessions over the last 3 consecutive terms that have ended

An adult on out-of-work benefits:
- an adult of the family is now on out-of-work benefit (ESA, IB, CA, IS, JSA, SDA)

High cost to services: one of these
- the family had 4 or more police call-outs or domestic abuse call-outs in the last 6 months
- a member of the family is now on a child protection plan or looked after

What cannot be told counts as not met."""


def test_it_prints_itself():
    assert OXFORDSHIRE.text() == TEXT
    assert OXFORDSHIRE.sentence() == (
        "Oxfordshire Thriving Families 2012: a family is in by one of these routes: automatically in (all of these: "
        "crime and antisocial behaviour; exclusion and absence from school; and an adult on out-of-work benefits); or "
        "in by the county's own criterion (all of these: high cost to services; and (at least 2 of these: crime and "
        "antisocial behaviour; exclusion and absence from school; or an adult on out-of-work benefits))."
    )
