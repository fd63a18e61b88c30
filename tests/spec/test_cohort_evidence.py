"""Evidence is the records that decided, on the days on which they did: no day on which nothing is met has any."""

import random
from pathlib import Path

import pandas as pd
import pytest

from tests.cohort_county import SmallCounty, small_county
from tests.random_programmes import FAMILIES, random_county
from tf_eval.cohort import Cohort, EventCount, build_cohort, load_programme
from tf_eval.cohort.programme import Criterion, Programme, Window

OFFENCE = "event_count: {kinds: [proven_offence], days: 30}"
CALLS = "event_count: {kinds: [police_callout], at_least: 2, days: 30}"
CUSTODY = "in_spell: {kinds: [custody], days: 10}"
PROGRAMME = """
name: minimal
title: Minimal
window: {from: 2012-01-01, until: 2013-01-01}
when_cannot_tell: count_as_not_met
criteria:
  crime: {title: Crime, quote: q, source: s, met_when: %s}
rule: crime
"""


@pytest.fixture
def county() -> SmallCounty:
    county = small_county()
    county.family(1, ["1975-05-05", "1997-04-10"])
    return county


def cohort_of(county: SmallCounty, folder: Path, met_when: str) -> Cohort:
    (folder / "minimal.yaml").write_text(PROGRAMME % met_when, encoding="utf-8")
    return build_cohort(county, load_programme(folder / "minimal.yaml"))


def rows(evidence: pd.DataFrame) -> list[tuple]:
    """Return the kind, the day and the days [start, end) of each row."""
    days = [evidence[name].dt.strftime("%m-%d") for name in ("date", "start_date", "end_date")]
    return list(zip(evidence["kind"], *days, strict=True))


def test_of_two_alternatives_of_which_one_is_met_only_that_ones_records_are_evidence(county, tmp_path):
    county.event(10, "police_callout", "2012-03-05")  # one call-out, where two are asked for
    county.event(11, "proven_offence", "2012-03-01")
    cohort = cohort_of(county, tmp_path, f"{{any_of: [{{{OFFENCE}}}, {{{CALLS}}}]}}")
    assert rows(cohort.evidence) == [("proven_offence", "03-01", "03-01", "03-31")]


def test_a_record_drops_out_when_its_look_back_ends_and_the_others_go_on(county, tmp_path):
    for on in ("2012-03-01", "2012-03-11", "2012-03-21"):
        county.event(10, "police_callout", on)
    cohort = cohort_of(county, tmp_path, f"{{{CALLS}}}")
    assert rows(cohort.evidence) == [
        ("police_callout", "03-01", "03-11", "03-31"),  # alone it decides nothing until the second
        ("police_callout", "03-11", "03-11", "04-10"),
        ("police_callout", "03-21", "03-21", "04-10"),  # nor the last when the second is forgotten
    ]


def test_a_record_that_decides_with_one_and_then_with_another_has_one_row(county, tmp_path):
    """The first call-out is forgotten on the day of the third: the second decides with either, without a break."""
    for on in ("2012-03-01", "2012-03-11", "2012-03-31"):
        county.event(10, "police_callout", on)
    assert rows(cohort_of(county, tmp_path, f"{{{CALLS}}}").evidence) == [
        ("police_callout", "03-01", "03-11", "03-31"),
        ("police_callout", "03-11", "03-11", "04-10"),
        ("police_callout", "03-31", "03-31", "04-10"),
    ]


def test_of_k_of_n_the_records_count_on_the_days_on_which_k_are_met(county, tmp_path):
    county.event(11, "proven_offence", "2012-03-01")
    county.spell(11, "custody", "2012-03-20", "2012-03-26")  # looked back at until 4 April
    county.event(10, "police_callout", "2012-03-28")
    parts = f"[{{{OFFENCE}}}, {{{CUSTODY}}}, {{event_count: {{kinds: [police_callout], days: 10}}}}]"
    cohort = cohort_of(county, tmp_path, f"{{at_least: {{k: 2, of: {parts}}}}}")
    assert rows(cohort.evidence) == [
        ("proven_offence", "03-01", "03-20", "03-31"),
        ("custody", "03-20", "03-20", "04-04"),
        ("police_callout", "03-28", "03-28", "04-04"),
    ]


@pytest.mark.parametrize(
    ("piece", "whose"),
    [
        ("event_count: {kinds: [fixed_exclusion], at_least: 2, months: 12, by: person}", [11, 11]),
        ("event_count: {kinds: [fixed_exclusion], at_least: 2, months: 12}", [11, 11, 12]),
        ("term_share: {at_least: 0.15, terms: 1}", [11]),
    ],
)
def test_what_is_asked_of_one_child_has_that_childs_records_as_evidence(tmp_path, piece, whose):
    county = small_county()
    county.family(1, ["1975-05-05", "1997-04-10", "1998-04-10"])
    for person, happened in ((11, "2012-03-01"), (11, "2012-03-02"), (12, "2012-03-01")):
        county.event(person, "fixed_exclusion", happened)
    for person, missed in ((11, 15), (12, 14)):
        county.attend(person, 8, 100, missed)
    county.attend(12, 7, 100, 15)  # by itself enough for the other child, but a term before
    evidence = cohort_of(county, tmp_path, f"{{{piece}}}").evidence_on("2012-04-01")
    assert sorted(evidence["person_id"]) == whose


@pytest.mark.parametrize(
    ("on", "kinds"),
    [
        ("2012-02-29", []),
        ("2012-03-01", ["proven_offence"]),
        ("2012-03-19", ["proven_offence"]),
        ("2012-03-20", ["proven_offence", "custody"]),
        ("2012-03-30", ["proven_offence", "custody"]),
        ("2012-03-31", ["custody"]),
        ("2012-04-03", ["custody"]),
        ("2012-04-04", []),
    ],
)
def test_the_evidence_of_a_day_is_what_decides_on_it(county, tmp_path, on, kinds):
    county.event(11, "proven_offence", "2012-03-01")
    county.spell(11, "custody", "2012-03-20", "2012-03-26")
    cohort = cohort_of(county, tmp_path, f"{{any_of: [{{{OFFENCE}}}, {{{CUSTODY}}}]}}")
    assert cohort.evidence_on(on)["kind"].tolist() == kinds


def test_evidence_that_cannot_be_told_is_none(tmp_path):
    county = small_county()
    county.family(1, [None, "1999-04-10"])
    county.support(1, "mentors", None, "2012-03-10")  # so that it is in the cohort
    county.event(10, "proven_offence", "2012-03-01")
    cohort = cohort_of(county, tmp_path, "{event_count: {kinds: [proven_offence], days: 30, under_age: 18}}")
    assert cohort.truth["state"].tolist() == [1, 1]
    assert cohort.evidence.empty


@pytest.mark.parametrize(
    ("excluded", "kinds"),
    [
        ("2011-02-28", ["fixed_exclusion", "alternative_provision"]),
        ("2012-03-01", ["fixed_exclusion", "alternative_provision"]),
        ("2012-03-02", []),
    ],
)
def test_a_spell_is_evidence_with_the_event_that_came_before_it_however_long(county, tmp_path, excluded, kinds):
    county.support(1, "mentors", None, "2012-03-10")
    county.event(11, "fixed_exclusion", excluded)
    county.spell(11, "alternative_provision", "2012-03-01", "2012-05-01")
    piece = "{in_spell: {kinds: [alternative_provision], preceded_by: [fixed_exclusion]}}"
    evidence = cohort_of(county, tmp_path, piece).evidence
    assert evidence["kind"].tolist() == kinds
    assert [days for _, _, *days in rows(evidence)] == [["03-01", "05-01"]] * len(kinds)


@pytest.mark.parametrize(
    ("happened", "kinds"), [("2011-12-02", []), ("2011-12-03", ["proven_offence"]), ("2012-01-01", ["proven_offence"])]
)
def test_what_happened_before_the_window_decides_as_long_as_it_is_looked_back_at(county, tmp_path, happened, kinds):
    county.support(1, "mentors", None, "2012-03-10")
    county.event(11, "proven_offence", happened)
    assert cohort_of(county, tmp_path, f"{{{OFFENCE}}}").evidence_on("2012-01-01")["kind"].tolist() == kinds


LEAVES = {
    "one": EventCount(["proven_offence"], days=45),
    "two": EventCount(["proven_offence", "fixed_exclusion"], at_least=2, months=6),
    "three": EventCount(["police_callout", "fixed_exclusion"], at_least=3, terms=3),
    "young": EventCount(["police_callout"], at_least=2, months=12, under_age=18),
}
DAYS = pd.date_range("2012-01-20", "2012-10-01", freq="3D")


def programme_of(name: str) -> Programme:
    leaf = LEAVES[name]
    window = Window(DAYS[0].date(), DAYS[-1].date())
    return Programme("random", "Random", window, (Criterion(name, name, "q", "s", leaf),), leaf)


@pytest.mark.parametrize("clock", ["happened", "arrived"])
@pytest.mark.parametrize("name", LEAVES)
def test_a_count_is_met_exactly_on_the_days_with_as_many_rows_of_evidence(name, clock):
    """Of each family of the cohort, on every third day: the rows that cover the day are none, or enough."""
    cohort = build_cohort(random_county(random.Random(7)), programme_of(name), clock=clock)
    truth = cohort.truth[(cohort.truth["criterion"] == name) & (cohort.truth["state"] == 2)]
    met, rows_of_day = covering(truth), covering(cohort.evidence)
    assert ((rows_of_day >= LEAVES[name].at_least) == (met == 1)).all(axis=None)
    assert ((rows_of_day > 0) == (met == 1)).all(axis=None)
    assert 0 < met.to_numpy().sum() < met.size


def covering(spans: pd.DataFrame) -> pd.DataFrame:
    """Return how many spans of each family cover each day."""
    on = {day: spans[(spans["start_date"] <= day) & (day < spans["end_date"])] for day in DAYS}
    counts = {day: found.groupby("family_id").size() for day, found in on.items()}
    return pd.DataFrame(counts).reindex(list(FAMILIES)).fillna(0)
