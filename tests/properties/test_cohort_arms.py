"""No look-ahead, flows that add up, counts that are what pandas counts: on random small counties."""

import random
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from tests.cohort_county import TERMS, SmallCounty, small_county
from tf_eval.cohort import Arms, Cohort, Panel, build_cohort, build_panel, load_outcomes, load_programme
from tf_eval.cohort.months import first_day

INDEX_MONTH = 2013 * 12 + 5  # June 2013
CUT = date(2013, 6, 1)
FAMILIES = 60


def random_county(seed: int) -> SmallCounty:
    draw = random.Random(seed)
    county = small_county()
    for family in range(1, FAMILIES + 1):
        county.family(family, ["1975-05-05", "1999-04-10", "2001-11-30"], draw.choice(["north", "south"]))
        _records(county, draw, family, date(2010, 1, 1), date(2015, 3, 31))
        district = county.tables["family_home"][-1][1]
        county.tables["family_home"][-1] = (family, district, draw.randint(1, 10), None, None)
        if draw.random() < 0.6:
            started = date(2013, draw.randint(4, 9), draw.randint(1, 28))
            intervention = draw.choice(["mentors", "parenting"])
            county.support(family, intervention, "2013-03-01", draw.choice([started.isoformat(), None]))
    for intervention in ("mentors", "parenting"):
        county.support(FAMILIES // 2, intervention, "2013-05-01", "2013-06-10")
    return county


def _records(county: SmallCounty, draw: random.Random, family: int, first: date, last: date) -> None:
    def any_day() -> date:
        return first + timedelta(days=draw.randrange((last - first).days))

    person = family * 10
    for _ in range(draw.randint(8, 14)):
        kind = draw.choice(["proven_offence", "asb_incident", "police_callout", "fixed_exclusion", "asbo"])
        county.event(person + draw.randint(1, 2), kind, any_day().isoformat())
    for kind, detail in (
        ("out_of_work_benefit", "JSA"),
        ("off_roll", None),
        ("looked_after", None),
        ("custody", None),
    ):
        start = any_day()
        end = draw.choice([None, (start + timedelta(days=draw.choice([40, 400]))).isoformat()])
        who = draw.choice([1, 2]) if kind == "custody" else 0
        county.spell(person + who, kind, start.isoformat(), end, detail)
    for term_no, (_, _, start, end) in enumerate(TERMS, start=1):
        if first <= start and end <= last and draw.random() < 0.9:
            county.attend(person + 1, term_no, 100, draw.choice([0, 10, 30]))


def with_another_future(county: SmallCounty, seed: int) -> SmallCounty:
    """Return a county with the same past, and other events, spells, homes, members and attendance from CUT on.

    Starts of support in the index month decide who is compared; they stay. Later ones change.
    """
    draw = random.Random(seed)
    tables = {name: list(rows) for name, rows in county.tables.items()}
    other = SmallCounty(tables, county.births)
    tables["event"] = [row for row in tables["event"] if row[5] < CUT]
    tables["spell"] = [_with_another_end(row, draw) for row in tables["spell"] if row[5] < CUT]
    ended = [number for number, term in enumerate(TERMS, start=1) if term[3] < CUT]
    tables["attendance"] = [row for row in tables["attendance"] if row[6] in ended]
    tables["family_home"] = [
        (family, district, decile, start, draw.choice([None, CUT + timedelta(days=draw.randrange(300))]))
        for family, district, decile, start, _ in tables["family_home"]
    ]
    for family in range(1, FAMILIES + 1):
        moved = CUT + timedelta(days=draw.randrange(9))
        tables["family_home"].append((family, draw.choice(["east", "west"]), draw.randint(1, 10), moved, None))
        if draw.random() < 0.5:  # somebody leaves, and somebody is born
            place = draw.choice([3 * family - 1, 3 * family - 2])
            tables["family_member"][place] = (*tables["family_member"][place][:3], CUT)
            tables["person"].append((family * 10 + 5, -50))
            tables["family_member"].append((family, family * 10 + 5, CUT, None))
    tables["support"] = [row for row in tables["support"] if row[6] is None or row[6] < date(2013, 7, 1)]
    for family in range(1, FAMILIES + 1):
        _records(other, draw, family, CUT, date(2015, 3, 31))
        for term_no in (len(ended) + 1,):  # the term that spans the index month
            other.attend(family * 10 + 1, term_no, 100, draw.choice([0, 50, 100]))
        if draw.random() < 0.3:
            other.support(family, "parenting", "2013-06-02", f"2013-{draw.randint(7, 12):02d}-15")
    return other


def _with_another_end(row: tuple, draw: random.Random) -> tuple:
    end = row[6]
    if end is None or end >= CUT:
        end = draw.choice([None, CUT + timedelta(days=draw.randrange(500))])
    return (*row[:6], end, *row[7:])


def _study(county: SmallCounty, programme_path: str) -> tuple[Cohort, Panel, Arms]:
    cohort = build_cohort(county, load_programme(programme_path))
    known = load_outcomes()
    prices = {kind: 30.0 for kind in known["police_callout"].kinds}
    cost = replace(known["police_callout"], name="callout_cost", label="Cost of call-outs", kind="money", prices=prices)
    panel = build_panel(county, cohort, [*known.values(), cost])
    return cohort, panel, panel.arms("mentors")


def _at_the_index_month(arms: Arms) -> pd.DataFrame:
    rows = arms.frame[arms.frame["index_month"] == INDEX_MONTH]
    rows = rows.reindex(columns=[column for column in sorted(rows.columns) if not column.endswith("_missing")])
    return rows.reset_index(drop=True)


@pytest.fixture(scope="module")
def generous(tmp_path_factory) -> str:
    """A programme that takes in most families of a small county, by every kind of condition."""
    path = tmp_path_factory.mktemp("programme") / "generous.yaml"
    path.write_text(
        """
name: generous
title: Generous programme
window: {from: 2012-04-01, until: 2015-04-01}
when_cannot_tell: count_as_not_met
criteria:
  crime: {title: Crime, quote: q, source: s, met_when: {event_count: {kinds: [proven_offence, asbo], months: 12}}}
  school:
    title: School
    quote: q
    source: s
    met_when: {any_of: [open_spell: {kinds: [off_roll]}, term_share: {at_least: 0.15},
                        event_count: {kinds: [fixed_exclusion], terms: 3}]}
  work: {title: Work, quote: q, source: s, met_when: {open_spell: {kinds: [out_of_work_benefit], details: [JSA]}}}
rule: {at_least: {k: 2, of: [crime, school, work]}}
""",
        encoding="utf-8",
    )
    return str(path)


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_on_or_after_the_index_date_touches_the_arms(seed, generous):
    county = random_county(seed)
    _, _, arms = _study(county, generous)
    _, _, other = _study(with_another_future(county, seed + 100), generous)
    before = _at_the_index_month(arms)
    assert before["treated"].sum() >= 1
    assert len(before) > 10
    pd.testing.assert_frame_equal(before, _at_the_index_month(other))
    described = set(arms.covariates_table()["name"])
    told_by = {
        "proven_offence_exposure_12m",
        "callout_cost_trend",
        "criterion_crime",
        "lone_adult",
        "deprivation_decile",
    }
    assert told_by < described
    assert {name for name in described if not name.endswith("_missing")} < set(before)
    assert (before[sorted(told_by - {"lone_adult"})].nunique() > 1).all(), "what is always the same shows no look-ahead"


@pytest.mark.parametrize("seed", [3, 4])
def test_every_flow_adds_up(seed, generous):
    cohort, _, arms = _study(random_county(seed), generous)
    for flow in (cohort.flow, arms.flow):
        for arm in flow.arms:
            steps = flow.of_arm(arm)
            for before, after in pairwise(steps):
                assert after.families == before.families - after.excluded
                assert after.excluded >= 0
    families = arms.frame.groupby("treated")["family_id"].nunique()
    assert arms.flow.of_arm("treated")[-1].families == families[1]
    assert arms.flow.of_arm("comparison")[-1].families == families[0]


def test_the_panel_counts_what_pandas_counts(generous):
    county = random_county(5)
    _, panel, _ = _study(county, generous)
    events = pd.DataFrame(county.tables["event"], columns=[*"abc", "family_id", "kind", "date", "age"])
    events = events[events["kind"] == "asb_incident"]
    month = pd.to_datetime(events["date"]).dt.to_period("M").dt.to_timestamp()
    counted = events.groupby(["family_id", month]).size().unstack(fill_value=0)
    matrix = panel.matrix("asb_incident")
    expected = counted.reindex(index=matrix.index, columns=matrix.columns, fill_value=0)
    np.testing.assert_array_equal(matrix.to_numpy(), expected.to_numpy())


def test_the_risk_set_is_the_families_that_qualified_before_and_have_not_started(generous):
    cohort, _, arms = _study(random_county(6), generous)
    families = cohort.families.set_index("family_id")
    start = pd.to_datetime(families["started_on"])
    for month, rows in arms.frame.groupby("index_month"):
        begin, end = pd.Timestamp(first_day(month)), pd.Timestamp(first_day(month + 1))
        qualified = pd.to_datetime(families["qualified_on"]) < begin
        waiting = families.index[qualified & (start.isna() | (start >= end))]
        starting = families.index[
            qualified & (start >= begin) & (start < end) & (families["intervention"] == "mentors")
        ]
        assert rows.loc[rows["treated"] == 0, "family_id"].tolist() == waiting.tolist()
        assert rows.loc[rows["treated"] == 1, "family_id"].tolist() == starting.tolist()
