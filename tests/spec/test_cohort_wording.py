"""What a piece says of itself, and what it refuses, in Python and in a programme's file: each with its advice."""

from pathlib import Path

import pytest

from tests.cohort_county import small_county
from tf_eval.cohort import (
    AllOf,
    AnyOf,
    AtLeast,
    EventCount,
    InSpell,
    Member,
    Nomination,
    TermShare,
    build_cohort,
    load_programme,
)
from tf_eval.errors import ConfigError

CHILDREN, ADULTS, YOUNG = {"under_age": 18}, {"from_age": 18}, {"from_age": 16, "under_age": 25}
BENEFIT, PROVISION = ["out_of_work_benefit"], ["alternative_provision"]
EXCLUSIONS = ["permanent_exclusion", "fixed_exclusion"]


@pytest.mark.parametrize(
    ("piece", "sentence"),
    [
        (EventCount(["asbo"], days=1), "the family had one or more ASBOs on the day"),
        (EventCount(["asbo"], days=30), "the family had one or more ASBOs in the last 30 days"),
        (EventCount(["asbo"], months=1), "the family had one or more ASBOs in the last month"),
        (EventCount(["asbo"], terms=1), "the family had one or more ASBOs in the last term"),
        (EventCount(["asbo"], terms=3), "the family had one or more ASBOs in the last 3 consecutive terms"),
        (
            EventCount(["asbo", "asb_injunction", "housing_asb_action"], at_least=2, months=12),
            "the family had 2 or more ASBOs, ASB injunctions or housing ASB actions in the last 12 months",
        ),
        (
            EventCount(["proven_offence"], months=12, **CHILDREN),
            "children of the family had one or more proven offences in the last 12 months",
        ),
        (
            EventCount(["proven_offence"], at_least=2, months=12, **ADULTS),
            "adults of the family together had 2 or more proven offences in the last 12 months",
        ),
        (
            EventCount(["police_callout"], at_least=4, months=6, by="person", **CHILDREN),
            "one child of the family had 4 or more police call-outs in the last 6 months",
        ),
        (
            EventCount(["police_callout"], months=6, **YOUNG),
            "members of the family aged 16 or over and under 25 had one or more police call-outs in the last 6 months",
        ),
    ],
)
def test_a_count_of_events_says_itself(piece, sentence):
    assert piece.sentence() == sentence


@pytest.mark.parametrize(
    ("piece", "sentence"),
    [
        (InSpell(["custody"]), "a member of the family is now in custody"),
        (InSpell(["custody"], days=1), "a member of the family was, at some time on the day, in custody"),
        (
            InSpell(BENEFIT, ["JSA", "ESA"], **ADULTS),
            "an adult of the family is now on out-of-work benefit (JSA, ESA)",
        ),
        (
            InSpell(["looked_after", "child_protection_plan"], terms=3, **CHILDREN),
            "a child of the family was, at some time in the last 3 consecutive terms, looked after or on a child "
            "protection plan",
        ),
        (
            InSpell(PROVISION, preceded_by=EXCLUSIONS),
            "a member of the family is now in alternative provision, after a permanent exclusion or a fixed exclusion",
        ),
        (
            InSpell(PROVISION, preceded_by=["asbo"], months=12, **YOUNG),
            "a member of the family aged 16 or over and under 25 was, at some time in the last 12 months, "
            "in alternative provision, after an ASBO",
        ),
    ],
)
def test_a_spell_says_itself(piece, sentence):
    assert piece.sentence() == sentence


@pytest.mark.parametrize(
    ("piece", "sentence"),
    [
        (
            TermShare(),
            "a child's unauthorised absence was at least 15% of possible sessions over the last 3 consecutive terms "
            "that have ended",
        ),
        (
            TermShare("authorised", at_least=0.125, terms=2),
            "a child's authorised absence was at least 12.5% of possible sessions over the last 2 consecutive terms "
            "that have ended",
        ),
        (
            TermShare("all", at_least=0.1, terms=1),
            "a child's absence was at least 10% of possible sessions over the last term that has ended",
        ),
        (Member(**CHILDREN), "the family has a child"),
        (Member(**ADULTS), "the family has an adult"),
        (Member(**CHILDREN, at_least=2), "the family has 2 or more children"),
        (Member(under_age=5, at_least=2), "the family has 2 or more members aged under 5"),
        (Member(**YOUNG), "the family has a member aged 16 or over and under 25"),
        (Nomination(months=12), "an agency put the family forward as a cause of concern in the last 12 months"),
        (Nomination(["police"], days=30), "police put the family forward as a cause of concern in the last 30 days"),
        (
            Nomination(["police", "social_care"], terms=1),
            "police or social care put the family forward as a cause of concern in the last term",
        ),
    ],
)
def test_an_absence_a_member_and_a_nomination_say_themselves(piece, sentence):
    assert piece.sentence() == sentence


CUSTODY = InSpell(["custody"])
ONE_UNIT = "give one of days, months and terms"
REFUSALS = [
    (EventCount, {"kinds": ["asbo"], "months": 12, "terms": 3}, ONE_UNIT),
    (EventCount, {"kinds": ["asbo"], "days": 1, "terms": 3}, ONE_UNIT),
    (EventCount, {"kinds": ["asbo"]}, ONE_UNIT),
    (EventCount, {"kinds": ["asbo"], "days": 0}, "days must be a whole number of 1 or more"),
    (EventCount, {"kinds": ["asbo"], "days": 1.5}, "days must be a whole number of 1 or more"),
    (EventCount, {"kinds": ["asbo"], "days": True}, "days must be a whole number of 1 or more"),
    (EventCount, {"kinds": ["asbo"], "days": 1, "at_least": 0}, "at_least must be a whole number of 1 or more"),
    (EventCount, {"kinds": ["asbo"], "days": 1, "from_age": 18, "under_age": 18}, "from_age must be less than"),
    (EventCount, {"kinds": ["asbo"], "days": 1, "from_age": 19, "under_age": 18}, "from_age must be less than"),
    (EventCount, {"kinds": ["asbo"], "days": 1, "under_age": 0}, "under_age must be a whole number of 1 or more"),
    (EventCount, {"kinds": ["asbo"], "days": 1, "by": "persn"}, "'persn'. Did you mean 'person'?"),
    (EventCount, {"kinds": ["asbo", "concern"], "days": 1}, "use the piece 'nomination'"),
    (EventCount, {"kinds": [], "days": 1}, "kinds must name at least one"),
    (EventCount, {"kinds": "asbo", "days": 1}, "kinds must be a list of words; write [asbo]"),
    (EventCount, {"kinds": ["asbo", 3], "days": 1}, "kinds must be a list of words"),
    (EventCount, {"kinds": None, "days": 1}, "kinds must be a list of words"),
    (EventCount, {"kinds": ["proven_offense"], "days": 1}, "kinds: no kind 'proven_offense'. Did you mean 'proven_"),
    (EventCount, {"kinds": ["asbo"], "days": 36_526}, "days must be 36,525 or less"),
    (EventCount, {"kinds": ["asbo"], "months": 1_201}, "months must be 1,200 or less"),
    (EventCount, {"kinds": ["asbo"], "terms": 301}, "terms must be 300 or less"),
    (EventCount, {"kinds": ["asbo"], "days": 1, "under_age": 121}, "under_age must be 120 or less"),
    (EventCount, {"kinds": ["asbo"], "days": 1, "at_least": 10**30}, "at_least must be 1,000,000 or less"),
    (InSpell, {"kinds": ["custdy"]}, "kinds: no kind 'custdy'. Did you mean 'custody'?"),
    (InSpell, {"kinds": BENEFIT, "details": ["JSAA"]}, "details: no detail 'JSAA'. Did you mean 'JSA'?"),
    (InSpell, {"kinds": ["custody"], "details": ["JSA"]}, "details: no details are recorded of custody"),
    (InSpell, {"kinds": [*BENEFIT, "custody"], "details": ["JSA"]}, "details: no details are recorded of custody"),
    (InSpell, {"kinds": PROVISION, "preceded_by": ["asb"]}, "preceded_by: no kind 'asb'. Did you mean 'asbo'?"),
    (InSpell, {"kinds": ["custody"], "months": 12, "terms": 3}, ONE_UNIT),
    (InSpell, {"kinds": ["custody"], "from_age": 18, "under_age": 16}, "from_age must be less than under_age"),
    (InSpell, {"kinds": []}, "kinds must name at least one"),
    (InSpell, {"kinds": BENEFIT, "details": []}, "details must name at least one"),
    (InSpell, {"kinds": BENEFIT, "details": "JSA"}, "details must be a list of words; write [JSA]"),
    (InSpell, {"kinds": PROVISION, "preceded_by": []}, "preceded_by must name at least one"),
    (InSpell, {"kinds": PROVISION, "preceded_by": "asbo"}, "preceded_by must be a list of words; write [asbo]"),
    (Nomination, {}, ONE_UNIT),
    (Nomination, {"months": 12, "days": 1}, ONE_UNIT),
    (Nomination, {"months": 12, "agencies": []}, "agencies must name at least one"),
    (Nomination, {"months": 12, "agencies": "police"}, "agencies must be a list of words; write [police]"),
    (Member, {}, "give from_age, under_age or both"),
    (Member, {"from_age": 18, "under_age": 16}, "from_age must be less than under_age"),
    (Member, {"from_age": 18, "at_least": 0}, "at_least must be a whole number of 1 or more"),
    (TermShare, {"numerator": "unauthorized"}, "Did you mean 'unauthorised'?"),
    (TermShare, {"numerator": "x"}, "Known: all, authorised, unauthorised."),
    (TermShare, {"numerator": ["all"]}, "no sort of absence"),
    (TermShare, {"at_least": 0}, "a share above 0 and up to 1, such as 0.15"),
    (TermShare, {"at_least": 15}, "a share above 0 and up to 1, such as 0.15"),
    (TermShare, {"at_least": True}, "a share above 0 and up to 1, such as 0.15"),
    (TermShare, {"at_least": "15%"}, "a share above 0 and up to 1, such as 0.15"),
    (TermShare, {"terms": 0}, "terms must be a whole number of 1 or more"),
    (TermShare, {"terms": 301}, "terms must be 300 or less"),
    (AnyOf, {"parts": ["crime"]}, "parts must be a list of pieces, such as EventCount"),
    (AllOf, {"parts": CUSTODY}, "parts must be a list of pieces, such as EventCount"),
    (AllOf, {"parts": []}, "there must be at least one part"),
    (AtLeast, {"k": 1, "parts": [CUSTODY, CUSTODY]}, "the same part stands twice"),
]
NAMES = {
    EventCount: "event_count",
    InSpell: "in_spell",
    Nomination: "nomination",
    Member: "member",
    TermShare: "term_share",
    AnyOf: "any_of",
    AllOf: "all_of",
    AtLeast: "at_least",
}


@pytest.mark.parametrize(("piece", "details", "advice"), REFUSALS)
def test_a_piece_refuses_what_it_cannot_mean(piece, details, advice):
    with pytest.raises(ConfigError) as caught:
        piece(**details)
    assert str(caught.value).startswith(f"{NAMES[piece]}: ")
    assert advice in str(caught.value)


def test_all_that_is_wrong_with_a_piece_is_said_at_once():
    with pytest.raises(ConfigError, match="event_count: 3 problems"):
        EventCount([], at_least=0)


def test_the_greatest_share_is_all_sessions():
    assert TermShare(at_least=1).threshold == 1


PROGRAMME = """
name: minimal
title: Minimal
window: {from: 2012-04-01, until: 2013-04-01}
when_cannot_tell: count_as_not_met
criteria:
  %s: {title: Crime, quote: q, source: s, met_when: %s}
rule: "%s"
"""
PLACE = "minimal.yaml: criteria.crime.met_when"


def programme(folder: Path, met_when: str, name: str = "crime") -> Path:
    (folder / "minimal.yaml").write_text(PROGRAMME % (name, met_when, name), encoding="utf-8")
    return folder / "minimal.yaml"


@pytest.mark.parametrize(
    ("met_when", "message"),
    [
        (
            "{in_spell: {kinds: [out_of_work_benefit], details: [JSX]}}",
            f"{PLACE}: in_spell: details: no detail 'JSX'. Did you mean 'JSA'?",
        ),
        (
            "{in_spell: {kinds: [out_of_work_benefit, custody], details: [JSA]}}",
            f"{PLACE}: in_spell: details: no details are recorded of custody; leave them out, or the kind",
        ),
        (
            "{in_spell: {kinds: [off_roll], preceded_by: [fixd_exclusion]}}",
            f"{PLACE}: in_spell: preceded_by: no kind 'fixd_exclusion'. Did you mean 'fixed_exclusion'?",
        ),
        (
            "{in_spell: {kinds: [custdy]}}",
            f"{PLACE}: in_spell: kinds: no kind 'custdy'. Did you mean 'custody'?",
        ),
        (
            "{any_of: [{member: {under_age: 18}}, {in_spell: {kinds: [custdy]}}]}",
            f"{PLACE}.any_of[1]: in_spell: kinds: no kind 'custdy'. Did you mean 'custody'?",
        ),
        (
            "{event_count: {kinds: [concern], months: 12}}",
            f"{PLACE}: event_count: 'concern' is an agency's nomination of a family; use the piece 'nomination'",
        ),
        ("{event_count: {kinds: null, months: 12}}", f"{PLACE}: event_count: kinds must be a list of words"),
        ("{event_count: {kinds: asbo, months: 12}}", f"{PLACE}: event_count: kinds must be a list of words; write"),
        ("{event_count: {kinds: [asbo]}}", f"{PLACE}: event_count: {ONE_UNIT}"),
        ("{nomination: {agency: [a], days: 1}}", f"{PLACE}.nomination: no key 'agency'. Did you mean 'agencies'?"),
        ("{term_share: {numerator: [all]}}", f"{PLACE}: term_share: no sort of absence"),
        ("{member: {at_least: 2}}", f"{PLACE}: member: give from_age, under_age or both"),
    ],
)
def test_a_slip_in_a_piece_of_a_file_is_refused_with_its_place(tmp_path, met_when, message):
    with pytest.raises(ConfigError) as caught:
        load_programme(programme(tmp_path, met_when))
    assert str(caught.value).startswith(message)


def test_a_criterion_may_have_an_apostrophe_in_its_name(tmp_path):
    county = small_county()
    county.family(1, ["1999-04-10"])
    path = programme(tmp_path, "{member: {under_age: 18}}", name="child's")
    cohort = build_cohort(county, load_programme(path))
    assert cohort.truth["criterion"].tolist() == ["child's", "rule"]
    assert cohort.families["criteria_met"].tolist() == [1]
