"""The two clocks: what counts by what had happened, and by what had arrived, one day before, on and after each."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cohort_county import SmallCounty, small_county
from tests.cohort_states import state
from tf_eval.cohort import Cohort, EventCount, InSpell, Nomination, Programme, TermShare, build_cohort, load_programme
from tf_eval.cohort.clocks import ARRIVED, HAPPENED
from tf_eval.cohort.criteria import Node
from tf_eval.errors import ConfigError

OFFENCE = EventCount(["proven_offence"], months=12)
CUSTODY = InSpell(["custody"])
CUSTODY_BEFORE = InSpell(["custody"], months=1)
ABSENCE = TermShare(at_least=0.15)
EXCLUDED_FIRST = InSpell(["alternative_provision"], preceded_by=["permanent_exclusion"])


@pytest.fixture
def county() -> SmallCounty:
    """One family: an adult and two children."""
    county = small_county()
    county.family(1, ["1975-05-05", "1997-04-10", "2000-02-29"])
    return county


def by_both(county: SmallCounty, node: Node, on: str) -> list[str]:
    """Return the state by what had happened, and by what had arrived."""
    return [state(county, node, on, clock=clock) for clock in (HAPPENED, ARRIVED)]


@pytest.mark.parametrize(
    ("on", "happened", "arrived"),
    [
        ("2012-03-31", "not met", "not met"),
        ("2012-04-01", "met", "not met"),
        ("2012-05-14", "met", "not met"),
        ("2012-05-15", "met", "met"),
        ("2013-03-31", "met", "met"),
        ("2013-04-01", "not met", "not met"),  # the look-back is from the day it happened, on both clocks
    ],
)
def test_an_event_counts_when_it_has_arrived_and_is_forgotten_by_when_it_happened(county, on, happened, arrived):
    county.event(11, "proven_offence", "2012-04-01", recorded="2012-05-15")
    assert by_both(county, OFFENCE, on) == [happened, arrived]


@pytest.mark.parametrize(
    ("recorded", "on", "arrived"),
    [
        ("2013-03-31", "2013-03-31", "met"),  # it comes on the last day on which it counts
        ("2013-04-01", "2013-04-01", "not met"),  # it comes too late ever to count
        (None, "2012-03-31", "not met"),
        (None, "2012-04-01", "met"),  # without a day of recording it arrives on the day it is dated
        ("2012-03-20", "2012-03-31", "not met"),  # what is to happen counts when it has happened
        ("2012-03-20", "2012-04-01", "met"),
    ],
)
def test_an_event_arrives_late_or_too_late_or_without_a_day_or_beforehand(county, recorded, on, arrived):
    county.event(11, "proven_offence", "2012-04-01", recorded=recorded)
    assert state(county, OFFENCE, on, clock=ARRIVED) == arrived


@pytest.mark.parametrize(("on", "arrived"), [("2012-06-09", "not met"), ("2012-06-10", "met"), ("2012-06-11", "met")])
def test_two_events_count_together_when_the_later_of_the_two_has_arrived(county, on, arrived):
    county.event(11, "proven_offence", "2012-04-01", recorded="2012-06-10")
    county.event(11, "proven_offence", "2012-05-01", recorded="2012-05-02")
    assert state(county, EventCount(["proven_offence"], at_least=2, months=12), on, clock=ARRIVED) == arrived


@pytest.mark.parametrize(
    ("on", "happened", "arrived"),
    [("2012-04-01", "met", "not met"), ("2012-04-19", "met", "not met"), ("2012-04-20", "met", "met")],
)
def test_a_nomination_counts_when_it_has_arrived(county, on, happened, arrived):
    county.event(11, "concern", "2012-04-01", recorded="2012-04-20")
    assert by_both(county, Nomination(months=12), on) == [happened, arrived]


@pytest.mark.parametrize(
    ("on", "happened", "arrived"),
    [
        ("2012-04-30", "not met", "not met"),
        ("2012-05-01", "met", "not met"),
        ("2012-06-09", "met", "not met"),
        ("2012-06-10", "met", "met"),
        ("2012-06-29", "met", "met"),
        ("2012-06-30", "not met", "not met"),
    ],
)
def test_a_spell_counts_when_it_has_arrived_until_it_ends(county, on, happened, arrived):
    county.spell(10, "custody", "2012-05-01", "2012-06-30", recorded="2012-06-10")
    assert by_both(county, CUSTODY, on) == [happened, arrived]


@pytest.mark.parametrize(
    ("node", "on", "happened", "arrived"),
    [
        (CUSTODY, "2012-07-10", "not met", "not met"),  # over before anybody heard of it
        (CUSTODY_BEFORE, "2012-07-09", "met", "not met"),
        (CUSTODY_BEFORE, "2012-07-10", "met", "met"),
        (CUSTODY_BEFORE, "2012-07-28", "met", "met"),
        (CUSTODY_BEFORE, "2012-07-29", "not met", "not met"),  # a month after its last day, the 29th of June
    ],
)
def test_a_spell_that_arrives_when_it_is_over_can_still_be_looked_back_at(county, node, on, happened, arrived):
    county.spell(10, "custody", "2012-05-01", "2012-06-30", recorded="2012-07-10")
    assert by_both(county, node, on) == [happened, arrived]


@pytest.mark.parametrize(
    ("spell_came", "exclusion_came", "on", "arrived"),
    [
        ("2012-05-20", "2012-06-10", "2012-05-19", "not met"),
        ("2012-05-20", "2012-06-10", "2012-05-20", "cannot tell"),  # the spell is known, what came before it is not
        ("2012-05-20", "2012-06-10", "2012-06-09", "cannot tell"),
        ("2012-05-20", "2012-06-10", "2012-06-10", "met"),
        ("2012-06-10", "2012-05-20", "2012-06-09", "not met"),  # the exclusion is known, the spell is not
        ("2012-06-10", "2012-05-20", "2012-06-10", "met"),
        (None, None, "2012-04-30", "not met"),
        (None, None, "2012-05-01", "met"),
    ],
)
def test_a_spell_after_an_event_counts_when_both_have_arrived(county, spell_came, exclusion_came, on, arrived):
    county.event(12, "permanent_exclusion", "2012-03-01", recorded=exclusion_came)
    county.spell(12, "alternative_provision", "2012-05-01", recorded=spell_came)
    assert state(county, EXCLUDED_FIRST, on, clock=ARRIVED) == arrived
    assert state(county, EXCLUDED_FIRST, on) == ("met" if on >= "2012-05-01" else "not met")


def test_of_two_events_before_a_spell_the_one_that_arrives_first_is_enough(county):
    county.event(12, "permanent_exclusion", "2012-03-01", recorded="2012-09-01")
    county.event(12, "permanent_exclusion", "2012-04-01", recorded="2012-06-10")
    county.spell(12, "alternative_provision", "2012-05-01", recorded="2012-05-01")
    days = ("2012-06-09", "2012-06-10")
    assert [state(county, EXCLUDED_FIRST, on, clock=ARRIVED) for on in days] == ["cannot tell", "met"]


def attends(county: SmallCounty, missed: dict[int, int], recorded: dict[int, str], person: int = 11) -> None:
    """Let a child miss so many of 100 sessions of each term; a term without a day of recording came as it ended."""
    for term_no, sessions in missed.items():
        county.attend(person, term_no, 100, sessions, recorded.get(term_no))


@pytest.mark.parametrize(
    ("on", "happened", "arrived"),
    [
        ("2012-07-22", "not met", "not met"),  # the last day of term 9
        ("2012-07-23", "met", "not met"),
        ("2012-08-31", "met", "not met"),
        ("2012-09-01", "met", "met"),
        ("2012-12-20", "met", "met"),
        ("2012-12-21", "not met", "not met"),
    ],
)
def test_a_childs_own_late_row_counts_when_it_arrives(county, on, happened, arrived):
    """Another child's row of the same term came in time, so that the term itself is known."""
    attends(county, dict.fromkeys(range(1, 11), 0), {}, person=12)
    attends(county, {7: 0, 8: 0, 9: 45}, {9: "2012-09-01"})
    county.attend(11, 10, 300, 0)
    assert by_both(county, ABSENCE, on) == [happened, arrived]


@pytest.mark.parametrize(
    ("on", "happened", "arrived"),
    [
        ("2012-07-22", "met", "met"),
        ("2012-07-23", "not met", "met"),  # term 9 has ended, and nothing of it has come: the last three are 6 to 8
        ("2012-08-31", "not met", "met"),
        ("2012-09-01", "not met", "not met"),
    ],
)
def test_a_term_whose_return_arrives_late_lets_the_one_before_count_longer(county, on, happened, arrived):
    attends(county, {1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 45, 7: 0, 8: 0, 9: 0}, {9: "2012-09-01"})
    assert by_both(county, ABSENCE, on) == [happened, arrived]


@pytest.mark.parametrize(
    ("on", "arrived"),
    [
        ("2012-12-20", "met"),  # terms 6, 7 and 8 are the last three of which anything has come
        ("2012-12-21", "not met"),  # term 10 comes before term 9: now they are 7, 8 and 10
        ("2013-01-31", "not met"),
        ("2013-02-01", "met"),  # term 9 comes, in which the child missed much
        ("2013-03-28", "met"),
        ("2013-03-29", "met"),  # term 11: the last three are 9, 10 and 11
        ("2013-07-22", "met"),
        ("2013-07-23", "not met"),
    ],
)
def test_a_term_that_arrives_after_the_next_takes_its_place_in_the_order_of_terms(county, on, arrived):
    missed = {**dict.fromkeys(range(1, 13), 0), 6: 45, 9: 45}
    attends(county, missed, {9: "2013-02-01"})
    assert state(county, ABSENCE, on, clock=ARRIVED) == arrived


@pytest.mark.parametrize(
    ("on", "happened", "arrived"),
    [
        ("2012-07-23", "not met", "met"),  # term 9 has ended, and nothing of it ever comes
        ("2012-12-20", "not met", "met"),
        ("2012-12-21", "not met", "not met"),  # terms 7, 8 and 10
    ],
)
def test_a_term_that_is_never_received_takes_no_place_among_the_last_three(county, on, happened, arrived):
    missed = {**dict.fromkeys(range(1, 13), 0), 6: 45}
    del missed[9]
    attends(county, missed, {})
    assert by_both(county, ABSENCE, on) == [happened, arrived]


@pytest.mark.parametrize(
    ("on", "happened", "arrived"),
    [
        ("2010-07-22", "cannot tell", "cannot tell"),
        ("2010-07-23", "not met", "cannot tell"),  # three terms have ended, and two of them have been received
        ("2010-09-14", "not met", "cannot tell"),
        ("2010-09-15", "not met", "not met"),
    ],
)
def test_before_three_terms_are_received_it_cannot_be_told(county, on, happened, arrived):
    attends(county, dict.fromkeys(range(1, 4), 0), {2: "2010-09-15"})
    assert by_both(county, ABSENCE, on) == [happened, arrived]


def test_where_no_term_is_ever_received_it_can_never_be_told(county):
    assert by_both(county, ABSENCE, "2014-01-01") == ["not met", "cannot tell"]


@pytest.mark.parametrize(("terms", "on", "expected"), [(2, "2010-03-29", "not met"), (3, "2014-01-01", "cannot tell")])
def test_a_calendar_of_fewer_terms_than_are_asked_for_can_never_tell(county, terms, on, expected):
    county.tables["term"] = county.tables["term"][:2]
    attends(county, {1: 0, 2: 0}, {})
    assert by_both(county, TermShare(terms=terms), on) == [expected, expected]


MINIMAL = """
name: minimal
title: Minimal
window: {from: 2012-04-01, until: 2013-04-01}
when_cannot_tell: count_as_not_met
criteria:
  crime: {title: Crime, quote: q, source: s, met_when: {event_count: {kinds: [proven_offence], days: 60}}}
rule: crime
"""
STEPS = ("with a criterion met", "met the rule by what had happened, or had arrived", "identified")


@pytest.fixture
def minimal(tmp_path: Path) -> Programme:
    """An offence in the last 60 days."""
    (tmp_path / "minimal.yaml").write_text(MINIMAL, encoding="utf-8")
    return load_programme(tmp_path / "minimal.yaml")


def offenders(recorded: Sequence[str | None]) -> SmallCounty:
    """Return a county of families with an offence on 1 June 2012 each, which arrives on these days."""
    county = small_county()
    for family, came in enumerate(recorded, start=1):
        county.family(family, ["1975-05-05", "1999-04-10"])
        county.event(family * 10 + 1, "proven_offence", "2012-06-01", recorded=came)
    return county


def qualified_on(cohort: Cohort, family: int) -> str:
    days = cohort.families.set_index("family_id")["qualified_on"].dropna()
    return str(days[family].date()) if family in days else "never"


@pytest.mark.parametrize(
    ("recorded", "arrived"),
    [
        (None, "2012-06-01"),
        ("2012-05-31", "2012-06-01"),
        ("2012-06-01", "2012-06-01"),
        ("2012-06-02", "2012-06-02"),
        ("2012-07-30", "2012-07-30"),  # the last day on which an offence of 1 June counts
        ("2012-07-31", "never"),
    ],
)
def test_by_what_had_arrived_a_family_qualifies_later_or_never(minimal, recorded, arrived):
    county = offenders([recorded])
    assert qualified_on(build_cohort(county, minimal), 1) == "2012-06-01"
    assert qualified_on(build_cohort(county, minimal, clock="arrived"), 1) == arrived


def test_the_flow_says_who_was_lost_because_records_came_too_late(minimal):
    county = offenders([None, "2012-07-01", "2012-07-31", "2013-01-01"])
    county.family(5, ["1975-05-05", "1999-04-10"])
    flow = build_cohort(county, minimal, clock="arrived").flow
    rows = flow.table().set_index("step").loc[list(STEPS), ["families", "excluded", "reason"]].to_numpy().tolist()
    assert rows == [
        [4, 1, "met no criterion at any time"],
        [4, 0, "never met the programme's rule, or lived elsewhere by then"],
        [2, 2, "met it by what had happened, but the records that show it had not arrived in time"],
    ]
    sizes = [step.families for step in flow.steps]
    assert sizes == sorted(sizes, reverse=True)


def test_a_criterion_is_met_in_the_flow_by_the_clock_of_the_cohort(minimal):
    """The step before asks for either clock; what stands beside it is what had arrived."""
    flow = build_cohort(offenders([None, "2013-01-01"]), minimal, clock="arrived").flow
    assert {part.state: part.count for part in flow.of_which if part.group == "Crime"} == {
        "met": 1,
        "not met": 1,
        "cannot tell": 0,
    }


def test_by_what_had_happened_the_flow_has_no_step_of_the_clocks(minimal):
    steps = [step.step for step in build_cohort(offenders([None]), minimal).flow.steps]
    assert [step for step in steps if step in STEPS] == [STEPS[0], STEPS[2]]


def test_the_cohort_says_its_clock(minimal):
    clocks = [build_cohort(offenders([None]), minimal, clock=clock).design["clock"] for clock in (HAPPENED, ARRIVED)]
    assert clocks == ["happened", "arrived"]


@pytest.mark.parametrize(
    ("word", "advice"),
    [("arived", "Did you mean 'arrived'?"), ("recorded_on", "Known: arrived, happened."), ("", "Known: arrived")],
)
def test_an_unknown_clock_is_refused_with_a_near_miss(minimal, word, advice):
    with pytest.raises(ConfigError) as caught:
        build_cohort(offenders([None]), minimal, clock=word)
    assert str(caught.value).startswith(f"clock: no clock '{word}'.")
    assert advice in str(caught.value)
