"""No look-ahead, flows that add up, counts that are what pandas counts: on random small counties."""

import random
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from tests.cohort_county import TERMS, SmallCounty, small_county
from tf_eval.cohort import Arms, Cohort, Panel, build_cohort, build_panel, load_outcomes, load_programme
from tf_eval.cohort.months import first_day, last_day
from tf_eval.cohort.pools import POOLS

INDEX_MONTH = 2013 * 12 + 5  # June 2013
CUT, AFTER = date(2013, 6, 1), date(2013, 7, 1)
FAMILIES = 90
OFFERS = (date(2012, 10, 10), date(2013, 3, 1), date(2013, 6, 20))
EVERY_POOL = tuple(POOLS)
DESIGNS = [
    {},
    {"pools": EVERY_POOL},
    {"pools": EVERY_POOL, "prior_support": "allow"},
    {"pools": EVERY_POOL, "prior_support": "allow", "washout_months": 2},
    *({"pools": [name]} for name in EVERY_POOL),
]
TOLD_BY = {"proven_offence_exposure_12m", "callout_cost_trend", "criterion_crime", "lone_adult", "deprivation_decile"}


def random_county(seed: int) -> SmallCounty:
    draw = random.Random(seed)
    county = small_county()
    for family in range(1, FAMILIES + 1):
        district = "north" if family == FAMILIES // 2 else draw.choice(["north", "south"])
        county.family(family, ["1975-05-05", "1999-04-10", "2001-11-30"], district)
        county.tables["family_home"][-1] = (family, district, draw.randint(1, 10), None, None)
        _records(county, draw, family, date(2010, 1, 1), date(2015, 3, 31))
        _support(county, draw, family)
    for intervention in ("mentors", "parenting"):
        county.support(FAMILIES // 2, intervention, "2013-05-01", "2013-06-10")
    return county


def _support(county: SmallCounty, draw: random.Random, family: int) -> None:
    """Offers that are taken up at once or later, refused, left open or left for long; mentors in the north only."""
    offers = [offer for offer in OFFERS if draw.random() < 0.4]
    for offered in offers:
        north = county.tables["family_home"][family - 1][1] == "north"
        intervention = draw.choice(["mentors", "parenting"]) if north else "parenting"
        started = (
            date(2013, draw.choice([4, 5, 6, 6, 6, 7, 8, 9]), draw.randint(1, 28)) if draw.random() < 0.5 else None
        )
        if started is not None and started <= offered:
            started = None
        ended = started + timedelta(days=draw.choice([30, 90])) if started and draw.random() < 0.7 else None
        consent = True if started else draw.choice([None, False])
        days = [None if value is None else value.isoformat() for value in (offered, started, ended)]
        county.support(family, intervention, *days[:2], ended=days[2], consent=consent)


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

    Offers and starts of support up to the index month's end decide who is compared and in which pool; they stay.
    What becomes of an offer later changes, and so do later offers.
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
        _with_another_household(tables, draw, family)
    tables["support"] = [_with_another_outcome(row, draw) for row in tables["support"] if row[6] < AFTER]
    for family in range(1, FAMILIES + 1):
        _records(other, draw, family, CUT, date(2015, 3, 31))
        for term_no in (len(ended) + 1,):  # the term that spans the index month
            other.attend(family * 10 + 1, term_no, 100, draw.choice([0, 50, 100]))
        if draw.random() < 0.3:
            other.support(family, "parenting", "2013-07-02", draw.choice([None, f"2013-{draw.randint(8, 12):02d}-15"]))
    return other


def _with_another_household(tables: dict[str, list[tuple]], draw: random.Random, family: int) -> None:
    """Let a family move, and in every second one somebody leave and somebody be born."""
    moved = CUT + timedelta(days=draw.randrange(9))
    tables["family_home"].append((family, draw.choice(["east", "west"]), draw.randint(1, 10), moved, None))
    if draw.random() < 0.5:
        place = draw.choice([3 * family - 1, 3 * family - 2])
        tables["family_member"][place] = (*tables["family_member"][place][:3], CUT)
        tables["person"].append((family * 10 + 5, -50))
        tables["family_member"].append((family, family * 10 + 5, CUT, None))


def _with_another_outcome(row: tuple, draw: random.Random) -> tuple:
    """Return an offer with another start, if any, and another end, wherever these came after the index month."""
    started, ended = row[7], row[8]
    if started is None or started >= AFTER:
        started, ended = draw.choice([None, AFTER + timedelta(days=draw.randrange(300))]), None
    if started is not None and (ended is None or ended >= AFTER):
        ended = draw.choice([None, AFTER + timedelta(days=400 + draw.randrange(300))])
    return (*row[:7], started, ended, row[9])


def _with_another_end(row: tuple, draw: random.Random) -> tuple:
    end = row[6]
    if end is None or end >= CUT:
        end = draw.choice([None, CUT + timedelta(days=draw.randrange(500))])
    return (*row[:6], end, *row[7:])


def _study(county: SmallCounty, programme_path: str) -> tuple[Cohort, Panel, Arms]:
    cohort = build_cohort(county, load_programme(programme_path), below_threshold=True)
    known = load_outcomes()
    prices = {kind: 30.0 for kind in known["police_callout"].kinds}
    priced = {"kind": "money", "prices": prices, "price_year": "2012/13", "price_source": "a test"}
    cost = replace(known["police_callout"], name="callout_cost", label="Cost of call-outs", **priced)
    panel = build_panel(county, cohort, [*known.values(), cost])
    return cohort, panel, panel.arms("mentors")


@cache
def _study_of(seed: int, programme_path: str) -> tuple[Cohort, Panel, Arms]:
    return _study(random_county(seed), programme_path)


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
    met_when: {any_of: [in_spell: {kinds: [off_roll]}, term_share: {at_least: 0.15},
                        event_count: {kinds: [fixed_exclusion], terms: 3}]}
  work: {title: Work, quote: q, source: s, met_when: {in_spell: {kinds: [out_of_work_benefit], details: [JSA]}}}
rule: {at_least: {k: 2, of: [crime, school, work]}}
""",
        encoding="utf-8",
    )
    return str(path)


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_on_or_after_the_index_date_touches_the_arms(seed, generous):
    """Not the cohort, not a covariate and not the pool that a family stands in, whichever pools are asked for."""
    county = random_county(seed)
    _, panel, _ = _study(county, generous)
    _, other, _ = _study(with_another_future(county, seed + 100), generous)
    for design in DESIGNS:
        before, after = (_at_the_index_month(one.arms("mentors", **design)) for one in (panel, other))
        assert before["treated"].sum() >= 1
        pd.testing.assert_frame_equal(before, after)
    _require_telling(panel)


def _require_telling(panel: Panel) -> None:
    """The test has to see every pool and every covariate; what is always the same shows no look-ahead."""
    assert len(_at_the_index_month(panel.arms("mentors"))) > 10
    every = panel.arms("mentors", pools=EVERY_POOL)
    rows, described = _at_the_index_month(every), set(every.covariates_table()["name"])
    assert set(rows["pool"].dropna()) == set(EVERY_POOL)
    assert described > TOLD_BY
    assert {name for name in described if not name.endswith("_missing")} < set(rows)
    assert (rows[sorted(TOLD_BY - {"lone_adult"})].nunique() > 1).all()


@pytest.mark.parametrize("seed", [3, 4, 6, 9])
def test_every_flow_adds_up_in_the_whole_county_and_in_every_district(seed, generous):
    cohort, panel, _ = _study_of(seed, generous)
    for flow in (cohort.flow, *(panel.arms("mentors", **design).flow for design in DESIGNS)):
        for arm in flow.arms:
            for before, after in pairwise(flow.of_arm(arm)):
                assert after.families == before.families - after.excluded
                assert after.excluded >= 0
        by_district = flow.by_district()
        assert (by_district["excluded"] >= 0).all()
        for _, rows in by_district.groupby("district"):
            assert rows["step"].tolist() == flow.table()["step"].tolist()
        whole = by_district.groupby(["arm", "step"], sort=False)[["families", "excluded"]].sum()
        assert whole.to_numpy().tolist() == flow.table()[["families", "excluded"]].to_numpy().tolist()


@pytest.mark.parametrize("seed", [3, 4])
def test_what_stands_beside_a_step_comes_to_it_in_every_district(seed, generous):
    cohort, *_ = _study_of(seed, generous)
    steps = {step.step: step for step in cohort.flow.steps}
    groups = {(part.step, part.group) for part in cohort.flow.of_which}
    assert len(groups) == len(cohort.programme.criteria) + 1
    for step, group in groups:
        parts = [part for part in cohort.flow.of_which if (part.step, part.group) == (step, group)]
        assert sum(part.count for part in parts) == steps[step].families
        for district, families in steps[step].districts.items():
            assert sum(part.districts.get(district, 0) for part in parts) == families


@pytest.mark.parametrize("design", DESIGNS, ids=str)
def test_the_last_step_of_each_arm_is_the_families_of_the_frame(design, generous):
    _, panel, _ = _study_of(3, generous)
    arms = panel.arms("mentors", **design)
    families = arms.frame.groupby("treated")["family_id"].nunique().reindex([0, 1], fill_value=0)
    assert [arms.flow.of_arm(arm)[-1].families for arm in ("comparison", "treated")] == families.tolist()


@pytest.mark.parametrize("seed", [3, 4])
def test_the_flow_counts_what_python_counts(seed, generous):
    """From the county's own rows, by sets of family numbers."""
    county = random_county(seed)
    cohort, _, arms = _study_of(seed, generous)
    support = county.tables["support"]
    offered, started, mentors = (
        {row[2] for row in support},
        {row[2] for row in support if row[7]},
        {row[2] for row in support if row[7] and row[3] == "mentors"},
    )
    identified = set(cohort.families.loc[cohort.families["qualified_on"].notna(), "family_id"])
    met = set(cohort.truth.loc[(cohort.truth["criterion"] != "rule") & (cohort.truth["state"] == 2), "family_id"])
    everybody = set(range(1, FAMILIES + 1))
    expected = [everybody, everybody, met, identified, identified & offered, identified & started]
    district = {row[0]: row[1] for row in county.tables["family_home"]}
    for step, families in zip(cohort.flow.steps, expected, strict=True):
        assert step.families == len(families)
        for name in ("north", "south"):
            assert step.districts.get(name, 0) == sum(district[family] == name for family in families)
    treated = [step.families for step in arms.flow.of_arm("treated")]
    first = first_starts(county)
    assert treated[:2] == [len(mentors), sum(first[family] == {"mentors"} for family in mentors)]


def first_starts(county: SmallCounty) -> dict[int, set[str]]:
    """Return what each family started on the day of its first start."""
    starts = [(row[2], row[7], row[3]) for row in county.tables["support"] if row[7]]
    first = {family: min(on for other, on, _ in starts if other == family) for family, _, _ in starts}
    return {family: {what for other, on, what in starts if (other, on) == (family, first[family])} for family in first}


def test_the_panel_counts_what_pandas_counts(generous):
    county = random_county(5)
    _, panel, _ = _study(county, generous)
    columns = [*"abc", "family_id", "kind", "date", "recorded_on", "age_months"]
    events = pd.DataFrame(county.tables["event"], columns=columns)
    events = events[events["kind"] == "asb_incident"]
    month = pd.to_datetime(events["date"]).dt.to_period("M").dt.to_timestamp()
    counted = events.groupby(["family_id", month]).size().unstack(fill_value=0)
    matrix = panel.matrix("asb_incident")
    expected = counted.reindex(index=matrix.index, columns=matrix.columns, fill_value=0)
    np.testing.assert_array_equal(matrix.to_numpy(), expected.to_numpy())


def test_the_risk_set_is_the_families_that_qualified_before_and_have_not_started(generous):
    cohort, _, arms = _study_of(6, generous)
    families = cohort.families.set_index("family_id")
    start = pd.to_datetime(families["started_on"])
    first = first_starts(random_county(6))
    alone = np.array([first.get(family) == {"mentors"} for family in families.index])
    for month, rows in arms.frame.groupby("index_month"):
        begin, end = pd.Timestamp(first_day(month)), pd.Timestamp(first_day(month + 1))
        qualified = pd.to_datetime(families["qualified_on"]) < begin
        waiting = families.index[qualified & (start.isna() | (start >= end))]
        starting = families.index[qualified & (start >= begin) & (start < end) & alone]
        assert rows.loc[rows["treated"] == 0, "family_id"].tolist() == waiting.tolist()
        assert rows.loc[rows["treated"] == 1, "family_id"].tolist() == starting.tolist()


@pytest.mark.parametrize("seed", [6, 9])
def test_a_pool_is_what_its_words_say(seed, generous):
    county = random_county(seed)
    cohort, panel, _ = _study_of(seed, generous)
    frame = panel.arms("mentors", pools=EVERY_POOL).frame
    district = {row[0]: row[1] for row in county.tables["family_home"]}
    qualified = cohort.families.set_index("family_id")["qualified_on"]
    for row in frame[frame["treated"] == 0].itertuples():
        expected = _pool_in_words(county.tables["support"], district, qualified, row.family_id, row.index_month)
        assert row.pool == expected
    assert set(frame["pool"].dropna()) == set(EVERY_POOL)


def _pool_in_words(support: list[tuple], district: dict, qualified: pd.Series, family: int, month: int) -> str:
    if not qualified[family] < pd.Timestamp(first_day(month)):
        return "below_threshold"
    end = last_day(month).item()
    made = [row for row in support if row[6] <= end]
    last = max((row[6] for row in made if row[2] == family), default=None)
    offers = [row for row in made if row[2] == family and row[6] == last]
    if offers and all(row[9] is False for row in offers):
        return "refused"
    if offers and month - (last.year * 12 + last.month - 1) >= 6:
        return "refused"
    if offers:
        return "offered"
    places = {district[row[2]] for row in made if row[3] == "mentors"}
    return "waiting" if district[family] in places else "other_district"
