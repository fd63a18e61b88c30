"""What like families that stay weigh: months at risk of a start as read from a county, weights, and what is refused."""

import numpy as np
import pandas as pd
import pytest

from tests.accepted import accepted
from tests.cohort_county import SmallCounty, small_county
from tf_eval import project
from tf_eval.cohort import build_cohort, build_panel, load_programme
from tf_eval.did import estimate_att
from tf_eval.errors import ConfigError, InputError
from tf_eval.matching import match
from tf_eval.value import effect_paths, weigh_stayers
from tf_eval.value.staying import Staying
from tf_eval.value.staying.own_starts import OwnStarts, read_own_starts
from tf_eval.value.staying.stay_weights import stay_weights

OXFORDSHIRE = "params/programmes/oxfordshire_2012.yaml"
FAMILIES = 12


def county_of(own_starts: dict[int, str]) -> SmallCounty:
    """Families 1 to 4 start mentors in October 2012; of the others some start something later."""
    county = small_county()
    for family in range(1, FAMILIES + 1):
        county.family(family, ["1975-05-05", "1999-04-10"])
        county.event(family * 10 + 1, "proven_offence", "2012-06-01")
        county.spell(family * 10, "out_of_work_benefit", "2011-01-01", None, "JSA")
        county.spell(family * 10 + 1, "off_roll", "2011-01-01")
        for _ in range(family % 4):
            county.event(family * 10, "asb_incident", "2012-07-15")
    for family in range(1, 5):
        county.support(family, "mentors", "2012-09-20", "2012-10-20")
    for family, day in own_starts.items():
        county.support(family, "parenting", "2012-09-20", day)
    return county


def compared(own_starts: dict[int, str], on=("asb_incident_12m",), alter=lambda frame: frame):
    county = county_of(own_starts)
    panel = build_panel(county, build_cohort(county, load_programme(project.locate(OXFORDSHIRE))), ["asb_incident"])
    arms = panel.arms("mentors")
    how = {"treated": arms.treated, "unit": arms.unit, "risk_set": arms.risk_set, "ratio": 2}
    return panel, accepted(match(alter(arms.frame), on=list(on), **how))


def test_a_like_family_is_at_risk_until_it_starts():
    panel, matched = compared({5: "2013-01-10"})
    found = read_own_starts(panel, matched)
    family = matched.frame["family_id"].to_numpy()[found.row]
    assert set(family) == set(range(5, FAMILIES + 1))
    assert list(found.month[family == 5]) == [1, 2, 3] and list(found.started[family == 5]) == [False, False, True]
    assert found.month[family == 6].max() == min(24, panel.data.months[-1] - matched.frame["index_month"].iloc[0])
    assert found.started.sum() == 1
    assert ((found.chance > 0) & (found.chance < 1) & (found.foreseen > 0) & (found.foreseen < 1)).all()


def test_where_nobody_starts_everybody_weighs_as_before():
    panel, matched = compared({})
    staying = weigh_stayers(panel, matched)
    assert staying.is_idle and list(staying.weights.index) == list(matched.frame.index)


def test_treated_rows_and_the_month_of_the_start_keep_their_weight():
    panel, matched = compared({5: "2013-01-10", 6: "2013-02-10"})
    staying = weigh_stayers(panel, matched)
    assert not staying.is_idle
    assert (staying.weights[matched.frame["treated"] == 1] == 1).all(axis=None) and (staying.weights[0] == 1).all()


def test_a_covariate_that_is_not_of_the_arms_cannot_be_brought_up_to_date():
    panel, matched = compared({}, on=["mine"], alter=lambda frame: frame.assign(mine=frame["asb_incident_12m"]))
    with pytest.raises(InputError, match="weigh_stayers: 'mine', on which was matched"):
        weigh_stayers(panel, matched)


def test_a_weight_is_the_chance_to_stay_foreseen_over_that_given_the_record_since():
    row, month = np.repeat([0, 1], 2), np.tile([1, 2], 2)
    starts = OwnStarts(row, month, np.zeros(4, bool), np.array([0.5, 0.2, 0.1, 0.1]), np.full(4, 0.2))
    found = stay_weights(starts, 3)
    assert found[:, 0] == pytest.approx(1) and found[2] == pytest.approx(1)
    assert found[1, [1, 2, 24]] == pytest.approx([0.8 / 0.9, (0.8 / 0.9) ** 2, (0.8 / 0.9) ** 2])
    # The 99th percentile of two is a hundredth of the way down from the larger.
    assert found[0, 1] == pytest.approx(0.99 * 0.8 / 0.5 + 0.01 * 0.8 / 0.9)
    assert found[0, 2] == pytest.approx(0.99 * 0.8 / 0.5 + 0.01 * (0.8 / 0.9) ** 2)


def test_one_regression_over_all_months_has_no_weights_by_month():
    panel, matched = compared({5: "2013-01-10"})
    staying = weigh_stayers(panel, matched)
    effect = estimate_att(panel, matched, outcome="asb_incident", method="imputation", cluster="family_id")
    with pytest.raises(ConfigError, match="effect_paths: stayers are weighed month by month, which 'imputation'"):
        effect_paths({"asb_incident": effect}, staying=staying, seed=1)


def test_steps_end_where_the_weights_do():
    panel, matched = compared({5: "2013-01-10"})
    effect = estimate_att(panel, matched, outcome="asb_incident", cluster="family_id")
    staying = Staying(panel, matched, pd.DataFrame(2.0, index=matched.frame.index, columns=range(25)))
    with pytest.raises(ConfigError, match="up to event time 24"):
        effect_paths({"asb_incident": effect}, steps=((0, 12), (13, 30)), staying=staying, seed=1)
