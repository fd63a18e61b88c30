"""Supporting Families from October 2022, clause by clause, and its rule of three of ten in a family with children.

A criterion asks for the same on any day, so that the rows are of the years of the small counties' school calendar.
"""

from datetime import date

import pandas as pd
import pytest

from tests.cohort_county import small_county
from tests.cohort_states import MET, NO, absent, event, on_days, part, spell
from tf_eval.cohort import build_cohort, load_programme

SUPPORTING = load_programme("params/programmes/supporting_families_2022.yaml")

TWELVE_MONTHS = {"2012-06-09": NO, "2012-06-10": MET, "2013-06-09": MET, "2013-06-10": NO}
SPELL = {"2012-04-30": NO, "2012-05-01": MET, "2013-04-30": MET, "2013-05-01": NO}


def in_spell(who: str, kind: str, detail: str | None = None):
    return spell(who, kind, "2012-05-01", "2013-05-01", detail)


CLAUSES = [
    ("education", [absent("son", {7: 0, 8: 100, 9: 100})], {"2012-07-22": NO, "2012-07-23": MET}),  # two terms
    ("education", [absent("son", {7: 0, 8: 99, 9: 99})], {"2012-07-23": NO}),  # 9.9%
    ("education", [absent("son", {7: 0, 8: 50, 9: 50}, authorised=50)], {"2012-07-23": MET}),  # leave or not
    ("education", [event("son", "permanent_exclusion", "2012-05-01")], {"2013-04-15": MET, "2013-04-16": NO}),
    ("education", [event("son", "fixed_exclusion", *["2012-05-01"] * 2)], {"2012-05-01": NO}),
    ("education", [event("son", "fixed_exclusion", *["2012-05-01"] * 3)], {"2013-04-15": MET, "2013-04-16": NO}),
    ("education", [in_spell("son", "pupil_referral_unit")], SPELL),
    ("education", [in_spell("son", "alternative_provision")], SPELL),
    ("education", [in_spell("son", "off_roll")], SPELL),
    ("education", [spell("son", "off_roll", "2012-05-01")], {"2013-05-31": MET, "2013-06-01": NO}),  # 18 that day
    ("early_years", [event("toddler", "developmental_concern", "2012-06-10")], TWELVE_MONTHS),
    ("early_years", [event("toddler", "developmental_concern", "2013-08-31")], {"2013-08-31": MET}),
    ("early_years", [event("toddler", "developmental_concern", "2013-09-01")], {"2013-09-01": NO}),  # 5 that day
    ("health", [in_spell("mother", "mental_health_treatment")], SPELL),
    ("substance_use", [in_spell("mother", "substance_misuse_treatment")], SPELL),
    ("relationships", [event("mother", "relationship_concern", "2012-06-10")], TWELVE_MONTHS),
    ("safety", [in_spell("son", "child_protection_plan")], SPELL),
    ("safety", [in_spell("son", "child_in_need")], {"2012-05-01": NO}),
    ("safety", [event("son", "exploitation_referral", "2012-06-10")], TWELVE_MONTHS),
    ("safety", [event("son", "exploitation_referral", "2013-05-31")], {"2013-05-31": MET}),
    ("safety", [event("son", "exploitation_referral", "2013-06-01")], {"2013-06-01": NO}),  # 18 that day
    ("crime", [event("mother", "proven_offence", "2012-06-10")], TWELVE_MONTHS),
    ("crime", [event("son", "asbo", "2012-06-10")], TWELVE_MONTHS),
    ("crime", [event("son", "asb_injunction", "2012-06-10")], TWELVE_MONTHS),
    ("crime", [event("son", "asb_contract", "2012-06-10")], TWELVE_MONTHS),
    ("crime", [event("mother", "housing_asb_action", "2012-06-10")], TWELVE_MONTHS),
    ("crime", [event("mother", "asb_incident", "2012-06-10")], {"2012-06-10": NO}),
    ("domestic_abuse", [event("mother", "domestic_abuse_callout", "2012-06-10")], TWELVE_MONTHS),
    ("domestic_abuse", [event("mother", "police_callout", "2012-06-10")], {"2012-06-10": NO}),
    ("housing", [in_spell("mother", "homelessness_duty")], SPELL),
    ("housing", [in_spell("mother", "temporary_accommodation")], SPELL),
    ("finances", [in_spell("mother", "out_of_work_benefit", "JSA")], SPELL),
    ("finances", [in_spell("mother", "out_of_work_benefit", "UC")], SPELL),
    ("finances", [spell("son", "out_of_work_benefit", "2013-01-01")], {"2013-05-31": NO, "2013-06-01": MET}),
    ("finances", [in_spell("mother", "rent_arrears")], SPELL),
]


@pytest.mark.parametrize(("criterion", "happened", "expected"), CLAUSES)
def test_a_clause(criterion, happened, expected):
    assert on_days(part(SUPPORTING, criterion), happened, expected) == expected


HAPPENED = {
    "education": in_spell("son", "off_roll"),
    "early_years": event("toddler", "developmental_concern", "2012-06-01"),
    "health": in_spell("mother", "mental_health_treatment"),
    "substance_use": in_spell("mother", "substance_misuse_treatment"),
    "relationships": event("mother", "relationship_concern", "2012-06-01"),
    "safety": in_spell("son", "child_protection_plan"),
    "crime": event("son", "proven_offence", "2012-06-01"),
    "domestic_abuse": event("mother", "domestic_abuse_callout", "2012-06-01"),
    "housing": in_spell("mother", "temporary_accommodation"),
    "finances": in_spell("mother", "out_of_work_benefit", "JSA"),
}
RULE = [
    ("", NO),
    ("education", NO),
    ("education early_years", NO),
    ("education early_years health", MET),
    ("education early_years substance_use", MET),
    ("education early_years relationships", MET),
    ("education early_years safety", MET),
    ("education early_years crime", MET),
    ("education early_years domestic_abuse", MET),
    ("education early_years housing", MET),
    ("education early_years finances", MET),
    ("crime domestic_abuse", NO),
    ("housing finances", NO),
    ("crime domestic_abuse finances", MET),
    (" ".join(HAPPENED), MET),
]


@pytest.mark.parametrize(("met", "expected"), RULE)
def test_three_of_ten_are_in(met, expected):
    happened = [HAPPENED[name] for name in met.split()]
    assert on_days(part(SUPPORTING, "rule"), happened, ["2012-06-01"]) == {"2012-06-01": expected}


THREE_NEEDS = [
    (["1975-05-05", "2015-03-10"], "2023-01-10", "2023-01-10"),
    (["1975-05-05", "2004-10-01"], "2022-09-01", None),  # the youngest is 18 in the month the programme begins
    (["1975-05-05", "2004-10-02"], "2022-09-01", "2022-10-03"),  # from the month after: ages are known by the month
    (["1975-05-05", "2023-06-01"], "2023-01-10", "2023-06-01"),  # expected, but not found before the birth
    (["1975-05-05"], "2023-01-10", None),  # no child
    (["1975-05-05", "2015-03-10"], "2021-10-03", None),  # twelve months are over on the programme's first day
    (["1975-05-05", "2015-03-10"], "2021-10-04", "2022-10-03"),
    (["1975-05-05", "2015-03-10"], "2025-03-31", "2025-03-31"),
    (["1975-05-05", "2015-03-10"], "2025-04-01", None),
]


@pytest.mark.parametrize(("births", "offence", "expected"), THREE_NEEDS)
def test_families_with_a_child_are_taken_in_from_october_2022_to_march_2025(births, offence, expected):
    county = small_county(until=date(2026, 4, 1))
    county.family(1, births)
    county.event(10, "proven_offence", offence)
    county.spell(10, "out_of_work_benefit", "2011-01-01", None, "UC")
    county.spell(10, "mental_health_treatment", "2011-01-01")
    found = build_cohort(county, SUPPORTING, below_threshold=True).families["qualified_on"]
    assert [str(day.date()) for day in found if not pd.isna(day)] == ([expected] if expected else [])


TEXT = """\
Supporting Families 2022, from 3 October 2022 to 31 March 2025

A family is in: all of these
- children in the family
- at least 3 of these:
  - education
  - early years
  - mental and physical health
  - substance use
  - family relationships
  - safe from abuse and exploitation
  - crime
  - domestic abuse
  - secure housing
  - financial stability

Children in the family:
- the family has a child

Education: one of these
- a child's absence was at least 10% of possible sessions over the last 2 consecutive terms that have ended
- the family had one or more permanent exclusions in the last 3 consecutive terms
- one member of the family had 3 or more fixed exclusions in the last 3 consecutive terms
- a child of the family is now in a pupil referral unit, in alternative provision or not on a school roll

Early years:
- members of the family aged under 5 had one or more developmental concerns in the last 12 months

Mental and physical health:
- a member of the family is now in treatment for mental health

Substance use:
- a member of the family is now in treatment for substance misuse

Family relationships:
- the family had one or more relationship concerns in the last 12 months

Safe from abuse and exploitation: one of these
- a member of the family is now on a child protection plan
- children of the family had one or more exploitation referrals in the last 12 months

Crime:
- the family had one or more proven offences, ASBOs, ASB injunctions, ASB contracts or housing ASB actions in the last \
12 months

Domestic abuse:
- the family had one or more domestic abuse call-outs in the last 12 months

Secure housing:
- a member of the family is now owed a homelessness duty or in temporary accommodation

Financial stability: one of these
- an adult of the family is now on out-of-work benefit
- a member of the family is now in rent arrears

What cannot be told counts as not met."""


def test_it_prints_itself():
    assert SUPPORTING.text() == TEXT
    assert SUPPORTING.sentence() == (
        "Supporting Families 2022: a family is in when it meets all of these: children in the family; and (at least 3 "
        "of these: education; early years; mental and physical health; substance use; family relationships; safe from "
        "abuse and exploitation; crime; domestic abuse; secure housing; or financial stability)."
    )
