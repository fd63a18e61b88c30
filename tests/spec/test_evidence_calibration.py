"""Estimates put right by controls, of which the truth is known."""

import json

import numpy as np
import pandas as pd
import pytest

from tf_eval.errors import ConfigError, InputError, NotEstimated
from tf_eval.evidence import calibrate


def controls(count: int = 40, mean: float = 0.3, sigma: float = 0.2, seed: int = 1) -> pd.DataFrame:
    """Return negative controls whose estimates are off by so much, besides errors from 0.05 to 0.2."""
    random = np.random.default_rng(seed)
    error = random.uniform(0.05, 0.2, size=count)
    return pd.DataFrame({"value": random.normal(mean, np.hypot(sigma, error)), "std_error": error})


def planted(each: int = 30, seed: int = 1) -> pd.DataFrame:
    """Return controls, each with effects of 0, 1 and 2 planted, of which half is found, and 0.3 besides."""
    base = controls(each, seed=seed)
    rows = [base.assign(value=base["value"] + truth / 2, truth=truth, control=base.index) for truth in (0.0, 1.0, 2.0)]
    return pd.concat(rows, ignore_index=True)


def test_what_estimates_are_off_by_is_found_and_taken_off():
    found = calibrate(controls(400))
    # Of 400 controls the mean has an error of about 0.24 / sqrt(400) = 0.012, sigma one of about 0.01.
    assert found.mean == pytest.approx(0.3, abs=0.04)
    assert found.sigma == pytest.approx(0.2, abs=0.04)
    assert found.apply(0.3, 0.1).value == pytest.approx(0.3 - found.mean)
    assert found.apply(0.3, 0.1).p_value > 0.9 > 0.05 > found.apply(0.3, 0.1).raw_p_value


def test_calibrated_intervals_hold_the_truth_of_controls_left_out():
    found = calibrate(controls(100))
    assert found.raw_coverage < 0.5
    # 100 controls: three errors of 2.2 points.
    assert 0.88 < found.coverage <= 1
    assert found.coverage == found.table()["is_covered"].mean()


def test_where_nothing_is_off_little_is_changed():
    found = calibrate(controls(200, mean=0, sigma=0)).apply(0.5, 0.1)
    assert found.value == pytest.approx(0.5, abs=0.03)
    assert 1 <= (found.high - found.low) / (found.raw_high - found.raw_low) < 1.2


def test_fewer_controls_widen():
    few, many = controls(20), controls(20).loc[np.tile(range(20), 10)].reset_index(drop=True)
    narrow, wide = (calibrate(given).apply(0.5, 0.1) for given in (many, few))
    assert wide.value == pytest.approx(narrow.value, abs=1e-6)
    assert wide.high - wide.low > 1.05 * (narrow.high - narrow.low)


def test_fewer_than_20_negative_controls_are_shown_and_not_used():
    found = calibrate(controls(19))
    assert isinstance(found.apply(0.5, 0.1), NotEstimated)
    assert "Fewer than 20 have no effect" in found.summary()
    assert len(found.table()) == 19
    assert calibrate(controls(20)).apply(0.5, 0.1)


def test_planted_effects_show_what_share_of_an_effect_is_found():
    found = calibrate(planted(200))
    assert found.model.mean == pytest.approx((0.3, 0.5), abs=0.05)
    assert found.apply(0.8, 0.05).value == pytest.approx(1.0, abs=0.1)


def test_rows_of_one_control_are_left_out_together():
    given = planted(25)
    others = calibrate(given[given["control"] != 3])
    for row in calibrate(given).table().query("control == 3").itertuples():
        alone = others.apply(row.value, row.std_error)
        # The likelihood is climbed to 1e-7 of log sigma, from the same starts.
        assert (row.low, row.high) == pytest.approx((alone.low, alone.high), abs=1e-5)


def test_estimates_that_fall_with_planted_effects_calibrate_nothing():
    given = planted(30)
    backwards = given.assign(value=given["value"] - 2 * given["truth"])
    assert isinstance(calibrate(backwards).apply(0.5, 0.1), NotEstimated)


def test_outcomes_in_other_units_are_compared_by_their_scale():
    given = controls()
    scale = np.where(given.index % 2, 10.0, 0.5)
    scaled = given.mul(scale, axis=0).assign(scale=scale)
    found, plain = calibrate(scaled), calibrate(given).apply(0.5, 0.1)
    assert found.apply(5, 1, scale=10).low == pytest.approx(10 * plain.low)
    assert found.apply(5, 1, scale=10).p_value == pytest.approx(plain.p_value)
    assert "scale" in found.summary()


def test_the_answer_is_of_the_same_data_in_any_unit():
    own, hundredfold = calibrate(controls()).apply(0.5, 0.1), calibrate(controls() * 100).apply(50, 10)
    # The likelihood is climbed to 1e-7 of log sigma, by other steps.
    assert (hundredfold.low, hundredfold.high) == pytest.approx((100 * own.low, 100 * own.high), rel=1e-5)


def test_controls_without_an_estimate_are_told():
    given = controls()
    given.loc[3, "value"] = np.nan
    found = calibrate(given)
    assert found.notes == ("1 control had no estimate and played no part.",)
    assert found.notes[0] in found.summary()


def test_a_result_is_json_and_draws_the_negative_controls():
    found = calibrate(planted(25))
    told = json.loads(json.dumps(found.to_dict()))
    assert told["n_negative"] == 25 and len(told["controls"]) == 75
    points = [line for line in found.plot().lines if line.get_marker() == "o"]
    assert [len(line.get_xdata()) for line in points] == [25]
    assert json.dumps(found.apply(0.5, 0.1).to_dict())
    assert "It holds if this analysis is off as those" in found.apply(0.5, 0.1).summary()


def test_hardly_any_controls():
    assert isinstance(calibrate(controls(4)), NotEstimated)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"std_error": 0.0}, "std_error must be above 0"),
        ({"value": np.inf}, "finite"),
        ({"value": "much"}, "numbers"),
        ({"scale": -1.0}, "scale must be above 0"),
        ({"control": None}, "control must name"),
    ],
)
def test_controls_that_cannot_be_used_are_refused(changed, said):
    with pytest.raises(InputError, match=said):
        calibrate(controls().assign(**changed))


def test_what_cannot_be_applied_is_refused():
    with pytest.raises(ConfigError, match="confidence"):
        calibrate(controls(), confidence=95)
    with pytest.raises(ConfigError, match="std_error"):
        calibrate(controls()).apply(0.5, 0)
    with pytest.raises(ConfigError, match="no control has a scale"):
        calibrate(controls()).apply(0.5, 0.1, scale=2)
    with pytest.raises(ConfigError, match="have a scale"):
        calibrate(controls().assign(scale=2)).apply(0.5, 0.1)
