"""What a panel says of a family and a month: whom it counts, what is missing and not zero, and what is shared out."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.cohort_county import FIRST_DAY, LAST_DAY, SmallCounty, small_county
from tests.cohort_panel import ABSENCE, BENEFITS, CALLOUTS, OFFENCES, Amended, panel_of
from tf_eval.cohort import Outcome
from tf_eval.errors import InputError

CHILD, PARENT = "1999-04-10", "1975-05-05"
NOT_SEEN = pytest.approx(np.nan, nan_ok=True)


def months(county, outcome: Outcome, first: str, last: str) -> list[float]:
    return panel_of(county, outcome).matrix(outcome.name).loc[1, first:last].tolist()


def county_of(*births: str | None, coverage=None) -> SmallCounty:
    county = small_county(coverage)
    county.family(1, births)
    return county


# Ages -----------------------------------------------------------------------------------------------------------------


def test_an_event_counts_by_the_age_on_its_day():
    county = county_of("1994-06-15")
    county.event(10, "proven_offence", "2012-06-14")  # the last day at 17
    county.event(10, "proven_offence", "2012-07-15")  # at 18
    assert months(county, replace(OFFENCES, under_age=18), "2012-06", "2012-07") == [1, NOT_SEEN]
    assert months(county, replace(OFFENCES, from_age=18), "2012-05", "2012-07") == [NOT_SEEN, 0, 1]
    county.event(10, "proven_offence", "2012-06-15")  # the birthday: 18
    assert months(county, replace(OFFENCES, from_age=18), "2012-06", "2012-07") == [1, 1]


@pytest.mark.parametrize(("birth", "june"), [("1994-06-01", 1), ("1994-06-02", NOT_SEEN), ("1994-07-01", NOT_SEEN)])
def test_a_state_counts_from_the_first_month_at_whose_beginning_the_person_is_of_age(birth, june):
    county = county_of(birth)
    county.spell(10, "out_of_work_benefit", "2012-01-01")
    assert months(county, replace(BENEFITS, from_age=18), "2012-05", "2012-07") == [NOT_SEEN, june, 1]
    county.family(2, [PARENT])
    joins = "INSERT INTO family_member VALUES (1, 20, NULL, NULL)"
    seen = months(Amended(county, (joins,)), replace(BENEFITS, from_age=18), "2012-05", "2012-07")
    assert seen == [0, june if june == 1 else 0, 1], "with another adult, who is on no benefit"


def test_a_state_under_an_age_ends_with_the_last_month_that_began_under_it():
    county = county_of("1994-06-15")
    county.spell(10, "looked_after", "2012-01-01")
    in_care = replace(BENEFITS, kinds=("looked_after",), under_age=18)
    assert months(county, in_care, "2012-05", "2012-07") == [1, 1, NOT_SEEN]


def test_who_is_of_unknown_age_counts_only_where_no_age_is_asked_for():
    county = county_of(None)
    county.event(10, "proven_offence", "2012-06-14")
    county.spell(10, "out_of_work_benefit", "2012-06-01")
    assert months(county, OFFENCES, "2012-06", "2012-06") == [1]
    assert months(county, BENEFITS, "2012-06", "2012-06") == [1]
    for limit in ({"from_age": 18}, {"under_age": 99}):
        assert months(county, replace(OFFENCES, **limit), "2012-06", "2012-06") == [NOT_SEEN]
        assert months(county, replace(BENEFITS, **limit), "2012-06", "2012-06") == [NOT_SEEN]


def test_an_unborn_child_may_be_on_a_plan():
    county = county_of("2012-08-10")
    county.spell(10, "child_protection_plan", "2012-06-10")
    assert months(county, replace(BENEFITS, kinds=("child_protection_plan",)), "2012-05", "2012-06") == [0, 1]


# Which records --------------------------------------------------------------------------------------------------------


def test_only_the_benefits_and_agencies_that_are_named_count():
    county = county_of(PARENT)
    county.spell(10, "out_of_work_benefit", "2012-01-01", "2012-03-31", "JSA")
    county.spell(10, "out_of_work_benefit", "2012-03-31", None, "ESA")
    # On the last day of March the one has ended and the other begun.
    assert months(county, replace(BENEFITS, details=("JSA",)), "2012-02", "2012-04") == [1, 0, 0]
    assert months(county, replace(BENEFITS, details=("JSA", "ESA")), "2012-02", "2012-04") == [1, 1, 1]
    county.tables["coverage"] += [("another", table, None, FIRST_DAY, LAST_DAY) for table in ("event", "spell")]
    assert months(county, replace(BENEFITS, agencies=("agency",)), "2012-02", "2012-04") == [1, 1, 1]
    assert months(county, replace(BENEFITS, agencies=("another",)), "2012-02", "2012-04") == [0, 0, 0]
    county.event(10, "proven_offence", "2012-02-01")
    assert months(county, replace(OFFENCES, agencies=("another",)), "2012-02", "2012-02") == [0]


YOS = ("yos", "event", "proven_offence", FIRST_DAY, LAST_DAY)


def test_an_agency_that_sends_no_such_records_is_refused_and_no_series_of_zeros():
    coverage = [YOS, ("police", "event", "asb_incident", FIRST_DAY, LAST_DAY)]
    county = county_of(PARENT, CHILD, coverage=coverage)
    county.event(11, "proven_offence", "2012-06-01", agency="yos")
    with pytest.raises(InputError, match=r"'yso' sends no records .*proven_offence.*Did you mean 'yos'"):
        panel_of(county, replace(OFFENCES, agencies=("yso",)))
    with pytest.raises(InputError, match=r"'police' sends no records of 'offences' \(proven_offence\). Known: yos"):
        panel_of(county, replace(OFFENCES, agencies=("yos", "police")))
    assert months(county, replace(OFFENCES, agencies=("yos",)), "2012-05", "2012-06") == [0, 1]


def test_each_agency_that_is_named_answers_only_for_what_it_sends():
    coverage = [YOS, ("police", "event", "asb_incident", "2012-01-01", "2013-01-01")]
    both = replace(OFFENCES, kinds=("proven_offence", "asb_incident"), agencies=("yos", "police"))
    seen = panel_of(county_of(PARENT, coverage=coverage), both).matrix("offences").loc[1].dropna()
    assert [str(day)[:7] for day in seen.index[[0, -1]]] == ["2012-01", "2012-12"]


def test_what_agencies_cover_whose_records_are_not_taken_says_nothing():
    coverage = [YOS, ("police", "event", "proven_offence", "2012-01-01", "2012-10-01")]
    county = county_of(PARENT, coverage=coverage)
    assert panel_of(county, OFFENCES).matrix("offences").loc[1].notna().sum() == 9
    of_yos = replace(OFFENCES, agencies=("yos",), lag_months=6)
    assert panel_of(county, of_yos).matrix("offences").loc[1].notna().sum() == 72 - 6


def test_a_kind_that_nobody_sends_is_refused_and_one_sent_for_a_time_is_missing_in_the_rest():
    both = replace(OFFENCES, kinds=("proven_offence", "asbo", "asb_contract"))
    with pytest.raises(InputError, match=r"no extract covers asbo and asb_contract of 'offences'.*leave them out of"):
        panel_of(county_of(PARENT, coverage=[YOS]), both)
    others = [("police", "event", kind, "2012-01-01", "2013-01-01") for kind in both.kinds[1:]]
    seen = panel_of(county_of(PARENT, coverage=[YOS, *others]), both).matrix("offences").loc[1].dropna()
    assert [str(day)[:7] for day in seen.index[[0, -1]]] == ["2012-01", "2012-12"]


# Money ----------------------------------------------------------------------------------------------------------------


def test_money_is_what_the_events_of_the_month_cost_in_pounds():
    county = county_of(PARENT)
    for kind, on in (
        ("police_callout", "2012-05-31"),
        ("police_callout", "2012-06-01"),
        ("domestic_abuse_callout", "2012-06-30"),
    ):
        county.event(10, kind, on)
    kinds = ("police_callout", "domestic_abuse_callout")
    priced = replace(CALLOUTS, kinds=kinds, prices={"police_callout": 35.5, "domestic_abuse_callout": 100})
    assert months(county, priced, "2012-04", "2012-07") == [0, 35.5, 135.5, 0]


def test_money_may_be_recorded_and_a_month_with_an_unknown_amount_is_missing():
    county = county_of(PARENT)
    for on in ("2012-05-31", "2012-06-01", "2012-06-02", "2012-07-01", "2012-07-02"):
        county.event(10, "police_callout", on)
    amended = Amended(county, ("UPDATE event SET value = event_id * 10.1 WHERE event_id < 5",))
    recorded = replace(CALLOUTS, price="recorded", prices={})
    assert months(amended, recorded, "2012-05", "2012-08") == pytest.approx([10.1, 50.5, np.nan, 0], nan_ok=True)


# Extracts that end ----------------------------------------------------------------------------------------------------


def ending(day: str) -> list[tuple]:
    return [("agency", table, None, FIRST_DAY, day) for table in ("event", "spell", "attendance")]


@pytest.mark.parametrize(
    ("end", "seen"), [("2015-04-01", [1, 1, 1]), ("2015-03-31", [1, 1, 0]), ("2015-03-16", [1, 1, 0])]
)
def test_a_month_in_which_an_extract_ends_is_missing(end, seen):
    county = county_of(PARENT, coverage=ending(end))
    county.event(10, "proven_offence", "2015-03-10")
    for outcome in (OFFENCES, BENEFITS):
        found = months(county, outcome, "2015-01", "2015-03")
        assert np.isfinite(found).tolist() == [bool(month) for month in seen]


@pytest.mark.parametrize(
    ("end", "last"), [("2015-04-01", "2014-09"), ("2015-03-31", "2014-08"), ("2015-03-01", "2014-08")]
)
def test_months_whose_lag_was_not_over_when_the_extract_ended_are_missing(end, last):
    county = county_of(PARENT, coverage=ending(end))
    county.event(10, "proven_offence", "2014-11-11")
    matrix = panel_of(county, replace(OFFENCES, lag_months=6)).matrix("offences").loc[1]
    assert str(matrix.last_valid_index())[:7] == last
    assert matrix.dropna().eq(0).all(), "what was recorded early in an unfinished month is not shown"


def recorded_late(county: SmallCounty, *days: str, agency: str = "agency") -> None:
    for recorded in days:
        county.event(10, "proven_offence", "2015-03-10", recorded, agency=agency)


@pytest.mark.parametrize(
    ("late", "last"),
    [
        (["2015-07-15"] * 10, "2014-12"),  # all of January has to be six months old
        (["2015-07-31"] * 10, "2014-12"),
        (["2015-08-01"] * 10, "2015-01"),
        (["2015-07-31"] * 9 + ["2015-08-01"], "2014-12"),
        (["2015-09-30"] * 9 + ["2015-08-01"], "2015-01"),  # nine dates may be mistyped
        (["2015-09-30"] * 9, "2014-09"),
        (["2016-09-30"] * 10, "2015-03"),  # beyond what is covered nothing is known
    ],
)
def test_an_extract_was_drawn_when_its_late_records_were_made(late, last):
    county = county_of(PARENT)
    recorded_late(county, *late)
    matrix = panel_of(county, replace(OFFENCES, lag_months=6)).matrix("offences").loc[1]
    assert str(matrix.last_valid_index())[:7] == last


def test_the_agency_whose_extract_was_drawn_first_decides_when_the_lag_is_over():
    coverage = [(agency, "event", "proven_offence", FIRST_DAY, LAST_DAY) for agency in ("a", "b")]
    county = county_of(PARENT, coverage=coverage)
    recorded_late(county, *["2015-10-01"] * 10, agency="a")
    recorded_late(county, *["2015-08-01"] * 10, agency="b")
    for agencies, last in ((("a",), "2015-03"), ((), "2015-01")):
        outcome = replace(OFFENCES, lag_months=6, agencies=agencies)
        assert str(panel_of(county, outcome).matrix("offences").loc[1].last_valid_index())[:7] == last


def test_the_agency_that_ends_first_decides_when_the_lag_is_over():
    coverage = [
        ("a", "event", None, FIRST_DAY, "2015-04-01"),
        ("b", "event", "proven_offence", FIRST_DAY, "2015-02-01"),
    ]
    county = county_of(PARENT, coverage=coverage)
    found = panel_of(county, replace(OFFENCES, lag_months=1)).matrix("offences").loc[1]
    assert str(found.last_valid_index())[:7] == "2014-12"


def test_a_term_whose_lag_was_not_over_is_missing():
    county = county_of(PARENT, CHILD, coverage=[("school", "attendance", None, FIRST_DAY, LAST_DAY)])
    for term_no in (16, 17):  # from September to 20 December 2014, and from 5 January to 28 March 2015
        county.attend(11, term_no, 100, 10)
    late = panel_of(county, replace(ABSENCE, lag_months=3)).matrix("absence").loc[1]
    assert late["2014-12-01"] == pytest.approx(0.1)
    assert late["2015-01-01":].isna().all()
    later = panel_of(county, replace(ABSENCE, lag_months=4)).matrix("absence").loc[1]
    assert later["2014-09-01":].isna().all()
    for _ in range(10):
        county.attend(11, 1, 100, 10, "2015-07-29")
    drawn = panel_of(county, replace(ABSENCE, lag_months=4)).matrix("absence").loc[1]
    assert drawn["2015-03-01"] == pytest.approx(0.1)


# Exposure -------------------------------------------------------------------------------------------------------------

EXPOSED = replace(OFFENCES, under_age=18, unexposed_in=("custody", "looked_after"))


def exposure(county, outcome: Outcome = EXPOSED, month: str = "2012-06-01") -> tuple[float, float]:
    """Return the exposure of family 1 in a month, and the outcome."""
    panel = panel_of(county, outcome)
    return panel.exposure(outcome.name).loc[1, month], panel.matrix(outcome.name).loc[1, month]


def test_a_month_that_all_children_spend_in_custody_is_missing():
    county = county_of(PARENT, CHILD)
    county.spell(11, "custody", "2012-06-01", "2012-07-01")
    county.event(11, "proven_offence", "2012-06-10")
    assert exposure(county) == pytest.approx((0, np.nan), nan_ok=True)
    assert exposure(county, month="2012-05-01") == (1, 0)
    assert exposure(county, month="2012-07-01") == (1, 0)


@pytest.mark.parametrize(("start", "end"), [("2012-06-02", "2012-07-01"), ("2012-06-01", "2012-06-30")])
def test_a_day_outside_is_exposure(start, end):
    county = county_of(PARENT, CHILD)
    county.spell(11, "custody", start, end)
    county.event(11, "proven_offence", "2012-06-01")
    assert exposure(county) == pytest.approx((1 / 30, 1)), "a count stays a count"


def test_exposure_is_the_share_of_the_days_of_all_who_are_of_the_ages():
    county = county_of(PARENT, CHILD, "2001-11-30")
    county.spell(11, "custody", "2012-06-16", None)
    assert exposure(county) == pytest.approx((0.75, 0))
    everybody = replace(EXPOSED, under_age=None)
    assert exposure(county, everybody) == pytest.approx((1 - 15 / 90, 0))


def test_a_day_in_two_spells_is_lost_once():
    county = county_of(PARENT, CHILD, "2001-11-30")
    county.spell(11, "custody", "2012-06-01", "2012-06-21")
    county.spell(11, "looked_after", "2012-06-11", "2012-07-01")
    county.spell(11, "looked_after", "2012-06-12", "2012-06-13")
    assert exposure(county) == pytest.approx((0.5, 0))


def test_an_adult_in_custody_takes_no_exposure_from_what_children_do():
    county = county_of(PARENT, CHILD)
    county.spell(10, "custody", "2012-01-01")
    assert exposure(county) == (1, 0)


def test_a_family_whose_last_child_has_come_of_age_is_exposed_no_longer():
    county = county_of(PARENT, "1993-04-10")  # 18 on 10 April 2011, and so in all months from May on
    for outcome in (EXPOSED, replace(EXPOSED, unexposed_in=())):
        panel = panel_of(county, outcome)
        last = panel.matrix("offences").loc[1].last_valid_index()
        assert str(last)[:7] == "2011-04"
        assert panel.exposure("offences").loc[1, "2011-04":"2011-05"].tolist() == [1, 0]
    assert panel_of(county, OFFENCES).matrix("offences").notna().all(axis=None), "no age is asked for"


def test_a_family_is_exposed_from_the_first_month_that_begins_after_a_birth():
    county = county_of(PARENT, "2012-06-02")
    assert exposure(county, month="2012-06-01") == (0, NOT_SEEN)
    assert exposure(county, month="2012-07-01") == (1, 0)


def test_who_comes_of_age_in_custody_has_nothing_more_to_lose():
    county = county_of(PARENT, "1994-06-15")
    county.spell(11, "custody", "2012-01-01")
    assert exposure(county) == pytest.approx((0, np.nan), nan_ok=True), "17 when June began"
    assert exposure(county, month="2012-07-01") == (0, NOT_SEEN), "nobody is of the ages"
    county.family(2, [CHILD])
    joins = "INSERT INTO family_member VALUES (1, 20, DATE '2012-07-16', NULL)"
    assert exposure(Amended(county, (joins,)), month="2012-07-01") == (1, 0)


def test_only_days_in_the_family_count():
    county = county_of(PARENT, CHILD)
    county.spell(11, "custody", "2012-06-01", "2012-07-01")
    county.family(2, [CHILD])  # joins the first family in the middle of June, and leaves its own
    joins = "INSERT INTO family_member VALUES (1, 20, DATE '2012-06-16', NULL)"
    assert exposure(Amended(county, (joins,))) == pytest.approx((15 / 45, 0))


def test_a_spell_goes_with_the_person_into_another_family():
    county = county_of(PARENT, CHILD)
    county.family(2, [CHILD])
    county.spell(20, "custody", "2012-01-01", "2012-06-21")  # recorded while in the second family
    leaves = "UPDATE family_member SET end_date = DATE '2012-06-01' WHERE person_id = 20"
    joins = "INSERT INTO family_member VALUES (1, 20, DATE '2012-06-01', NULL)"
    amended = Amended(county, (leaves, joins))
    assert exposure(amended) == pytest.approx((40 / 60, 0))
    second = panel_of(amended, EXPOSED, families=(2,)).exposure("offences").loc[2, "2012-05":"2012-06"]
    assert second.tolist() == [0, NOT_SEEN], "from June on there is nobody in it"


def test_exposure_is_missing_where_the_family_does_not_live_here():
    county = county_of(PARENT, CHILD)
    county.tables["family_home"] = [(1, "north", None, FIRST_DAY, "2012-06-30")]
    panel = panel_of(county, EXPOSED)
    assert panel.exposure("offences").loc[1, "2012-05":"2012-06"].tolist() == pytest.approx([1, np.nan], nan_ok=True)


def test_a_state_may_be_unexposed_too():
    county = county_of(PARENT)
    county.spell(10, "out_of_work_benefit", "2012-01-01")
    county.spell(10, "custody", "2012-06-01", "2012-07-01")
    found = months(county, replace(BENEFITS, unexposed_in=("custody",)), "2012-05", "2012-07")
    assert found == pytest.approx([1, np.nan, 1], nan_ok=True)


# Living here ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("arrived", "june"), [("2012-06-01", True), ("2012-06-02", False)])
def test_a_month_counts_where_the_family_had_arrived_by_its_first_day(arrived, june):
    county = county_of(PARENT)
    county.tables["family_home"] = [(1, "north", None, arrived, None)]
    assert np.isfinite(months(county, OFFENCES, "2012-05", "2012-07")).tolist() == [False, june, True]


@pytest.mark.parametrize(("left", "june"), [("2012-07-01", True), ("2012-06-30", False)])
def test_a_month_counts_where_the_family_was_still_here_on_its_last_day(left, june):
    county = county_of(PARENT)
    county.tables["family_home"] = [(1, "north", None, FIRST_DAY, left)]
    assert np.isfinite(months(county, OFFENCES, "2012-05", "2012-07")).tolist() == [True, june, False]


def without(*spans: tuple[str | None, str | None]) -> list[bool]:
    """Return whether each month from 2011-12 to 2014-07 is seen of a family with homes, or a member, of these spans."""
    homes, members = county_of(PARENT, CHILD), county_of(PARENT)
    homes.tables["family_home"] = [(1, "north", None, *span) for span in spans]
    members.tables["family_member"] = [(1, 10, *span) for span in spans]
    return [np.isfinite(months(county, OFFENCES, "2011-12", "2014-07")).tolist() for county in (homes, members)]


def test_a_family_that_is_away_between_two_homes_is_not_seen_meanwhile():
    at_home, _ = without((FIRST_DAY, "2012-01-02"), ("2014-06-02", None))
    assert at_home == [True] + [False] * 30 + [True]


@pytest.mark.parametrize(("back", "seen"), [("2012-03-03", True), ("2012-03-04", False)])
def test_up_to_31_days_between_two_homes_are_no_absence(back, seen):
    at_home, _ = without((FIRST_DAY, "2012-02-01"), (back, None))
    assert at_home == [True, True, seen, seen, *[True] * 28]


def test_a_home_within_another_ends_nothing():
    at_home, _ = without((FIRST_DAY, "2014-01-01"), ("2012-01-01", "2012-02-01"), ("2014-01-01", None))
    assert all(at_home)


def test_a_month_on_no_day_of_which_anybody_was_in_the_family_is_not_seen():
    _, peopled = without((None, "2012-01-02"), ("2012-04-30", "2014-06-01"))
    assert peopled == [True] * 2 + [False] * 2 + [True] * 26 + [False] * 2


def test_the_table_counts_only_families_that_were_here_with_somebody():
    county = county_of(PARENT)
    county.tables["family_member"] = [(1, 10, FIRST_DAY, "2012-02-01"), (1, 10, "2012-04-01", None)]
    counted = panel_of(county, OFFENCES).table().set_index("month")["families"]
    assert counted["2012-01":"2012-04"].tolist() == [1, 0, 0, 1]


# Exposure that is not known -------------------------------------------------------------------------------------------


def not_covering(kind: str, since: str | None = None) -> SmallCounty:
    """Return a county whose extracts hold offences and care, and the kind from a day on or not at all."""
    kinds = [("event", "proven_offence", FIRST_DAY), ("spell", "looked_after", FIRST_DAY)]
    kinds += [("spell", kind, since)] if since else []
    return county_of(PARENT, CHILD, coverage=[("agency", table, kind, start, LAST_DAY) for table, kind, start in kinds])


def test_exposure_is_not_known_where_no_extract_covers_what_takes_it_away():
    county = not_covering("custody")
    county.spell(11, "looked_after", "2012-06-01", "2012-07-01")
    panel = panel_of(county, EXPOSED)
    assert panel.exposure("offences").loc[1, "2012-05":"2012-06"].tolist() == [NOT_SEEN, 0], "all in care is known"
    assert panel.matrix("offences").loc[1].isna().sum() == 1, "the outcome stays as it is"
    assert panel.notes == [
        "Offences: no extract covers custody or looked after in any month, so it is not known who could not have come "
        "to it then, and such months count as any others."
    ]
    assert panel.summary().endswith(panel.notes[0])
    assert panel.to_dict()["notes"] == panel.notes


def test_exposure_is_known_where_an_extract_covers_it():
    county = not_covering("custody", since="2012-06-01")
    panel = panel_of(county, EXPOSED)
    assert panel.exposure("offences").loc[1, "2012-05":"2012-06"].tolist() == [NOT_SEEN, 1]
    assert "in 38 of 72 months" in panel.summary()
    assert panel_of(county_of(PARENT, CHILD), EXPOSED, BENEFITS).notes == []


# Ratios and terms -----------------------------------------------------------------------------------------------------


def test_a_share_has_a_denominator_and_the_pooled_mean_is_the_ratio_of_sums():
    county = small_county()
    for family, (possible, missed) in enumerate([(100, 10), (300, 90)], start=1):
        county.family(family, [CHILD])
        county.attend(family * 10, 10, possible, missed)  # autumn 2012
    panel = panel_of(county, ABSENCE, OFFENCES, families=(1, 2))
    assert panel.denominator("absence")["2012-10-01"].tolist() == [100, 300]
    assert panel.denominator("absence")["2012-08-01"].isna().all(), "August has no term"
    assert panel.denominator("offences")["2012-10-01"].tolist() == [1, 1]
    october = panel.table().set_index(["outcome", "month"]).loc[("absence", pd.Timestamp("2012-10-01"))]
    assert october.tolist() == pytest.approx([2, (0.1 + 0.3) / 2, 100 / 400])


def test_a_family_by_term_is_the_months_whose_15th_the_term_covers():
    county = county_of(PARENT, CHILD)
    # The summer term of 2012 runs from 16 April to 22 July: May, June and July.
    for on in ("2012-04-30", "2012-05-01", "2012-07-31", "2012-08-01"):
        county.event(11, "proven_offence", on)
    county.spell(10, "out_of_work_benefit", "2012-06-30", "2012-07-31")
    county.attend(11, 9, 200, 30)
    panel = panel_of(county, OFFENCES, BENEFITS, ABSENCE)
    summer = pd.Timestamp("2012-04-16")
    assert panel.by_term("offences").loc[1, summer] == 2
    assert panel.by_term("benefit").loc[1, summer] == pytest.approx(1 / 3), "only on the last of June"
    assert panel.by_term("absence").loc[1, summer] == pytest.approx(0.15)
    assert panel.by_term("absence").loc[1].notna().sum() == 1


def test_a_term_is_missing_unless_all_its_months_were_seen_and_left_out_unless_they_are_in_the_panel():
    county = county_of(PARENT, CHILD, coverage=ending("2012-07-01"))
    county.tables["coverage"].append(("agency", "event", "asbo", FIRST_DAY, "2012-09-20"))
    county.attend(11, 9, 200, 30)
    both = replace(OFFENCES, name="both", kinds=("asbo",))
    by_term = {name: panel_of(county, OFFENCES, both, ABSENCE).by_term(name).loc[1] for name in ("offences", "absence")}
    assert str(by_term["offences"].index[-1])[:7] == "2012-04", "the autumn term reaches beyond the panel"
    assert by_term["offences"].isna().tolist() == [False] * (len(by_term["offences"]) - 1) + [True]
    assert by_term["absence"].isna().all()


def test_a_family_that_left_in_a_term_is_missing_in_it():
    county = county_of(PARENT, CHILD)
    county.tables["family_home"] = [(1, "north", None, FIRST_DAY, "2012-07-20")]
    county.attend(11, 9, 200, 30)
    panel = panel_of(county, OFFENCES, ABSENCE)
    for name in ("offences", "absence"):
        assert np.isnan(panel.by_term(name).loc[1, pd.Timestamp("2012-04-16")])
    assert panel.by_term("offences").loc[1, pd.Timestamp("2012-01-05")] == 0


def test_a_family_that_was_away_in_the_middle_of_a_term_is_missing_in_it():
    county = county_of(PARENT, CHILD)
    county.tables["family_home"] = [(1, "north", None, FIRST_DAY, "2012-10-01"), (1, "north", None, "2012-11-30", None)]
    county.attend(11, 10, 200, 30)  # from September to December
    panel = panel_of(county, OFFENCES, ABSENCE)
    for name in ("offences", "absence"):
        assert np.isnan(panel.by_term(name).loc[1, pd.Timestamp("2012-09-03")])


def test_what_a_panel_does_not_have_is_refused():
    panel = panel_of(county_of(PARENT), OFFENCES)
    for ask in (panel.matrix, panel.denominator, panel.exposure, panel.by_term):
        with pytest.raises(InputError, match=r"no outcome 'offence'\. Did you mean 'offences'"):
            ask("offence")
