"""What is asked of the county, in one place for all contestants, and how their answers are made comparable.

A record of a person counts for the family that the person belongs to on the day asked about, by the dates of
``family_member``: somebody who changes families takes the records along. In the panel the day asked about is the
event's own, and the month's end for the state.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from tf_eval.cohort import AllOf, AnyOf, Criterion, EventCount, InSpell, Programme, TermShare, Window

CALLOUT = "police_callout"
LOOK_BACK = 12  # months
FIRST_MONTH, END_MONTH = 2009 * 12 + 3, 2015 * 12 + 3  # as year * 12 + month - 1: the covered months

START, UNTIL = date(2012, 4, 1), date(2015, 4, 1)
OFFENCE, OFFENDER_UNDER = "proven_offence", 18 * 12  # months of age
ASB_ACTIONS = ("asbo", "asb_injunction", "housing_asb_action")
FIXED, FIXED_AT_LEAST, PERMANENT = "fixed_exclusion", 4, "permanent_exclusion"
OUT_OF_SCHOOL = ("pupil_referral_unit", "alternative_provision", "off_roll")
ABSENT_PERCENT, ABSENT_TERMS = 15, 3
BENEFIT, OUT_OF_WORK = "out_of_work_benefit", ("ESA", "IB", "CA", "IS", "JSA", "SDA")
CRITERIA = ("crime", "education", "work")

PANEL_FAMILIES = 80_000  # of the county's families those up to this number
KINDS_OF_COUNT = {
    "police_callout": (CALLOUT,),
    "asb_incident": ("asb_incident",),
    "proven_offence": (OFFENCE,),  # by somebody under age
    "exclusion": (FIXED, PERMANENT),
    "domestic_abuse_callout": ("domestic_abuse_callout",),
}
OUTCOME_OF_KIND = {kind: outcome for outcome, kinds in KINDS_OF_COUNT.items() for kind in kinds}
OUTCOMES = (*KINDS_OF_COUNT, BENEFIT)

COLUMNS = {
    "windows": ("family_id", "month", "callouts"),
    "eligibility": ("family_id", "qualified_on"),
    "evidence": ("family_id", "criterion", "table_name", "record_id"),
    "panel": ("family_id", "month", *OUTCOMES),
}
TITLES = {
    "windows": "call-outs of the last 12 months, by family and month end, where there was one",
    "eligibility": "first day on which a family meets all three criteria",
    "evidence": "the same, and the records that decided",
    "panel": "five counts and a state, by family and month",
}
WORDS = {"criterion": CRITERIA, "table_name": ("event", "spell", "attendance")}
_MIX = np.uint64(0x9E3779B97F4A7C15)


def programme() -> Programme:
    """Return the three criteria as a programme of tf_eval."""
    crime = AnyOf(
        (
            EventCount((OFFENCE,), months=LOOK_BACK, under_age=OFFENDER_UNDER // 12),
            EventCount(ASB_ACTIONS, months=LOOK_BACK),
        )
    )
    education = AnyOf(
        (
            EventCount((PERMANENT,), months=LOOK_BACK),
            EventCount((FIXED,), at_least=FIXED_AT_LEAST, months=LOOK_BACK, by="person"),
            InSpell(OUT_OF_SCHOOL),
            TermShare("unauthorised", at_least=ABSENT_PERCENT / 100, terms=ABSENT_TERMS),
        )
    )
    nodes = (crime, education, InSpell((BENEFIT,), OUT_OF_WORK))
    criteria = [Criterion(name, name, "", "", node) for name, node in zip(CRITERIA, nodes, strict=True)]
    return Programme("all_three", "All three", Window(START, UNTIL), tuple(criteria), AllOf(nodes))


def digest(question: str, table: Mapping[str, Any]) -> tuple[int, str]:
    """Return how many rows an answer has and a sum over them that does not depend on their order."""
    columns = [_numbers(name, np.asarray(table[name])) for name in COLUMNS[question]]
    mixed = np.zeros(len(columns[0]), np.uint64)
    for column in columns:
        mixed = (mixed ^ column.view(np.uint64)) * _MIX
        mixed ^= mixed >> np.uint64(29)
    return len(mixed), f"{mixed.sum(dtype=np.uint64):016x}"


def _numbers(name: str, values: np.ndarray) -> np.ndarray:
    """Return a column as whole numbers: dates as days, words as their place."""
    if name in WORDS:
        return np.array([WORDS[name].index(word) for word in values.tolist()], np.int64)
    if values.dtype.kind in "MO":
        return values.astype("datetime64[D]").astype(np.int64)
    return values.astype(np.int64)
