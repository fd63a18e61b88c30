"""A family is its members of the day: what counts for whom when somebody comes, leaves, is born or comes of age."""

from pathlib import Path

import pytest

from tests.cohort_county import SmallCounty, small_county
from tests.cohort_states import states
from tf_eval.cohort import EventCount, InSpell, Member, TermShare, build_cohort, load_programme
from tf_eval.cohort.criteria import Node

OFFENCE = EventCount(["proven_offence"], months=12)
FOUR_CALLS = EventCount(["police_callout"], at_least=4, months=12)
FOUR_OF_ONE = EventCount(["police_callout"], at_least=4, months=12, by="person")
MOVE = "2012-06-01"


@pytest.fixture
def county() -> SmallCounty:
    """Two families; child 11 leaves the first for the second on 1 June 2012."""
    county = small_county()
    county.family(1, ["1975-05-05", "1997-04-10", "2000-02-29"])
    county.family(2, ["1980-01-01"])
    county.moves(11, MOVE, 2)
    return county


def of_both(county: SmallCounty, node: Node, on: str) -> list[str]:
    """Return the state of the family that was left, and of the one that was joined."""
    return [found for (found,) in states(county, [node], on, families=[1, 2])]


@pytest.mark.parametrize(
    ("on", "left", "joined"),
    [
        ("2012-03-31", "not met", "not met"),
        ("2012-04-01", "met", "not met"),
        ("2012-05-31", "met", "not met"),
        ("2012-06-01", "not met", "met"),  # the day of joining
        ("2013-03-31", "not met", "met"),
        ("2013-04-01", "not met", "not met"),
    ],
)
def test_an_offence_moves_with_the_child(county, on, left, joined):
    county.event(11, "proven_offence", "2012-04-01")
    assert of_both(county, OFFENCE, on) == [left, joined]


@pytest.mark.parametrize(
    ("happened", "joined"),
    [
        ("2011-05-31", "not met"),  # a year ago on the day before
        ("2011-06-01", "not met"),
        ("2011-06-02", "met"),
        ("2012-05-31", "met"),
        ("2012-06-01", "met"),
        ("2012-06-02", "not met"),
    ],
)
def test_on_the_day_of_joining_an_event_from_before_counts_as_long_as_the_look_back_is(county, happened, joined):
    county.event(11, "proven_offence", happened)
    assert of_both(county, OFFENCE, MOVE) == ["not met", joined]


@pytest.mark.parametrize(
    ("happened", "on", "expected"),
    [
        ("2012-05-31", "2012-05-31", "met"),
        ("2012-05-31", "2012-06-01", "not met"),
        ("2012-06-01", "2012-06-01", "not met"),
        ("2012-07-01", "2012-07-01", "not met"),
    ],
)
def test_after_leaving_for_nobody_nothing_counts_for_anybody(happened, on, expected):
    county = small_county()
    county.family(1, ["1975-05-05", "1997-04-10"])
    county.family(2, ["1980-01-01"])
    county.moves(11, MOVE, None)
    county.event(11, "proven_offence", happened)
    assert of_both(county, OFFENCE, on) == [expected, "not met"]


@pytest.mark.parametrize(
    ("node", "on", "expected"),
    [
        (FOUR_CALLS, "2012-05-31", ["met", "not met"]),
        (FOUR_CALLS, "2012-06-01", ["not met", "not met"]),  # two are left with the family, two have gone
        (FOUR_OF_ONE, "2012-05-31", ["not met", "not met"]),
    ],
)
def test_call_outs_of_a_family_are_those_of_its_members_of_the_day(county, node, on, expected):
    for person, happened in ((10, "2012-02-01"), (11, "2012-03-01"), (11, "2012-04-01"), (12, "2012-04-01")):
        county.event(person, "police_callout", happened)
    assert of_both(county, node, on) == expected


@pytest.mark.parametrize("node", [FOUR_CALLS, FOUR_OF_ONE])
@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2012-05-31", ["not met", "not met"]),
        ("2012-06-30", ["not met", "not met"]),
        ("2012-07-01", ["not met", "met"]),  # the fourth: two before the move and two after
        ("2013-03-01", ["not met", "not met"]),
    ],
)
def test_call_outs_of_one_person_add_up_across_a_move(county, node, on, expected):
    for happened in ("2012-03-01", "2012-04-01", "2012-06-15", "2012-07-01"):
        county.event(11, "police_callout", happened)
    assert of_both(county, node, on) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2011-12-20", ["not met", "not met"]),  # the last day of term 7
        ("2011-12-21", ["met", "not met"]),
        ("2012-05-31", ["met", "not met"]),
        ("2012-06-01", ["not met", "met"]),
        ("2012-12-20", ["not met", "met"]),  # terms 7 to 9: 45 of 300
        ("2012-12-21", ["not met", "not met"]),
    ],
)
def test_an_absence_moves_with_the_child(county, on, expected):
    for term_no, missed in ((6, 0), (7, 45), (8, 0), (9, 0), (10, 0)):
        county.attend(11, term_no, 100, missed)
    assert of_both(county, TermShare(at_least=0.15), on) == expected


@pytest.mark.parametrize(
    ("node", "on", "expected"),
    [
        (InSpell(["custody"]), "2012-05-31", ["met", "not met"]),
        (InSpell(["custody"]), "2012-06-01", ["not met", "met"]),
        (InSpell(["custody"]), "2012-06-10", ["not met", "not met"]),
        (InSpell(["custody"], days=30), "2012-06-10", ["not met", "met"]),
        (InSpell(["custody"], days=30), "2012-07-08", ["not met", "met"]),  # the 30th day from 9 June on
        (InSpell(["custody"], days=30), "2012-07-09", ["not met", "not met"]),
    ],
)
def test_a_spell_and_its_look_back_move_with_the_child(county, node, on, expected):
    county.spell(11, "custody", "2012-05-01", "2012-06-10")
    assert of_both(county, node, on) == expected


def test_a_spell_that_was_over_before_the_move_is_looked_back_at_in_the_new_family(county):
    county.spell(11, "custody", "2012-05-01", "2012-05-20")
    days = ("2012-05-31", "2012-06-01", "2012-06-17", "2012-06-18")
    found = [of_both(county, InSpell(["custody"], days=30), on) for on in days]
    assert found == [["met", "not met"], ["not met", "met"], ["not met", "met"], ["not met", "not met"]]


def test_a_child_that_comes_back_counts_again(county):
    county.moves(11, "2012-09-01", 1)
    county.event(11, "proven_offence", "2012-04-01")
    days = ("2012-05-31", "2012-06-01", "2012-08-31", "2012-09-01")
    found = [of_both(county, OFFENCE, on) for on in days]
    assert found == [["met", "not met"], ["not met", "met"], ["not met", "met"], ["met", "not met"]]


CHILD, ADULT = Member(under_age=18), Member(from_age=18)


@pytest.mark.parametrize(
    ("birth", "node", "on", "expected"),
    [
        ("2012-05-01", CHILD, "2012-04-30", "not met"),
        ("2012-05-01", CHILD, "2012-05-01", "met"),
        ("2012-05-02", CHILD, "2012-05-31", "not met"),  # of an age from the first of a month on which they are of it
        ("2012-05-02", CHILD, "2012-06-01", "met"),
        ("1994-06-01", CHILD, "2012-05-31", "met"),
        ("1994-06-01", CHILD, "2012-06-01", "not met"),
        ("1994-06-01", ADULT, "2012-05-31", "not met"),
        ("1994-06-01", ADULT, "2012-06-01", "met"),
        ("1994-06-02", CHILD, "2012-06-30", "met"),
        ("1994-06-02", CHILD, "2012-07-01", "not met"),
        ("1994-06-02", ADULT, "2012-06-30", "not met"),
        ("1994-06-02", ADULT, "2012-07-01", "met"),
        (None, CHILD, "2012-06-01", "cannot tell"),
        (None, ADULT, "2012-06-01", "cannot tell"),
        ("1994-06-01", Member(from_age=16, under_age=18), "2010-05-31", "not met"),
        ("1994-06-01", Member(from_age=16, under_age=18), "2010-06-01", "met"),
        ("1994-06-01", Member(from_age=16, under_age=18), "2012-05-31", "met"),
        ("1994-06-01", Member(from_age=16, under_age=18), "2012-06-01", "not met"),
    ],
)
def test_a_member_is_of_an_age_for_whole_months(birth, node, on, expected):
    county = small_county()
    county.family(1, [birth])
    assert states(county, [node], on, families=[1]) == [[expected]]


@pytest.mark.parametrize(
    ("births", "expected"),
    [
        (["1999-01-01"], "not met"),
        (["1999-01-01", "1975-05-05"], "not met"),
        (["1999-01-01", "1999-01-01"], "met"),
        (["1999-01-01", None], "cannot tell"),
        ([None, None], "cannot tell"),
        ([None], "not met"),
        (["1999-01-01", "2001-01-01", None], "met"),
    ],
)
def test_two_children_are_two_members_known_to_be_children(births, expected):
    county = small_county()
    county.family(1, births)
    assert states(county, [Member(under_age=18, at_least=2)], "2012-06-01", families=[1]) == [[expected]]


@pytest.mark.parametrize(("on", "left", "joined"), [("2012-05-31", "met", "not met"), ("2012-06-01", "not met", "met")])
def test_a_member_is_a_member_of_the_family_of_the_day(county, on, left, joined):
    assert of_both(county, Member(from_age=14, under_age=18), on) == [left, joined]


MINIMAL = """
name: minimal
title: Minimal
window: {from: 2012-01-01, until: 2014-01-01}
when_cannot_tell: count_as_not_met
criteria:
  crime: {title: Crime, quote: q, source: s, met_when: {event_count: {kinds: [proven_offence], months: 12}}}
  child: {title: Child, quote: q, source: s, met_when: {member: {from_age: 14, under_age: 18}}}
rule: {any_of: [crime, child]}
"""


def test_the_evidence_of_a_child_that_moved_says_on_which_days_it_counted_for_whom(county, tmp_path: Path):
    county.event(11, "proven_offence", "2012-04-01")
    (tmp_path / "minimal.yaml").write_text(MINIMAL, encoding="utf-8")
    evidence = build_cohort(county, load_programme(tmp_path / "minimal.yaml")).evidence
    days = [evidence[name].dt.strftime("%Y-%m-%d") for name in ("date", "start_date", "end_date")]
    rows = list(zip(evidence["family_id"], evidence["criterion"], evidence["table_name"], *days, strict=True))
    assert rows == [
        (1, "crime", "event", "2012-04-01", "2012-04-01", "2012-06-01"),
        (1, "child", "family_member", "2011-05-01", "2012-01-01", "2012-06-01"),
        (2, "crime", "event", "2012-04-01", "2012-06-01", "2013-04-01"),
        (2, "child", "family_member", "2011-05-01", "2012-06-01", "2014-01-01"),
    ]
    assert set(evidence["person_id"]) == {11}


def test_an_event_on_the_day_of_leaving_is_no_evidence_of_the_family_that_was_left(county, tmp_path: Path):
    """Nor one that was forgotten by the day of joining for the family that was joined; others met both families."""
    (tmp_path / "minimal.yaml").write_text(MINIMAL, encoding="utf-8")
    for person, happened in ((10, "2012-05-01"), (20, "2012-05-01"), (11, "2011-06-01"), (11, "2012-06-01")):
        county.event(person, "proven_offence", happened)
    evidence = build_cohort(county, load_programme(tmp_path / "minimal.yaml")).evidence
    offences = evidence[evidence["criterion"] == "crime"]
    assert (offences["start_date"] < offences["end_date"]).all()
    found = zip(offences["family_id"], offences["person_id"], offences["date"].dt.strftime("%Y-%m-%d"), strict=True)
    assert sorted(found) == [
        (1, 10, "2012-05-01"),
        (1, 11, "2011-06-01"),
        (2, 11, "2012-06-01"),
        (2, 20, "2012-05-01"),
    ]


def test_a_family_that_is_not_in_the_cohort_has_no_evidence_of_somebody_who_joined_it(tmp_path: Path):
    """A household of adults is not assessed, so that it is in no cohort, whatever it meets."""
    county = small_county()
    county.family(1, ["1975-05-05", "1999-04-10"])
    county.family(2, ["1980-01-01"])
    county.moves(10, MOVE, 2)
    county.event(10, "proven_offence", "2012-04-01")
    (tmp_path / "minimal.yaml").write_text(MINIMAL, encoding="utf-8")
    cohort = build_cohort(county, load_programme(tmp_path / "minimal.yaml"))
    assert set(cohort.families["family_id"]) == {1}
    assert set(cohort.evidence["family_id"]) == {1}
