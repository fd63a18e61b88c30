"""What is known of a family before its index month: each covariate, on records just before and on its first day."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.cohort_county import FIRST_DAY, LAST_DAY, SmallCounty, small_county
from tf_eval.cohort import Outcome, build_cohort, build_panel, load_outcomes, load_programme

# Everybody's index month is October 2012; what is dated on its first day comes too late.
PROGRAMME = "params/programmes/oxfordshire_2012.yaml"


def a_county(
    parents: int = 1, children: tuple[str | None, ...] = ("1999-04-10",), started: str = "2012-10-31"
) -> SmallCounty:
    county = small_county()
    county.family(1, ["1975-05-05"] * parents + list(children))
    county.event(10 + parents, "proven_offence", "2012-06-01")
    county.spell(10, "out_of_work_benefit", "2011-01-01", None, "JSA")
    county.spell(10 + parents, "off_roll", "2011-01-01")
    county.support(1, "mentors", "2012-09-20", started)
    return county


def arms_of(county: SmallCounty, *outcomes: str | Outcome):
    return build_panel(county, build_cohort(county, load_programme(PROGRAMME)), outcomes or ["asb_incident"]).arms(
        "mentors"
    )


def row_of(county: SmallCounty, *outcomes: str | Outcome) -> pd.Series:
    return arms_of(county, *outcomes).frame.iloc[0]


def test_a_trend_is_the_last_three_months_less_the_nine_before():
    county = a_county()
    for on in ("2012-07-01", "2012-09-30", "2012-09-30", "2011-10-01", "2012-06-30"):
        county.event(11, "asb_incident", on)
    for on in ("2011-09-30", "2012-10-01"):  # before the twelve months, and on the index month's first day
        county.event(11, "asb_incident", on)
    row = row_of(county)
    assert row["asb_incident_trend"] == pytest.approx(3 / 3 - 2 / 9)
    assert row["asb_incident_12m"] == pytest.approx(5 / 12)


def test_a_trend_that_cannot_be_told_is_marked():
    row = row_of(a_county(), "unauthorised_absence")
    assert (row["unauthorised_absence_trend"], row["unauthorised_absence_trend_missing"]) == (0, 1)


def test_a_filled_covariate_and_its_root_name_the_column_that_says_where():
    county = a_county(children=("2010-04-10",))  # too young for school
    county.event(10, "asb_incident", "2012-06-01")
    county.spell(11, "child_protection_plan", "2012-01-01")
    arms = arms_of(county, "asb_incident", "exclusion")
    assert (arms.frame["exclusion_12m"].item(), arms.frame["exclusion_12m_missing"].item()) == (0, 1)
    assert arms.companions["exclusion_12m_root"] == arms.companions["exclusion_12m"] == "exclusion_12m_missing"
    assert "asb_incident_12m" not in arms.companions


@pytest.mark.parametrize(("started", "share"), [("2012-12-20", None), ("2013-01-04", 0.2)])
def test_a_term_that_had_not_ended_before_the_index_month_tells_nothing(started, share):
    county = a_county(started=started)
    county.attend(11, 10, 100, 20)  # from 3 September to 20 December 2012
    row = row_of(county, "unauthorised_absence")
    assert row["unauthorised_absence_6m"] == (share or 0)
    assert row.get("unauthorised_absence_6m_missing", 0) == (share is None)


def test_months_that_were_not_finished_are_no_zeros_in_a_mean():
    county = a_county()
    county.tables["coverage"] = [
        ("agency", table, None, FIRST_DAY, "2012-11-01") for table in ("event", "spell", "attendance")
    ]
    county.event(11, "proven_offence", "2012-04-30")
    row = row_of(county, "proven_offence")
    # From October 2011 to April 2012 all is in: seven months with one offence. June's is not counted yet.
    assert row["proven_offence_12m"] == pytest.approx(1 / 7)
    assert (row["proven_offence_3m"], row["proven_offence_3m_missing"]) == (0, 1)
    assert row["proven_offence_12m_root"] == pytest.approx(np.sqrt(1 / 7))


def test_exposure_is_a_covariate_where_an_outcome_can_be_out_of_reach():
    county = a_county()
    county.spell(11, "custody", "2012-09-16", "2012-10-20")
    row = row_of(county, "proven_offence", "asb_incident")
    assert row["proven_offence_exposure_12m"] == pytest.approx((11 + 0.5) / 12)
    assert "asb_incident_exposure_12m" not in row


@pytest.mark.parametrize(("since", "share"), [(None, None), ("2012-10-01", 0), ("2012-07-01", 2.5 / 3)])
def test_an_exposure_that_is_not_known_is_no_covariate_and_one_known_for_a_time_is_its_mean(since, share):
    county = a_county()
    county.spell(11, "custody", "2012-09-16", "2012-10-20")
    kinds = ("out_of_work_benefit", "off_roll", "custody") if since else ("out_of_work_benefit", "off_roll")
    starts = [since if kind == "custody" else FIRST_DAY for kind in kinds]
    spells = [("agency", "spell", kind, start, LAST_DAY) for kind, start in zip(kinds, starts, strict=True)]
    county.tables["coverage"] = [("agency", "event", None, FIRST_DAY, LAST_DAY), *spells]
    row = row_of(county, "proven_offence")
    assert row.get("proven_offence_exposure_12m") == (share if share is None else pytest.approx(share))
    assert row.get("proven_offence_exposure_12m_missing") == (1 if share == 0 else None)


def test_a_month_in_custody_does_not_shut_a_family_out():
    county = a_county()
    county.spell(11, "custody", "2012-07-01", "2012-08-01")
    county.event(11, "proven_offence", "2012-08-01")
    row = row_of(county, "proven_offence")
    assert row["proven_offence_3m"] == pytest.approx(1 / 2), "of two months"


@pytest.mark.parametrize(
    ("births", "children", "under_5", "youngest"),
    [
        (("1999-04-10",), 1, 0, 13),
        (("1999-04-10", "2007-09-01"), 2, 0, 5),  # five on the first of September
        (("1999-04-10", "2007-09-02"), 2, 1, 4),
        (("1999-04-10", "2012-09-01"), 2, 1, 0),
        (("1999-04-10", "2012-10-01"), 1, 0, 13),
    ],
)
def test_the_household_is_that_of_the_month_before(births, children, under_5, youngest):
    row = row_of(a_county(children=births))
    named = ["children", "children_under_5", "youngest_child_age", "adults", "lone_adult"]
    assert row[named].tolist() == [children, under_5, youngest, 1, 1]


def test_two_adults_are_not_alone_and_a_family_whose_children_have_grown_up_has_no_youngest():
    assert row_of(a_county(parents=2))["lone_adult"] == 0
    row = row_of(a_county(children=("1994-08-20",)), "asb_incident")  # 18 in August, between the offence and the start
    assert row[["children", "adults", "youngest_child_age", "youngest_child_age_missing"]].tolist() == [0, 2, 0, 1]


@pytest.mark.parametrize(("moved", "decile", "district"), [("2012-09-30", 9, "south"), ("2012-10-01", 2, "north")])
def test_the_home_is_that_of_the_last_day_before(moved, decile, district):
    county = a_county()
    county.tables["family_home"] = [(1, "north", 2, FIRST_DAY, moved), (1, "south", 9, moved, None)]
    assert row_of(county)[["deprivation_decile", "district"]].tolist() == [decile, district]


def test_a_home_of_unknown_deprivation_is_marked():
    row = row_of(a_county())
    assert row[["deprivation_decile", "deprivation_decile_missing"]].tolist() == [0, 1]


def test_each_criterion_is_that_of_the_day_before():
    county = a_county()
    others = [row for row in county.tables["spell"] if row[4] != "out_of_work_benefit"]
    county.tables["spell"] = list(others)
    county.spell(10, "out_of_work_benefit", "2011-01-01", "2012-10-01", "JSA")
    names = [criterion.name for criterion in load_programme(PROGRAMME).criteria]
    row = row_of(county)
    assert row["criteria_met"] == sum(row[f"criterion_{name}"] for name in names) == 3
    assert row["criterion_work"] == 1, "it ends with the last day before"
    county.tables["spell"] = others
    county.spell(10, "out_of_work_benefit", "2011-01-01", "2012-09-30", "JSA")
    row = row_of(county)
    assert (row["criterion_work"], row["criterion_crime"], row["criteria_met"]) == (0, 1, 2)


def test_money_before_the_index_month_is_in_pounds_a_month():
    callouts = load_outcomes()["police_callout"]
    prices = {"prices": {kind: 30.0 for kind in callouts.kinds}, "price_year": "2012/13", "price_source": "a test"}
    priced = replace(callouts, kind="money", **prices)
    county = a_county()
    county.event(11, "police_callout", "2012-09-30")
    row = row_of(county, priced)
    assert row[["police_callout_3m", "police_callout_3m_root"]].tolist() == pytest.approx([10, np.sqrt(10)])


def test_the_catalogue_names_every_covariate_with_its_time_and_its_records():
    arms = arms_of(a_county(), "asb_incident", "proven_offence", "unauthorised_absence")
    listed = arms.covariates_table().set_index("name")
    assert listed.index.tolist() == arms.covariates
    assert listed.index.is_unique and listed["label"].is_unique
    assert listed.loc["asb_incident_trend"].tolist() == [
        "ASB incidents a month, last 3 months less the 9 before",
        "last 3 months less the 9 before",
        "event: asb_incident",
    ]
    assert listed.loc["proven_offence_exposure_12m", "source"] == "spell: custody"
    assert listed.loc["criterion_crime", "source"] == "the programme's criterion 'crime'"
    assert listed["label"].to_dict() == dict(arms.labels)
    copy = arms.covariates_table()
    copy["label"] = "changed"
    assert arms.covariates_table()["label"].ne("changed").all()
