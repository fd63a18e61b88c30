"""Whom a supported family is compared with: the pool of a family at an index month, and what support before bars it.

Family 1 starts mentors in October 2012, in the north: that is the index month of every table. The others qualified on
1 June 2012 unless their row says otherwise.
"""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from tests.cohort_county import FIRST_DAY, SmallCounty, small_county
from tests.cohort_panel import compared
from tf_eval import project
from tf_eval.cohort import Arms, Flow, build_cohort, build_panel, load_programme
from tf_eval.cohort.event_time import FOLLOW_UP
from tf_eval.cohort.pools import AT_RISK, POOLS, PoolRule
from tf_eval.errors import ConfigError, InputError

OCTOBER = 2012 * 12 + 9
NO = False
OXFORDSHIRE = "params/programmes/oxfordshire_2012.yaml"


def add_family(county: SmallCounty, family: int, district: str = "north", offence: str = "2012-06-01") -> None:
    county.family(family, ["1975-05-05", "1999-04-10"], district)
    county.event(family * 10 + 1, "proven_offence", offence)
    county.spell(family * 10, "out_of_work_benefit", "2011-01-01", None, "JSA")
    county.spell(family * 10 + 1, "off_roll", "2011-01-01")


def county_of(*rows: tuple, district: str = "north", offence: str = "2012-06-01") -> SmallCounty:
    """Return family 1, and family 2 with rows of support: (intervention, offered, started, ended, consent)."""
    county = small_county()
    add_family(county, 1)
    add_family(county, 2, district, offence)
    county.support(1, "mentors", "2012-09-20", "2012-10-20")
    for intervention, offered, started, ended, consent in rows:
        county.support(2, intervention, offered, started, ended=ended, consent=consent)
    return county


def arms_of(county: SmallCounty, **design) -> Arms:
    cohort = build_cohort(county, load_programme(OXFORDSHIRE), below_threshold=True)
    return build_panel(county, cohort, ["asb_incident"]).arms("mentors", **design)


def pool_of(county: SmallCounty, **design) -> str | None:
    """Return the pool of family 2 in October 2012, None where it cannot be compared then."""
    frame = arms_of(county, **{"pools": list(POOLS), **design}).frame
    rows = frame[(frame["family_id"] == 2) & (frame["index_month"] == OCTOBER) & (frame["treated"] == 0)]
    return rows["pool"].item() if len(rows) else None


@pytest.mark.parametrize(
    ("rows", "pool"),
    [
        ([], "waiting"),
        ([("parenting", "2012-10-31", None, None, None)], "offered"),  # the month's last day
        ([("parenting", "2012-11-01", None, None, None)], "waiting"),  # the day after: not yet known
        ([("parenting", "2012-10-31", None, None, NO)], "refused"),
        ([("parenting", "2012-11-01", None, None, NO)], "waiting"),
        ([("parenting", "2012-05-01", None, None, None)], "offered"),  # five months old
        ([("parenting", "2012-04-30", None, None, None)], "refused"),  # six months old, and never taken up
        ([("parenting", "2012-04-30", "2012-11-01", None, None)], "refused"),  # that it started later is not yet known
        ([("parenting", "2012-09-01", "2012-11-01", None, True)], "offered"),
        ([("parenting", "2012-09-01", "2012-10-31", None, True)], None),  # started by the month's end
        ([("parenting", "2012-07-01", None, None, NO), ("mentors", "2012-09-01", None, None, None)], "offered"),
        ([("mentors", "2012-07-01", None, None, None), ("parenting", "2012-09-01", None, None, NO)], "refused"),
        ([("mentors", "2012-09-01", None, None, NO), ("parenting", "2012-09-01", None, None, None)], "offered"),
    ],
)
def test_the_last_offer_by_the_months_end_says_the_pool(rows, pool):
    assert pool_of(county_of(*rows)) == pool


def test_how_old_an_offer_is_when_it_counts_as_refused_can_be_said():
    county = county_of(("parenting", "2012-04-30", None, None, None))
    assert [pool_of(county, unanswered_months=months) for months in (6, 7)] == ["refused", "offered"]


@pytest.mark.parametrize(
    ("first_there", "pool"),
    [(None, "other_district"), ("2012-11-01", "other_district"), ("2012-10-31", "waiting"), ("2012-04-01", "waiting")],
)
def test_a_district_is_another_until_the_intervention_is_offered_there_to_anybody(first_there, pool):
    county = county_of(district="south")
    add_family(county, 3, "south", offence="2009-05-05")  # it never qualifies, but it was offered the intervention
    if first_there:
        county.support(3, "mentors", first_there, None)
    assert pool_of(county) == pool


def test_another_intervention_does_not_reach_a_district_and_an_offer_says_more_than_a_district():
    county = county_of(district="south")
    add_family(county, 3, "south")
    county.support(3, "parenting", "2012-06-20", None)
    assert pool_of(county) == "other_district"
    assert pool_of(county_of(("parenting", "2012-09-01", None, None, None), district="south")) == "offered"
    assert pool_of(county_of(("parenting", "2012-09-01", None, None, NO), district="south")) == "refused"


def test_the_record_of_support_names_its_own_district_before_the_family_s_home():
    county = county_of(district="south")
    county.support(1, "mentors", "2012-05-01", None, district="south")
    assert pool_of(county) == "waiting"


@pytest.mark.parametrize(
    ("offence", "pool"),
    [
        ("2012-09-30", "waiting"),  # it qualified on the eve of the index month
        ("2012-10-01", "below_threshold"),  # on its first day: too late, but two criteria were met on the eve
        ("2013-05-05", "below_threshold"),  # that it qualifies later is not yet known
        ("2009-05-05", "below_threshold"),  # it never does
    ],
)
def test_below_the_threshold_is_who_met_a_criterion_and_had_not_qualified(offence, pool):
    assert pool_of(county_of(offence=offence)) == pool


@pytest.mark.parametrize(
    ("begins", "ends", "pool"),
    [
        ("2012-09-30", None, "below_threshold"),
        ("2012-10-01", None, None),
        ("2012-01-01", "2012-09-30", None),  # the first day on which it is met no longer
        ("2012-01-01", "2012-10-01", "below_threshold"),
    ],
)
def test_a_criterion_has_to_be_met_on_the_day_before_the_index_month(begins, ends, pool):
    county = county_of(offence="2009-05-05")
    county.tables["spell"] = [row for row in county.tables["spell"] if row[3] != 2]
    county.spell(20, "out_of_work_benefit", begins, ends, "JSA")
    assert pool_of(county) == pool


def test_who_never_qualified_has_no_months_since_and_says_so():
    frame = arms_of(county_of(offence="2013-05-05"), pools=list(POOLS)).frame.set_index("family_id")
    assert frame.loc[[1, 2], "months_since_qualified"].tolist() == [4, 0]
    assert frame.loc[[1, 2], "months_since_qualified_missing"].tolist() == [0, 1]
    assert frame.loc[[1, 2], "criteria_met"].tolist() == [3, 2]


def test_only_the_pools_that_are_named_are_compared_and_the_flow_says_who_was_left_out():
    county = county_of(("parenting", "2012-09-01", None, None, NO))
    add_family(county, 3)
    arms = arms_of(county, pools=["waiting"])
    assert arms.frame.loc[arms.frame["treated"] == 0, ["family_id", "pool"]].to_numpy().tolist() == [[3, "waiting"]]
    (step,) = (step for step in arms.flow.of_arm("comparison") if step.step == "in a group that is compared")
    assert (step.families, step.excluded) == (1, 1)
    assert POOLS["refused"].label in step.reason
    assert POOLS["waiting"].label not in step.reason


def test_the_default_is_everybody_at_risk_and_a_treated_family_is_in_no_pool():
    frame = arms_of(county_of(("parenting", "2012-09-01", None, None, NO))).frame
    assert frame[["family_id", "treated"]].to_numpy().tolist() == [[1, 1], [2, 0]]
    assert frame["pool"].fillna("none").tolist() == ["none", "refused"]
    assert "pool" not in arms_of(county_of()).covariates


def providers(arms: Arms) -> dict[int, str]:
    return arms.frame.set_index("family_id")["provider"].fillna("none").to_dict()


def test_the_provider_is_that_of_the_start_and_a_comparison_family_has_none():
    county = county_of(("mentors", "2012-08-01", None, None, NO))  # offered by "p", and refused
    county.support(1, "mentors", "2012-10-25", "2012-11-01", provider="the second")
    arms = arms_of(county)
    assert providers(arms) == {1: "p", 2: "none"}
    assert "provider" not in arms.covariates


def test_a_provider_that_is_not_recorded_is_missing():
    county = county_of()
    county.support(3, "mentors", "2012-09-20", "2012-10-20", provider=None)
    add_family(county, 3)
    assert providers(arms_of(county)) == {1: "p", 2: "none", 3: "none"}


# Support before -------------------------------------------------------------------------------------------------------

BEFORE = "parenting", "2012-01-10"
ALLOWED = {"prior_support": "allow"}


@pytest.mark.parametrize(
    ("ended", "design", "pool"),
    [
        ("2012-03-01", {}, None),  # any support before is a bar by default
        ("2012-03-01", ALLOWED, "waiting"),
        (None, ALLOWED, "waiting"),  # and still running
        ("2012-06-30", {**ALLOWED, "washout_months": 3}, "waiting"),  # the day before the three months
        ("2012-07-01", {**ALLOWED, "washout_months": 3}, None),  # their first day
        ("2012-10-05", {**ALLOWED, "washout_months": 3}, None),
        (None, {**ALLOWED, "washout_months": 3}, None),  # no end is recorded: it goes on
    ],
)
def test_support_before_bars_a_comparison_family_as_the_rule_says(ended, design, pool):
    assert pool_of(county_of((*BEFORE, "2012-02-01", ended, True)), **design) == pool


@pytest.mark.parametrize(
    ("ended", "design", "treated"),
    [
        ("2012-03-01", {}, False),
        ("2012-03-01", ALLOWED, True),
        ("2012-06-30", {**ALLOWED, "washout_months": 3}, True),
        ("2012-07-01", {**ALLOWED, "washout_months": 3}, False),
    ],
)
def test_support_before_bars_a_treated_family_as_the_rule_says(ended, design, treated):
    county = county_of((*BEFORE, "2012-02-01", ended, True), ("mentors", "2012-09-01", "2012-10-05", None, True))
    frame = arms_of(county, **design).frame
    assert (2 in frame.loc[frame["treated"] == 1, "family_id"].tolist()) is treated


def test_what_support_before_took_away_is_a_row_in_the_flow_of_each_arm():
    county = county_of((*BEFORE, "2012-02-01", None, True), ("mentors", "2012-09-01", "2012-10-05", None, True))
    add_family(county, 3)
    county.support(3, "parenting", "2012-01-10", "2012-02-01")
    for arm in ("treated", "comparison"):
        steps = arms_of(county, **ALLOWED, washout_months=3).flow.of_arm(arm)
        (step,) = (step for step in steps if step.step == "without support in the 3 months before")
        assert (step.excluded, step.reason) == (1, "had support too shortly before")
    (step,) = (step for step in arms_of(county).flow.of_arm("treated") if step.step == "as their first support")
    reason = "had other support before, or began it on the same day"
    assert (step.families, step.excluded, step.reason) == (1, 1, reason)


@pytest.mark.parametrize("rows", [("mentors", "parenting"), ("parenting", "mentors")])
@pytest.mark.parametrize(
    ("started", "treated"),
    [("2012-10-04", {"mentors": False, "parenting": True}), ("2012-10-05", {"mentors": False, "parenting": False})],
)
def test_of_two_interventions_begun_on_one_day_neither_is_the_first(rows, started, treated):
    """Family 2 begins mentoring on 5 October, and the parenting programme on that day or the day before."""
    days = {"mentors": "2012-10-05", "parenting": started}
    county = county_of(*((name, "2012-09-01", days[name], None, True) for name in rows))
    add_family(county, 3)
    county.support(3, "parenting", "2012-09-20", "2012-10-20")
    cohort = build_cohort(county, load_programme(OXFORDSHIRE))
    panel = build_panel(county, cohort, ["asb_incident"])
    for name, expected in treated.items():
        frame = panel.arms(name).frame
        assert (2 in frame.loc[frame["treated"] == 1, "family_id"].tolist()) is expected, name


@pytest.mark.parametrize(
    ("intervention", "started", "pool"),
    [
        ("mentors", "2012-02-01", None),  # it had this one: it cannot start it for the first time
        ("parenting", "2012-10-31", None),  # it starts another in the index month itself
        ("parenting", "2012-11-01", "offered"),
    ],
)
def test_who_had_it_or_starts_another_in_the_month_is_not_compared_either_way(intervention, started, pool):
    assert (
        pool_of(county_of((intervention, "2012-02-01", started, started, True)), unanswered_months=24, **ALLOWED)
        == pool
    )


# A start of its own ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("started", "counted"),
    [("2012-11-01", 1), ("2013-01-31", 3), ("2014-10-31", 24), ("2014-11-01", 25), (None, 25)],
)
def test_a_comparison_family_counts_until_the_month_of_its_own_start(started, counted):
    county = county_of(("parenting", "2012-09-01", started, None, True))
    arms = arms_of(county)
    matched = SimpleNamespace(frame=arms.frame.assign(weight=1.0, set_id=1))
    flow = arms.flow_to(matched)
    assert followed(flow) == [counted, 25 - counted, 0, 0]
    assert "Months of follow-up: " in flow.summary()


def followed(flow: Flow) -> list[int]:
    """Return the months of follow-up: observed, after a start of their own, beyond the records, left or not covered."""
    months = {part.state: part.count for part in flow.of_which if part.unit == "family-months"}
    assert list(months) == list(FOLLOW_UP)
    return list(months.values())


@pytest.mark.parametrize(
    ("until", "left", "started", "months"),
    [
        ("2013-01-01", None, None, [3, 0, 22, 0]),
        ("2013-01-01", "2012-12-31", None, [2, 0, 22, 1]),
        ("2013-01-01", None, "2012-12-05", [2, 23, 0, 0]),
        ("2015-04-01", "2013-06-01", "2014-04-05", [8, 7, 0, 10]),
    ],
)
def test_months_of_follow_up_that_there_are_not_are_not_observed(until, left, started, months):
    county = county_of(("parenting", "2012-09-01", started, None, True))
    county.tables["coverage"] = [(*row[:4], until) for row in county.tables["coverage"]]
    county.tables["family_home"][1] = (2, "north", None, FIRST_DAY, left)
    arms = arms_of(county)
    assert followed(arms.flow_to(SimpleNamespace(frame=arms.frame.assign(weight=1.0, set_id=1)))) == months


def test_a_month_that_an_extract_does_not_cover_is_not_observed():
    county = county_of()
    county.tables["coverage"].append(("police", "event", "asb_incident", FIRST_DAY, "2013-01-01"))
    arms = arms_of(county)
    assert followed(arms.flow_to(SimpleNamespace(frame=arms.frame))) == [3, 0, 0, 22]


def test_support_that_began_before_does_not_end_a_comparison_family_and_the_next_start_does():
    county = county_of((*BEFORE, "2012-02-01", None, True), ("parenting", "2013-01-05", "2013-03-05", None, True))
    cohort = build_cohort(county, load_programme(OXFORDSHIRE))
    panel = build_panel(county, cohort, ["asb_incident"])
    arms = panel.arms("mentors", **ALLOWED)
    matched = compared(arms.frame.assign(weight=1.0, set_id=1))
    frame = panel.event_time_frame(matched, "asb_incident")
    seen = frame[frame["family_id"] == 2].set_index("event_time")["asb_incident"]
    assert seen.loc[-24:4].notna().all()
    assert seen.loc[5:].isna().all()
    narrow = panel.event_time_frame(matched, "asb_incident", columns=["district"])
    others = [name for name in narrow if name in arms.covariates]
    assert others == ["district"], "where columns are named, no other covariate is laid out"
    pd.testing.assert_frame_equal(narrow, frame[narrow.columns])


# What cannot be asked -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"pools": ["wating"]}, r"no pool 'wating'\. Did you mean 'waiting'"),
        ({"pools": []}, "name at least one of"),
        ({"pools": "waiting"}, "in a list"),
        ({"pools": ["waiting", "waiting"]}, "'waiting' stands twice"),
        ({"prior_support": "exlude"}, "Did you mean 'exclude'"),
        ({"washout_months": 3}, "nothing to wash out"),
        ({"washout_months": -1, "prior_support": "allow"}, "washout_months must be a whole number of 0 or more"),
        ({"washout_months": "3", "prior_support": "allow"}, "washout_months must be a whole number"),
        ({"washout_months": 2.5, "prior_support": "allow"}, "washout_months must be a whole number"),
        ({"unanswered_months": 0}, "unanswered_months must be a whole number of 1 or more"),
        ({"unanswered_months": None}, "unanswered_months must be a whole number"),
        ({"unanswered_months": True}, "unanswered_months must be a whole number"),
        ({"pools": None}, "in a list"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(asked, told):
    with pytest.raises(ConfigError, match=told):
        PoolRule(**asked)


def test_families_below_the_threshold_are_refused_from_a_cohort_that_holds_only_those_that_qualified_later():
    county = county_of()
    panel = build_panel(county, build_cohort(county, load_programme(OXFORDSHIRE)), ["asb_incident"])
    with pytest.raises(InputError, match="below_threshold=True"):
        panel.arms("mentors", pools=["below_threshold"])


def test_the_pools_leave_the_cohort_as_it_was_and_no_small_count_in_words():
    county = county_of(offence="2009-05-05")
    cohort = build_cohort(county, load_programme(OXFORDSHIRE), below_threshold=True)
    before = cohort.families.copy(), cohort.support.copy()
    arms = build_panel(county, cohort, ["asb_incident"]).arms("mentors", pools=list(POOLS))
    pd.testing.assert_frame_equal(cohort.families, before[0])
    pd.testing.assert_frame_equal(cohort.support, before[1])
    assert "fewer than 10" in repr(arms)
    assert np.isnat(cohort.families.set_index("family_id").loc[2, "qualified_on"].to_datetime64())
    assert set(AT_RISK) < set(POOLS)


# Linked ---------------------------------------------------------------------------------------------------------------


def test_a_family_is_linked_from_its_first_record_of_another_kind_than_support():
    county = county_of()
    for family in (3, 4, 5):
        county.family(family, ["1975-05-05", "1999-04-10"])
        county.support(family, "parenting", "2012-05-01", "2012-06-01")
    county.attend(31, 10, 100, 0)  # known at the end of its term
    county.event(41, "police_callout", "2013-02-03")
    linked = build_cohort(county, load_programme(OXFORDSHIRE)).families.set_index("family_id")["linked_on"]
    assert linked.dt.strftime("%Y-%m-%d").fillna("never").tolist() == [
        "2011-01-01", "2011-01-01", "2012-12-20", "2013-02-03", "never",
    ]  # fmt: skip


@pytest.mark.parametrize(("first_record", "compared"), [("2012-09-30", True), ("2012-10-01", False), (None, False)])
def test_who_is_not_linked_before_the_index_month_is_not_compared_and_is_a_row_of_the_flow(
    tmp_path, first_record, compared
):
    """A programme that counts what cannot be told as met takes in a family of whom nobody knows anything."""
    text = project.locate(OXFORDSHIRE).read_text(encoding="utf-8")
    path = tmp_path / "generous.yaml"
    path.write_text(text.replace("count_as_not_met", "count_as_met"), encoding="utf-8")
    county = small_county([("police", "event", "asb_incident", "2009-04-01", "2015-04-01")])
    add_family(county, 1)
    county.support(1, "mentors", "2012-09-20", "2012-10-20")
    county.family(2, ["1975-05-05", "1999-04-10"])
    if first_record:
        county.event(21, "asb_incident", first_record)
    arms = build_panel(county, build_cohort(county, load_programme(path)), ["asb_incident"]).arms("mentors")
    assert (2 in arms.frame["family_id"].tolist()) is compared
    (step,) = (step for step in arms.flow.of_arm("comparison") if step.step == "linked to other records")
    assert (step.excluded, step.reason) == (int(not compared), "no record of them but the support team's own")
