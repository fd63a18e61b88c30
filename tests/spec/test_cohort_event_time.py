"""Panels and their layout in months from the index month: what is missing, and why, on one treated and one compared."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.cohort_county import FIRST_DAY, SmallCounty, small_county
from tests.cohort_panel import compared
from tf_eval.cohort import Arms, Panel, build_cohort, build_panel, load_programme
from tf_eval.errors import ConfigError, InputError

INDEX = 2012 * 12 + 9  # October 2012
ALL = ["asb_incident", "proven_offence", "unauthorised_absence", "exclusion", "out_of_work_benefit", "plan_or_care"]


def identified(county: SmallCounty, family: int) -> None:
    county.family(family, ["1975-05-05", "1999-04-10"])
    county.event(family * 10 + 1, "proven_offence", "2012-06-01")
    county.spell(family * 10, "out_of_work_benefit", "2011-01-01", None, "JSA")
    county.spell(family * 10 + 1, "off_roll", "2011-01-01")


def make_county() -> SmallCounty:
    county = small_county()
    for family in (1, 2, 3):
        identified(county, family)
        for term_no in range(7, 13):
            county.attend(family * 10 + 1, term_no, 100, term_no)
    county.support(1, "mentors", "2012-09-20", "2012-10-31")
    county.support(2, "parenting", "2013-01-20", "2013-03-05")
    county.event(11, "asb_incident", "2012-09-30")
    county.event(11, "asb_incident", "2012-10-01")
    county.event(11, "asb_incident", "2012-10-02")
    county.event(10, "proven_offence", "2012-09-30")
    county.tables["family_home"][2] = (3, "north", None, FIRST_DAY, "2013-05-17")
    return county


@pytest.fixture(scope="module")
def panel() -> Panel:
    county = make_county()
    return build_panel(county, build_cohort(county, load_programme("params/programmes/oxfordshire_2012.yaml")), ALL)


@pytest.fixture(scope="module")
def arms(panel) -> Arms:
    return panel.arms("mentors")


def outcome(panel: Panel, arms: Arms, name: str, family: int) -> pd.Series:
    matched = compared(arms.frame.assign(weight=1.0, set_id=1))
    frame = panel.event_time_frame(matched, name)
    assert frame["event_time"].nunique() == 49
    return frame[frame["family_id"] == family].set_index("event_time")[name]


def test_both_arms_have_the_index_month_of_the_treated(arms):
    columns = ["family_id", "treated", "index_month", "start_cohort", "district", "months_since_qualified"]
    assert arms.frame[columns].to_numpy().tolist() == [
        [1, 1, INDEX, "2012/13", "north", 4],
        [2, 0, INDEX, "2012/13", "north", 4],
        [3, 0, INDEX, "2012/13", "north", 4],
    ]


def test_who_qualifies_on_the_first_day_of_the_index_month_is_not_at_risk():
    county = make_county()
    for family, offence in ((4, "2012-09-30"), (5, "2012-10-01")):
        county.family(family, ["1975-05-05", "1999-04-10"])
        county.event(family * 10 + 1, "proven_offence", offence)
        county.spell(family * 10, "out_of_work_benefit", "2011-01-01", None, "JSA")
        county.spell(family * 10 + 1, "off_roll", "2011-01-01")
    county.family(6, ["1975-05-05", "1999-04-10"])  # started, but never qualified
    county.support(6, "mentors", "2012-09-20", "2012-10-03")
    cohort = build_cohort(county, load_programme("params/programmes/oxfordshire_2012.yaml"))
    arms = build_panel(county, cohort, ALL).arms("mentors")
    assert arms.frame["family_id"].tolist() == [1, 2, 3, 4]
    treated = [(step.step, step.families, step.excluded) for step in arms.flow.of_arm("treated")]
    assert treated == [
        ("started mentors", 2, 0),
        ("as their first support", 2, 0),
        ("linked to other records", 1, 1),
        ("identified before the start", 1, 0),
        ("in the county", 1, 0),
        ("observed for a year before", 1, 0),
    ]


def test_a_start_in_the_first_year_of_the_records_has_too_little_before_it():
    county = make_county()
    county.tables["coverage"] = [
        ("agency", table, None, "2011-11-01", "2015-04-01") for table in ("event", "spell", "attendance")
    ]
    cohort = build_cohort(county, load_programme("params/programmes/oxfordshire_2012.yaml"))
    panel = build_panel(county, cohort, ["asb_incident"])
    arms = panel.arms("mentors")
    assert arms.frame.empty
    last = arms.flow.of_arm("treated")[-1]
    assert (last.families, last.excluded) == (0, 1)
    assert last.reason == "fewer than 12 months observed before that month"


def test_the_flow_says_which_outcome_the_extracts_do_not_cover_for_a_year_before():
    county = make_county()
    county.tables["coverage"].append(("schools", "event", "fixed_exclusion", "2011-11-01", "2015-04-01"))
    cohort = build_cohort(county, load_programme("params/programmes/oxfordshire_2012.yaml"))
    for outcomes, why in ((["asb_incident"], ""), (ALL, " (extracts do not cover all of Exclusions from school)")):
        last = build_panel(county, cohort, outcomes).arms("mentors").flow.of_arm("treated")[-1]
        assert (last.families > 0) == (not why)
        assert last.reason == f"fewer than 12 months observed before that month{why}"


@pytest.mark.parametrize(
    ("arrived", "left", "compared"),
    [
        ("2011-10-01", None, True),
        ("2011-10-02", None, False),  # eleven whole months
        (FIRST_DAY, "2012-10-02", True),
        (FIRST_DAY, "2012-10-01", True),
        (FIRST_DAY, "2012-09-30", False),
    ],
)
def test_a_family_has_to_have_lived_here_in_the_year_before_the_index_month(arrived, left, compared):
    county = make_county()
    county.tables["family_home"][1] = (2, "north", None, arrived, left)
    cohort = build_cohort(county, load_programme("params/programmes/oxfordshire_2012.yaml"))
    arms = build_panel(county, cohort, ["asb_incident"]).arms("mentors")
    assert (2 in set(arms.frame["family_id"])) == compared


def test_covariates_are_monthly_means_of_what_was_seen_before(arms):
    first = arms.frame.iloc[0]
    assert first[["asb_incident_3m", "asb_incident_12m"]].tolist() == pytest.approx([1 / 3, 1 / 12])
    assert first["out_of_work_benefit_6m"] == 1
    assert first["proven_offence_12m"] == pytest.approx(1 / 12), "the adult's offence is not counted"
    # July belongs to the summer term, August to none; September's term had not ended.
    assert first["unauthorised_absence_3m"] == pytest.approx(0.09)
    # October to December at 7 %, January to March at 8 %, May to July at 9 %: the 15th of April lies in the holidays.
    assert first["unauthorised_absence_12m"] == pytest.approx((3 * 0.07 + 3 * 0.08 + 3 * 0.09) / 9)


def test_every_covariate_has_words(arms):
    assert set(arms.covariates) == set(arms.labels)
    assert arms.labels["asb_incident_12m"] == "ASB incidents a month, last 12 months"


def test_counts_stand_at_their_months(panel, arms):
    treated = outcome(panel, arms, "asb_incident", 1)
    assert treated.loc[[-2, -1, 0, 1]].tolist() == [0, 1, 2, 0]
    assert treated.notna().all()


def test_a_comparison_family_stops_at_its_own_start(panel, arms):
    compared = outcome(panel, arms, "asb_incident", 2)
    assert compared.loc[:4].notna().all()
    assert compared.loc[5:].isna().all(), "March 2013 is five months after October 2012"


def test_a_family_is_not_seen_from_the_month_it_left(panel, arms):
    left = outcome(panel, arms, "asb_incident", 3)
    assert left.loc[:6].notna().all()
    assert left.loc[7:].isna().all()


def test_the_term_that_spans_the_start_is_neither_before_nor_after(panel, arms):
    absence = outcome(panel, arms, "unauthorised_absence", 1)
    # The autumn term of 2012 runs from 3 September to 20 December: September (-1) to December (2).
    assert absence.loc[-1:2].isna().all()
    assert absence.loc[[-3, 3, 5]].tolist() == pytest.approx([0.09, 0.11, 0.11])
    assert np.isnan(absence.loc[-2]), "August has no term"


def test_a_comparison_family_loses_the_whole_term_in_which_it_starts(panel, arms):
    absence = outcome(panel, arms, "unauthorised_absence", 2)
    # It starts in March 2013 (5). The spring term began in January (3), and its share holds the days after the start.
    assert absence.loc[3:].isna().all()
    assert absence.loc[[-9, -3]].tolist() == pytest.approx([0.08, 0.09]), "earlier terms stand"
    never_started = outcome(panel, arms, "unauthorised_absence", 3)
    assert never_started.loc[[3, 4, 5]].tolist() == pytest.approx([0.11, 0.11, 0.11])


def test_a_month_that_was_not_seen_is_told_from_one_that_does_not_serve(panel, arms):
    """A family that left would have served; one that started itself, and a term that spans a start, would not."""
    matched = compared(arms.frame.assign(weight=1.0, set_id=1))
    frame = panel.event_time_frame(matched, "unauthorised_absence").set_index(["family_id", "event_time"])
    monthly = panel.event_time_frame(matched, "asb_incident").set_index(["family_id", "event_time"])
    started, left = monthly.loc[2], monthly.loc[3]
    assert started.index[started["serves"]].max() == 4 and left["serves"].all()
    assert left.loc[8:, "asb_incident"].isna().all()
    for family in (1, 2, 3):
        seen = frame.loc[family, "unauthorised_absence"].notna()
        assert not (seen & ~frame.loc[family, "serves"]).any()
    assert [frame.loc[(family, 4), "serves"] for family in (2, 3)] == [False, True], "its own start's term goes too"


def test_the_flow_tells_who_came_too_late_from_who_had_started():
    county = make_county()
    for family in (4, 5, 6):
        county.family(family, ["1975-05-05", "1999-04-10"])
        county.event(family * 10 + 1, "proven_offence", "2012-06-01" if family == 4 else "2013-02-01")
        county.spell(family * 10, "out_of_work_benefit", "2011-01-01", None, "JSA")
        county.spell(family * 10 + 1, "off_roll", "2011-01-01")
    county.support(4, "parenting", "2012-06-20", "2012-08-01")  # had started; 5 and 6 were identified too late
    cohort = build_cohort(county, load_programme("params/programmes/oxfordshire_2012.yaml"))
    steps = build_panel(county, cohort, ["asb_incident"]).arms("mentors").flow.of_arm("comparison")
    assert [(step.step, step.families, step.excluded, step.reason) for step in steps[:4]] == [
        ("identified", 6, 0, ""),
        ("identified before a month in which a family started", 4, 2, "identified too late to be compared"),
        ("linked to other records", 4, 0, "no record of them but the support team's own"),
        ("could have started when others did", 2, 2, "had started support by then"),
    ]
    assert not any("index month" in step.step + step.reason for step in steps)


def test_the_frame_keeps_the_matched_columns_and_says_who_adopted(panel, arms):
    frame = panel.event_time_frame(compared(arms.frame.assign(weight=0.5, set_id=7)), "exclusion")
    assert len(frame) == 3 * 49
    assert frame.loc[frame["treated"] == 1, "adopted"].eq(0).all()
    assert frame.loc[frame["treated"] == 0, "adopted"].isna().all()
    assert set(arms.frame.columns) < set(frame.columns)
    assert frame["weight"].eq(0.5).all()


def test_a_column_of_the_frame_is_never_taken_for_an_outcome(panel, arms):
    with pytest.raises(InputError, match="'exclusion' has the name of a column of the matched frame"):
        frame = arms.frame.assign(weight=0.5, set_id=7, exclusion=1)
        panel.event_time_frame(compared(frame), "exclusion")


def test_the_order_of_a_cohort_s_families_changes_nothing(panel, arms):
    turned = replace(panel.cohort, families=panel.cohort.families.iloc[::-1])
    other = build_panel(make_county(), turned, ALL)
    pd.testing.assert_frame_equal(other.arms("mentors").frame, arms.frame)
    pd.testing.assert_frame_equal(other.matrix("asb_incident"), panel.matrix("asb_incident"))


def test_families_that_are_weighted_and_in_no_sets_are_laid_out_too(panel, arms):
    frame = panel.event_time_frame(compared(arms.frame.assign(weight=0.5)), "exclusion")
    assert len(frame) == 3 * 49
    assert "set_id" not in frame


def test_the_matrices_of_a_panel_are_not_printed(panel):
    assert repr(panel.data) == "<PanelData: fewer than 10 families over 72 months>"


def test_months_without_coverage_are_missing_and_not_zero():
    county = make_county()
    rows = [("police", "event", kind, FIRST_DAY, "2014-04-01") for kind in ("asb_incident", "proven_offence")]
    rows += [("b", "spell", None, FIRST_DAY, "2015-04-01"), ("s", "attendance", None, FIRST_DAY, "2012-07-01")]
    county.tables["coverage"] = rows
    cohort = build_cohort(county, load_programme("params/programmes/oxfordshire_2012.yaml"))
    panel = build_panel(county, cohort, ["asb_incident", "unauthorised_absence", "out_of_work_benefit"])
    asb, absence, benefit = (panel.matrix(item.name).loc[1] for item in panel.outcomes)
    assert asb[:"2014-03-01"].notna().all()
    assert asb["2014-04-01":].isna().all()
    assert benefit.notna().all()
    assert absence["2012-03-01"] == pytest.approx(0.08)
    assert absence["2012-05-01":].isna().all(), "the summer term of 2012 is covered in part"


def test_a_state_is_that_of_the_months_last_day():
    county = make_county()
    county.spell(11, "looked_after", "2012-01-31", "2012-02-29")
    panel = build_panel(county, build_cohort(county, load_programme("params/programmes/oxfordshire_2012.yaml")), ALL)
    months = panel.matrix("plan_or_care").loc[1]
    assert months["2011-12-01":"2012-03-01"].tolist() == [0, 1, 0, 0]


def test_what_cannot_be_asked_is_refused(panel, arms):
    with pytest.raises(ConfigError, match=r"no outcome 'asb_incidnt'\. Did you mean 'asb_incident'"):
        build_panel(make_county(), panel.cohort, ["asb_incidnt"])
    with pytest.raises(ConfigError, match="name at least one outcome"):
        build_panel(make_county(), panel.cohort, [])
    with pytest.raises(InputError, match=r"no outcome 'exclusoin'\. Did you mean 'exclusion'"):
        panel.event_time_frame(compared(arms.frame), "exclusoin")
    with pytest.raises(InputError, match=r"started 'mentor'.*Did you mean 'mentors'"):
        panel.arms("mentor")
    without_police = make_county()
    without_police.tables["coverage"] = [("b", "spell", None, FIRST_DAY, "2015-04-01")]
    with pytest.raises(InputError, match="no extract covers the records of 'asb_incident'"):
        build_panel(without_police, panel.cohort, ["asb_incident"])
