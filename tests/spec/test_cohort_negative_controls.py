"""Outcomes that an intervention cannot move: they are in the panel to be measured, and all else is as without them."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from tests.cohort_county import FIRST_DAY, LAST_DAY, SmallCounty, small_county
from tests.cohort_panel import CALLOUTS, compared
from tf_eval.cohort import build_cohort, build_panel, load_programme
from tf_eval.errors import ConfigError

OUTCOMES = ["asb_incident"]
# The police send what they were called to in a few months only, in which October 2012 is.
CONTROL = replace(CALLOUTS, name="cost_of_calls", agencies=("police",))
SENT = (date(2012, 8, 1), date(2013, 2, 1))


@pytest.fixture
def county() -> SmallCounty:
    everything = [("agency", table, None, FIRST_DAY, LAST_DAY) for table in ("event", "spell", "attendance")]
    county = small_county([*everything, ("police", "event", "police_callout", *SENT)])
    for family in (1, 2):
        child = 10 * family + 1
        county.family(family, ["1975-05-05", "1999-04-10"])
        county.event(child, "proven_offence", "2012-06-01")
        county.spell(10 * family, "out_of_work_benefit", "2011-01-01", None, "JSA")
        county.spell(child, "off_roll", "2011-01-01")
        county.event(child, "police_callout", "2012-11-15", agency="police")
    county.support(1, "mentors", "2012-09-20", "2012-10-20")
    return county


def panel_of(county: SmallCounty, **asked):
    return build_panel(county, build_cohort(county, load_programme("params/programmes/oxfordshire_2012.yaml")), **asked)


def test_who_is_compared_and_what_is_known_of_them_is_as_without_them(county):
    usual = panel_of(county, outcomes=OUTCOMES)
    panel = panel_of(county, outcomes=OUTCOMES, negative_controls=[CONTROL])
    assert panel.outcomes == usual.outcomes and panel.negative_controls == (CONTROL,)
    arms, without = panel.arms("mentors"), usual.arms("mentors")
    pd.testing.assert_frame_equal(arms.frame, without.frame)
    pd.testing.assert_frame_equal(arms.follow_up, without.follow_up)
    assert arms.flow.to_dict() == without.flow.to_dict()
    judged = panel_of(county, outcomes=[*OUTCOMES, CONTROL])
    assert judged.arms("mentors").frame.empty, "an outcome has to be covered for a year before the start"


def test_they_are_laid_out_as_outcomes_are_and_missing_where_they_were_not_sent(county):
    panel = panel_of(county, outcomes=OUTCOMES, negative_controls=[CONTROL])
    matched = compared(panel.arms("mentors").frame.assign(weight=1.0))
    laid = panel.event_time_frame(matched, CONTROL.name).set_index(["family_id", "event_time"])[CONTROL.name]
    assert laid.loc[[(1, 0), (1, 1), (2, 1)]].tolist() == [0, 12.5, 12.5]
    assert laid.loc[1].notna().sum() == 6
    assert CONTROL.name in set(panel.table()["outcome"]) and panel.to_dict()["negative_controls"] == [CONTROL.name]


@pytest.mark.parametrize(("asked", "told"), [("asb_incident", "stands twice"), ("asb_inciden", "Did you mean")])
def test_one_that_is_an_outcome_too_or_that_nobody_knows_is_refused(county, asked, told):
    with pytest.raises(ConfigError, match=told):
        panel_of(county, outcomes=OUTCOMES, negative_controls=[asked])
