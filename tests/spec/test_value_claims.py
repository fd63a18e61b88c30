"""Claims by hand: what is claimed when and for how much, never twice, what it rests on, what it comes to by year."""

import os
from datetime import date

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from tests.claim_rules import OWN, asked, assess, rules_of
from tests.cohort_county import SmallCounty, small_county
from tf_eval import project
from tf_eval.errors import ConfigError, DisclosureError, InputError, NotEstimated
from tf_eval.value import assess_claims, cash_flow, make_claims

MOTHER, SON, DAUGHTER = 10, 11, 12
FEW = {"type": "few_events", "kinds": ["fixed_exclusion"], "fewer_than": 3, "terms": 3}
ASB = {"type": "reduction", "kinds": ["asb_incident"], "by_at_least": 0.6, "months": 6, "against": "months_before"}
PROGRESS = {"type": "recent_spell", "kinds": ["work_programme"], "months": 6}
WORK = {
    "type": "employment",
    "continuous": [{"benefits": ["JSA"], "weeks": 13, "of_last": 13, "source": "the test", "sure": "from_memory"}],
}
CLAUSES = {"exclusions": FEW, "antisocial": ASB, "programme": PROGRESS, "employment": WORK}
ROUTES = {
    "crime": {"title": "Crime and education", "needs": ["exclusions", "antisocial"], **OWN},
    "progress": {"title": "Progress to work", "needs": ["programme"], "only_with": ["crime"], **OWN},
    "work": {"title": "Employment", "needs": ["employment"], "replaces": ["crime", "progress"], **OWN},
}
PAID = {"2012/13": (3200, 700, 100, 800), "2013/14": (2400, 1500, 100, 1600), "2014/15": (1600, 2300, 100, 2400)}
MONEY = [
    {"year": year, "attachment": fee, "results": {"crime": crime, "progress": progress, "work": work}, **OWN}
    for year, (fee, crime, progress, work) in PAID.items()
]
CRIME = {"crime": ROUTES["crime"]}
MONTHS = ("2013-01-31", "2013-02-28", "2013-03-31", "2013-04-30", "2013-05-31", "2013-06-30", "2013-07-31")


def phase_one(**changed):
    return rules_of(CLAUSES, routes=ROUTES, money=MONEY, **changed)


@pytest.fixture
def county() -> SmallCounty:
    """A family with three incidents in autumn 2012, and three exclusions of which the first is in the summer before."""
    county = small_county()
    county.family(1, ["1975-05-05", "1999-06-01", "2001-01-01"])
    for day in ("2012-10-20", "2012-11-01", "2012-11-02"):
        county.event(MOTHER, "asb_incident", day)
    for day in ("2012-07-02", "2012-10-01", "2013-01-10"):
        county.event(SON, "fixed_exclusion", day)
    return county


def claims_of(county, *dates, rules=None, earlier=None, **how):
    return make_claims(assess(county, rules or phase_one(), *dates, **how), earlier=earlier)


def rows_of(claims):
    table = claims.table().set_index("route")
    return {route: (str(row["claimed_on"].date()), row["status"], row["amount"]) for route, row in table.iterrows()}


# Routes ---------------------------------------------------------------------------------------------------------------


def test_a_route_is_met_where_every_clause_that_applies_is_met(county):
    routes = assess(county, phase_one(), *MONTHS).routes
    crime = routes[routes["route"] == "crime"].set_index("on")["state"]
    # Until 15 April three exclusions; incidents are gone by 60 % when all three are more than six months ago.
    assert list(crime) == ["not_met", "not_met", "not_met", "not_met", "met", "met", "met"]


def test_a_route_of_which_no_clause_applies_is_not_met():
    county = small_county()
    county.family(1, ["1975-05-05"])
    routes = assess(county, phase_one(), "2013-05-31").routes.set_index("route")
    assert routes.loc["crime", "state"] == "not_applicable"
    assert routes.loc["crime", "clauses"] == "exclusions: not_applicable; antisocial: not_applicable"
    assert claims_of(county, "2013-05-31").table().empty


@pytest.mark.parametrize(("said", "expected"), [("met", True), ("not_met", False), ("not_applicable", False)])
def test_what_is_neutral_counts_as_the_rules_say(said, expected):
    """The truant of Devon: he left school in June 2013, and nothing else applies."""
    county = small_county()
    county.family(1, ["1975-05-05", "1997-03-01"])
    for day in ("2013-01-10", "2013-02-01", "2013-03-03"):
        county.event(SON, "fixed_exclusion", day)
    rules = phase_one(when_neutral={"counts_as": said, **OWN})
    claims = claims_of(county, "2013-06-28", rules=rules, identified="2013-05-01")
    assert len(claims.register()) == expected
    if expected:
        row = claims.register().iloc[0]
        assert row["by_neutral"] and row["rests_on"] == "exclusions: neutral_by_exit; antisocial: not_applicable"
        assert "fewer than 10 rest on an element that is neutral" in claims.summary()


# Claims ---------------------------------------------------------------------------------------------------------------


def test_it_is_claimed_at_the_first_date_and_paid_at_the_year_of_being_identified(county):
    claims = claims_of(county, *MONTHS)
    assert rows_of(claims) == {"crime": ("2013-05-31", "claim", 700)}
    row = claims.register().iloc[0]
    assert (row["financial_year"], row["paid_at"], row["records"]) == ("2013/14", "2012/13", 5)
    at_claim = {"paid_at": {"year_of": "claim", **OWN}}
    assert rows_of(claims_of(county, *MONTHS, rules=phase_one(**at_claim))) == {"crime": ("2013-05-31", "claim", 1500)}


def test_the_first_result_pays_without_work_and_progress_adds_to_it(county):
    county.spell(MOTHER, "work_programme", "2013-01-02")
    claims = claims_of(county, *MONTHS)
    assert rows_of(claims) == {"crime": ("2013-05-31", "claim", 700), "progress": ("2013-05-31", "claim", 100)}


def test_progress_alone_is_no_claim(county):
    county.spell(MOTHER, "work_programme", "2013-01-02")
    claims = claims_of(county, *MONTHS[:4])
    assert rows_of(claims) == {"progress": ("2013-01-31", "lacks_other_route", 0)}
    assert claims.register().empty


def test_progress_that_is_over_when_the_result_it_needs_comes_is_no_claim(county):
    county.spell(MOTHER, "work_programme", "2012-09-15")
    rows = rows_of(claims_of(county, *MONTHS))
    assert rows == {"crime": ("2013-05-31", "claim", 700), "progress": ("2013-01-31", "lacks_other_route", 0)}


def test_employment_is_paid_in_place_of_both_others(county):
    county.spell(MOTHER, "work_programme", "2013-01-02")
    county.spell(MOTHER, "out_of_work_benefit", "2012-01-01", "2013-03-01", "JSA")
    county.spell(MOTHER, "employment", "2013-03-01")
    claims = claims_of(county, *MONTHS)
    # Thirteen weeks on 30 May, so that all three are met first on the same day but progress.
    assert rows_of(claims)["work"] == ("2013-05-31", "claim", 800)
    assert rows_of(claims)["crime"] == ("2013-05-31", "replaced", 0)
    assert rows_of(claims)["progress"][1:] == ("replaced", 0)
    assert claims.register()["amount"].sum() == 800


def test_a_family_that_was_claimed_is_not_claimed_again_for_employment(county):
    county.spell(MOTHER, "out_of_work_benefit", "2012-01-01", "2013-04-01", "JSA")
    county.spell(MOTHER, "employment", "2013-04-01")
    assert rows_of(claims_of(county, *MONTHS))["work"] == ("2013-06-30", "claimed_before", 0)


def test_no_family_of_an_earlier_register_is_claimed_twice(county):
    earlier = pd.DataFrame({"family_id": [1, 9], "rules": ["test", "test"], "route": ["work", "crime"]})
    claims = claims_of(county, *MONTHS, earlier=earlier)
    assert rows_of(claims) == {"crime": ("2013-05-31", "claimed_before", 0)}
    assert claims.table()["other_route"].item() == "work"


def test_a_claim_under_other_rules_is_told_to_the_auditor(county):
    earlier = pd.DataFrame({"family_id": [1], "rules": ["phase_nought"], "route": ["any"]})
    (row,) = claims_of(county, *MONTHS, earlier=earlier).register().to_dict("records")
    assert row["also_claimed_under"] == "phase_nought"


def test_its_own_register_is_an_earlier_register(county):
    claims = claims_of(county, *MONTHS)
    again = claims_of(county, *MONTHS, earlier=claims.register())
    assert again.register().empty and set(again.table()["status"]) == {"claimed_before"}


def test_claims_are_taken_in_their_windows_alone(county):
    windows = [{"from": "2013-07-01", "until": "2013-08-01"}, {"from": "2014-01-01", "until": "2014-02-01"}]
    claims = claims_of(county, *MONTHS, rules=phase_one(claim_windows=windows))
    assert rows_of(claims) == {"crime": ("2013-07-31", "claim", 700)}
    assert claims.left_out == 6
    assert "Dates on which no claims are taken were left out." in claims.summary()


def test_nothing_is_claimed_after_the_days_for_which_the_rules_hold(county):
    holds = {"from": "2012-04-01", "until": "2013-05-31"}
    claims = claims_of(county, *MONTHS, rules=phase_one(holds=holds))
    assert claims.table().empty and claims.left_out == 3


def test_a_claim_rests_on_its_clauses(county):
    evidence = claims_of(county, *MONTHS).evidence
    assert list(evidence["clause"]) == ["exclusions", "antisocial"]
    assert list(evidence["state"]) == ["met", "met"]
    assert list(evidence["before"]) == [1, 3] and list(evidence["after"]) == [2, 0]
    assert evidence["on"].unique() == [pd.Timestamp("2013-05-31")]


def test_the_register_names_no_records_and_no_people(county):
    columns = {*claims_of(county, *MONTHS).register(), *claims_of(county, *MONTHS).evidence}
    assert not columns & {"person_id", "record_id", "name", "forename", "surname", "birth_date"}


def many() -> SmallCounty:
    """Fifteen families with an incident on 1 June 2012 and none since."""
    county = small_county()
    for family in range(1, 16):
        county.family(family, ["1975-05-05"])
        county.event(family * 10, "asb_incident", "2012-06-01")
    return county


def all_of(*dates: str, identified: str = "2012-06-10") -> pd.DataFrame:
    return pd.concat([asked(*dates, identified=identified, family=family) for family in range(1, 16)])


@pytest.fixture(scope="module")
def fifteen():
    """Claims of fifteen families, all on 31 January 2013."""
    rules = rules_of({"antisocial": ASB}, routes={"crime": {**CRIME["crime"], "needs": ["antisocial"]}})
    return make_claims(assess_claims(many(), rules, all_of("2012-09-30", "2013-01-31"), clock="happened"))


def test_an_audit_sample_is_drawn_by_a_seed(fifteen):
    sample = fifteen.audit_sample(5, seed=1)
    assert len(sample) == 5 and sample["family_id"].is_monotonic_increasing
    pd.testing.assert_frame_equal(sample, fifteen.audit_sample(5, seed=1))
    assert set(fifteen.audit_sample(5, seed=2)["family_id"]) != set(sample["family_id"])
    pd.testing.assert_frame_equal(fifteen.audit_sample(50, seed=1), fifteen.register())


def test_a_sample_of_none_is_refused(fifteen):
    with pytest.raises(ConfigError, match="size must be a whole number of 1 or more"):
        fifteen.audit_sample(0, seed=1)


def test_the_words_tell_rounded_numbers_and_that_it_is_no_effect(fifteen):
    assert fifteen.summary() == (
        "Test, families that may be claimed: about 15 by crime and education. They come to about £10,000; fewer than "
        "10 rest on an element that is neutral. It says what may be claimed, not what support changed: families that "
        "get none pass such tests too."
    )
    assert "15" not in repr(fifteen).replace("about 15", "")


# The workbook ---------------------------------------------------------------------------------------------------------


def test_the_register_is_a_workbook_of_its_owners_alone(fifteen, tmp_path):
    path = fifteen.write_register(tmp_path / "claims.xlsx")
    book = load_workbook(path)
    assert book.sheetnames == ["claims", "not claimed", "rests on", "rules", "money"]
    assert book["claims"].max_row == 1 + 15
    assert oct(os.stat(path).st_mode & 0o777) == "0o600"
    read = pd.read_excel(path, sheet_name="claims", engine="openpyxl", keep_default_na=False)
    assert book["claims"]["A2"].value == "1"  # as text: Excel keeps no more than fifteen figures of a number
    pd.testing.assert_frame_equal(read.astype({"family_id": int}), fifteen.register(), check_dtype=False)


def test_a_register_that_was_written_is_an_earlier_register(fifteen, tmp_path):
    path = fifteen.write_register(tmp_path / "claims.xlsx")
    earlier = pd.read_excel(path, sheet_name="claims", engine="openpyxl", dtype={"family_id": str})
    rules = rules_of({"antisocial": ASB}, routes={"crime": {**CRIME["crime"], "needs": ["antisocial"]}})
    again = make_claims(assess_claims(many(), rules, all_of("2013-01-31")), earlier=earlier)
    assert again.register().empty and len(again.table()) == 15


def test_a_register_is_never_written_over(fifteen, tmp_path):
    fifteen.write_register(tmp_path / "claims.xlsx")
    with pytest.raises(InputError, match="not written over"):
        fifteen.write_register(tmp_path / "claims.xlsx")


@pytest.mark.parametrize(("name", "problem"), [("claims.csv", "ends in .xlsx"), ("no/claims.xlsx", "no folder 'no'")])
def test_a_register_has_a_name_and_a_folder(fifteen, tmp_path, name, problem):
    with pytest.raises(InputError, match=problem):
        fifteen.write_register(tmp_path / name)


def test_a_register_is_refused_below_the_folder_of_what_is_published(fifteen, tmp_path, monkeypatch):
    for folder in ("params", "notebooks", "output/site", "elsewhere/runs", "elsewhere/site", "data"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data" / "link").symlink_to(tmp_path / "output")
    for folder in ("output", "output/site", "elsewhere", "elsewhere/site", "data/link", "data/../output"):
        with pytest.raises(DisclosureError, match="a folder of what is published"):
            fifteen.write_register(f"{folder}/claims.xlsx")
    assert fifteen.write_register("data/claims.xlsx") == project.resolve("data/claims.xlsx")


# Cash flow ------------------------------------------------------------------------------------------------------------


def attachments(families, on="2012-06-10"):
    return pd.DataFrame({"family_id": list(families), "attached_on": on})


def test_fees_and_results_by_financial_year_for_five_of_six_families(fifteen):
    """Fifteen fees of 3,200 in 2012/13, and fifteen results of 700 there: five of six are paid for."""
    years = cash_flow(fifteen, attachments(range(1, 16))).table().set_index("financial_year")
    assert list(years.index) == ["2012/13", "2013/14", "2014/15"]
    first = years.loc["2012/13"]
    assert (first["attached"], first["claimed"]) == (15, 15)
    assert first["attachment_fees"] == pytest.approx(15 * 3200 * 5 / 6)
    assert first["results"] == pytest.approx(15 * 700 * 5 / 6)
    assert first["total"] == first["attachment_fees"] + first["results"]
    assert years["forecast"].sum() == 0 and years.loc["2013/14", "total"] == 0


def test_families_not_claimed_yet_are_forecast_at_the_pace_of_the_others(fifteen):
    """All fifteen were claimed in the seventh month; so will be the six of a later month, in the seventh after it."""
    later = pd.concat([attachments(range(1, 16)), attachments(range(16, 22), "2012-11-10")])
    flow = cash_flow(fifteen, later)
    years = flow.table().set_index("financial_year")
    assert flow.pace.hazard[7] == 1 and flow.pace.hazard[:7].sum() == 0
    assert years.loc["2013/14", "forecast"] == pytest.approx(6 * 700 * 5 / 6)  # in June 2013
    assert years.loc["2013/14", "total_with_forecast"] == pytest.approx(6 * 700 * 5 / 6)
    assert years.loc["2012/13", "forecast"] == 0


def test_a_year_that_rests_on_few_families_is_not_told_in_words(fifteen):
    later = pd.concat([attachments(range(1, 16)), attachments(range(16, 22), "2013-11-10")])
    said = cash_flow(fifteen, later).summary()
    assert "2012/13: about £" in said and "2013/14: a sum not told" in said and "2014/15: nothing" in said
    assert said.endswith("Money paid for results is no measure of what changed.")


def test_without_any_claim_nothing_is_forecast(county):
    flow = cash_flow(claims_of(county, "2013-01-31"), attachments([1]))
    assert isinstance(flow.pace, NotEstimated)
    assert flow.table()["forecast"].isna().all()
    assert flow.table()["total"].sum() == pytest.approx(3200 * 5 / 6)
    assert "not forecast: none of the families attached has been claimed yet" in flow.summary()


def test_a_family_is_attached_once(fifteen):
    with pytest.raises(InputError, match="a family stands twice"):
        cash_flow(fifteen, attachments([1, 1]))


# What is asked --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("families", "problem"),
    [
        ([1], "pass a frame"),
        (asked("2013-01-31").rename(columns={"identified_on": "identified"}), "Did you mean 'identified'"),
        (asked("2013-01-31", "2013-01-31"), "1 rows stand twice"),
        (asked("2012-01-31"), "before identified_on"),
        (asked("2013-01-31", family=99), "1 of the numbers in family_id are of no family"),
        (asked("2013-01-31").assign(on="31/01/2013"), "write them as 2012-06-01"),
        (asked("2013-01-31").assign(on=None), "a day is missing|not all of them are days"),
        (asked("2013-01-31").assign(on=5), "pass days, not numbers"),
        (asked("2013-01-31").assign(family_id=1.5), "whole ones"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_sentence(county, families, problem):
    with pytest.raises(InputError, match=problem):
        assess_claims(county, phase_one(), families)


def test_days_may_be_dates_or_text(county):
    families = pd.DataFrame({"family_id": [1], "identified_on": ["2012-09-30"], "on": [date(2013, 5, 31)]})
    before = families.copy()
    routes = assess_claims(county, phase_one(), families).routes.set_index("route")
    assert routes.loc["crime", "state"] == "met"
    pd.testing.assert_frame_equal(families, before)


def test_the_same_family_may_be_asked_about_from_several_days_but_not_claimed(county):
    """As a comparison family may be, that is set beside several."""
    families = pd.concat([asked("2013-05-31"), asked("2013-05-31", identified="2012-12-01")])
    assessment = assess_claims(county, phase_one(), families)
    assert len(assessment.routes) == 6
    with pytest.raises(InputError, match="1 families have several days in identified_on"):
        make_claims(assessment)


def test_an_assessment_of_nobody_is_one(county):
    assessment = assess_claims(county, phase_one(), asked())
    assert assessment.clauses.empty and make_claims(assessment).register().empty
    assert "fewer than 10 families" in assessment.summary()


def test_counts_by_state_add_up(county):
    counts = assess(county, phase_one(), *MONTHS).counts().set_index(["what", "name"])
    assert (counts.sum(axis=1) == len(MONTHS)).all()
    assert counts.loc[("route", "crime"), "met"] == 3


def test_an_earlier_register_with_a_slip_is_refused(county):
    earlier = pd.DataFrame({"family_id": [1], "rules": ["test"], "route": ["crimes"]})
    with pytest.raises(InputError, match="Did you mean 'crime'"):
        claims_of(county, *MONTHS, earlier=earlier)
    with pytest.raises(InputError, match="no column 'rules'"):
        claims_of(county, *MONTHS, earlier=earlier.drop(columns="rules"))


def test_results_are_plain_and_of_nobody(fifteen, county):
    told = fifteen.to_dict()
    assert told["counts"] == [{"route": "crime", "status": "claim", "families": 15, "amount": 15 * 700.0}]
    assert "family_id" not in str(told) and "family_id" not in str(assess(county, phase_one(), *MONTHS).to_dict())
    assert np.isclose(cash_flow(fifteen, attachments(range(1, 16))).to_dict()["years"][0]["results"], 8750)
