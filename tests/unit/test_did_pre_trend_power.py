"""Power before treatment: what may be asked, and how the answer reads; its chances against draws and known cases."""

import json
import math

import numpy as np
import pytest
from scipy import stats

from tests.event_study import decaying, event_study, from_arrays
from tests.unit.test_did_honest import panel
from tf_eval.did.credibility.passing import JointTest, SingleTests
from tf_eval.errors import ConfigError

EFFECTS = [0.02, -0.01, 0.03, 0.5, 0.6]


def study(**options):
    return event_study(EFFECTS, decaying(5), 3, **options)


def test_by_default_both_tests_find_their_slopes_for_half_and_for_four_in_five():
    table = study().pre_trend_power().table()
    assert table["test"].tolist() == ["single", "single", "joint", "joint"]
    np.testing.assert_allclose(table["power"], [0.5, 0.8, 0.5, 0.8], atol=1e-6)
    # the first effect lies one period after the base
    np.testing.assert_allclose(table["bias"], table["slope"])


def test_power_of_single_tests_of_one_effect_is_that_of_a_z_test():
    one = event_study([0.1, 0.5], np.diag([0.04, 0.01]), 1)
    row = one.pre_trend_power(slope=0.3).rows[0]
    # the effect before treatment lies one period before the base: -0.3 with an error of 0.2
    expected = stats.norm.sf(1.959964 - 1.5) + stats.norm.cdf(-1.959964 - 1.5)
    assert row.power == pytest.approx(expected, abs=1e-6)
    # of effects that are independent, passing says nothing of the bias
    assert row.bias_after_passing == pytest.approx(row.bias)
    assert row.likelihood_ratio == pytest.approx(stats.norm.pdf(0.1, -0.3, 0.2) / stats.norm.pdf(0.1, 0, 0.2))


@pytest.mark.parametrize("count", [1, 2, 5])
def test_passing_is_as_often_and_leaves_as_much_as_in_draws(count):
    """Of 400,000 draws a chance is known to 0.0008 and a mean, of errors of 0.1, to 0.0002; four times is allowed."""
    covariance, mean = decaying(count), np.linspace(-0.2, -0.05, count)
    drawn = np.random.default_rng(2).multivariate_normal(mean, covariance, 400_000)
    single, joint = SingleTests(covariance, 1.96), JointTest(covariance, 0.95)
    passed = (np.abs(drawn) <= 1.96 * np.sqrt(np.diag(covariance))).all(axis=1)
    distance = np.einsum("ni,ni->n", drawn, np.linalg.solve(covariance, drawn.T).T)
    for test, passes in ((single, passed), (joint, distance <= stats.chi2.ppf(0.95, count))):
        found = test.passing(mean)
        assert found.chance == pytest.approx(passes.mean(), abs=0.0032)
        np.testing.assert_allclose(found.mean, drawn[passes].mean(axis=0), atol=0.0008)


def test_a_base_that_is_a_window_is_the_middle_of_it():
    """The window are event times -2 and -1, their middle -1.5; only what lies before is tested."""
    effects = np.array([0.1, 0.0, 0.02, -0.02, 0.4, 0.5])
    drawn = np.random.default_rng(1).normal(size=(300, 6)) * 0.1
    drawn -= drawn[:, 2:4].mean(axis=1, keepdims=True)
    found = from_arrays(range(-4, 2), effects, np.cov(drawn.T), baseline=2).pre_trend_power(slope=1.0, target=1)
    assert found.n_tested == 2
    assert found.rows[0].bias == pytest.approx(2.5)


def test_a_trend_of_any_shape():
    found = study().pre_trend_power(trend=lambda since: np.where(since > 0, 0.0, 0.1), target="average")
    assert found.rows[0].bias == 0.0
    assert math.isnan(found.rows[0].slope)
    assert found.summary().startswith("Such a violation would have been missed in")
    straight = study().pre_trend_power(trend=lambda since: 0.07 * since).rows
    assert [row.power for row in straight] == [row.power for row in study().pre_trend_power(slope=0.07).rows]


def test_a_power_that_no_trend_is_needed_for_has_no_slope():
    single, joint = study().pre_trend_power(powers=[0.07]).rows
    assert single.slope == 0.0
    assert joint.slope > 0.0


@pytest.mark.parametrize(
    "asked",
    [
        {"slope": 0.1, "trend": np.square},
        {"slope": math.nan},
        {"powers": [1.0]},
        {"powers": []},
        {"trend": lambda since: 1.0},
        {"trend": lambda since: np.full(len(since), math.inf)},
        {"target": 9},
    ],
)
def test_what_cannot_be_honoured_is_refused(asked):
    with pytest.raises(ConfigError):
        study().pre_trend_power(**asked)


def test_what_no_study_would_miss_has_no_bias_after_passing():
    found = study().pre_trend_power(slope=1e3)
    assert [row.power for row in found.rows] == [1.0, 1.0]
    assert all(math.isnan(row.bias_after_passing) for row in found.rows)
    assert "by 1,000. The estimate is" in found.summary()
    assert found.to_dict()["rows"][0]["bias_after_passing"] is None


def test_no_common_base_and_nothing_to_test():
    with pytest.raises(ConfigError, match="baseline='universal'"):
        panel().by_event_time().pre_trend_power()
    assert "no effect before treatment" in event_study([0.5], [[0.01]], 0).pre_trend_power().reason
    assert (
        "too many for so few clusters"
        in panel(n_units=6, baseline="universal").by_event_time().pre_trend_power().reason
    )


def test_of_many_intervals_it_is_told_that_some_leave_0_out_without_any_trend():
    """Of 20 independent ones at 95 % some does in 1 - 0.95 ** 20 = 64 % of studies: no trend makes that 50 %."""
    found = event_study([0.1] * 21, 0.01 * np.eye(21), 20).pre_trend_power()
    assert found.rows[0].slope == 0 and found.rows[0].power == pytest.approx(1 - 0.95**20, abs=1e-3)
    assert found.summary().startswith(
        "Without any trend, too, some of the intervals before treatment (20 in all) leave 0 out in 64% of studies"
    )
    assert "would have been missed" not in found.summary() and "The estimate is 0.100." in found.summary()


def test_the_result_reads_and_travels():
    found = study().pre_trend_power()
    told = found.summary()
    assert told.startswith("A trend of ")
    assert "a period would have been missed in 50% of studies by the intervals before treatment (3 in all)" in told
    assert "in the studies that miss it" in told
    assert len(json.loads(json.dumps(found.to_dict(), allow_nan=False))["rows"]) == 4
    assert repr(found) == "<PreTrendPower: y, 3 effects before treatment, period 0>"
