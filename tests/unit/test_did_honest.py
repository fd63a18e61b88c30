"""Effects under bounded violations: what may be asked, of what, and how the answer reads."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from tests.event_study import decaying, event_study, from_arrays
from tf_eval.did import estimate_att
from tf_eval.did.credibility.honest import honest_bounds
from tf_eval.did.credibility.pre_trends import joint_test
from tf_eval.errors import ConfigError, NotEstimated
from tf_eval.matching.display import number

EFFECTS = [0.02, -0.01, 0.03, 0.5, 0.6, 0.7]


def study(**options):
    return event_study(EFFECTS, decaying(6), 3, **options)


def panel(n_units: int = 60, **asked):
    random = np.random.default_rng(4)
    frame = pd.DataFrame({"unit": np.repeat(np.arange(n_units), 12), "month": np.tile(np.arange(1, 13), n_units)})
    frame["adopted"] = np.where(frame["unit"] < n_units // 3, 7, 0)
    frame["calls"] = random.normal(5, 1, len(frame)) + 2 * ((frame["adopted"] == 7) & (frame["month"] >= 7))
    return estimate_att(frame, outcome="calls", unit="unit", period="month", adopted="adopted", **asked)


def test_the_table_starts_with_parallel_trends():
    table = study().honest(bounds=[0, 1]).table()
    assert table["assumption"].tolist() == ["parallel_trends", "relative_magnitudes", "relative_magnitudes"]
    assert table["bound"].isna().tolist() == [True, False, False]
    first = table.iloc[0]
    # the first effect after the start, 0.5 with an error of 0.1
    assert (first["ci_low"], first["ci_high"]) == pytest.approx((0.5 - 0.195996, 0.5 + 0.195996), abs=1e-6)
    assert first["identified_low"] == first["identified_high"] == 0.5
    assert table["leaves_out_zero"].tolist() == [True, True, True]


def test_what_a_bound_allows_is_the_largest_step_before_times_the_bound():
    """Steps before: -0.03, 0.04 and, to the base, -0.03; so 0.04 per period, and 0.08 for the second effect."""
    found = study().honest(bounds=[1, 2], target=1)
    np.testing.assert_allclose(found.identified, [[0.6 - 0.08, 0.6 + 0.08], [0.6 - 0.16, 0.6 + 0.16]])


def test_what_a_change_of_slope_allows():
    """From 0.03 to 0 the slope is -0.03, so the trend is -0.06 at event time 1; changes add up: 2 + 1 times the bound.

    The slope changed by up to 0.07 before treatment: a bound of 0.05 is broken there.
    """
    found = study().honest("smoothness", bounds=[0.05, 0.1], target=1)
    assert np.isnan(found.identified[0]).all()
    np.testing.assert_allclose(found.identified[1], [0.66 - 0.3, 0.66 + 0.3])


def test_targets():
    asked = study()
    average = asked.honest(bounds=[0], target="average")
    assert average.original[0] == pytest.approx(0.6)
    assert asked.honest(bounds=[0], target=(0, 2)).original == average.original
    weighted = asked.honest(bounds=[0], target={0: 1 / 3, 1: 1 / 3, 2: 1 / 3})
    assert weighted.original == pytest.approx(average.original)
    np.testing.assert_allclose(weighted.intervals, average.intervals, rtol=1e-6)
    difference = asked.honest(bounds=[0], target={0: -1, 2: 1})
    assert difference.original[0] == pytest.approx(0.2)


@pytest.mark.parametrize("target", [-2, 3, (0, -1), (5, 6), "mean", {7: 1.0}, {0: 0.0}, {0: math.nan}, True])
def test_a_target_that_cannot_be_had_is_refused(target):
    with pytest.raises(ConfigError, match="target"):
        study().honest(target=target)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"restriction": "smooth"}, "smoothness"),
        ({"method": "flci"}, "no method 'flci'"),
        ({"method": "fixed_length"}, "under smoothness alone"),
        ({"bounds": [-1.0]}, "bounds"),
        ({"bounds": []}, "bounds"),
        ({"bounds": [math.inf]}, "bounds"),
    ],
)
def test_an_option_that_cannot_be_honoured_is_refused(asked, said):
    with pytest.raises(ConfigError, match=said):
        study().honest(**asked)


def test_effects_without_a_common_base_are_refused_and_the_way_out_is_named():
    with pytest.raises(ConfigError, match="baseline='universal'"):
        panel().by_event_time().honest()
    with pytest.raises(ConfigError, match="by_event_time"):
        panel(baseline="universal").by_cohort().honest()
    with pytest.raises(ConfigError, match="quantile='normal'"):
        study(quantile="t").honest()
    with pytest.raises(ConfigError, match="without a gap"):
        from_arrays([-3, -2, -1, 1], np.ones(4), decaying(4)).honest()


BASED = {
    "doubly_robust": {"baseline": "universal"},
    "sun_abraham": {},
    "stacked": {"kappa_pre": 6, "kappa_post": 5},
    "extended_twfe": {"comparison": "never_treated"},
}


@pytest.mark.parametrize("method", BASED)
def test_bands_that_hold_the_base_are_measured_from_it(method):
    """Of one start cohort without covariates all of these are the same effects."""
    bands = panel(method=method, **BASED[method]).bands(
        {"early": (-6, -5), "middle": (-4, -3), "late": (-2, -1), "after": (0, 1)}
    )
    expected = panel(baseline="universal").bands({"b": (-6, -5), "c": (-4, -3), "d": (-2, -1), "e": (0, 1)})
    # The regressions' covariance differs by the factor of small samples, which moves no identified set.
    np.testing.assert_allclose(bands.honest().identified, expected.honest().identified)


@pytest.mark.parametrize("options", [{"method": "extended_twfe"}, {"method": "imputation"}, {"method": "two_stage"}])
def test_a_method_that_fits_all_that_was_before_treatment_has_no_single_base(options):
    with pytest.raises(ConfigError, match=f"'{options['method']}' measures no effect from one single base"):
        panel(**options).by_event_time().honest()


def test_too_little_before_treatment_is_no_estimate():
    short = event_study([0.5, 0.6], decaying(2), 0)
    assert "needs 2 periods before treatment" in short.honest().reason
    one_step = event_study([0.1, 0.5], decaying(2), 1)
    assert "combined needs 3" in one_step.honest("combined").reason
    assert one_step.honest().bounds == (0, 0.5, 1, 1.5, 2)
    assert one_step.honest("smoothness").bounds[-1] > 0


def test_more_effects_than_clusters_carry_are_no_estimate():
    effect = panel(n_units=9, baseline="universal")
    assert "too few" not in repr(effect)
    assert "too many for so few clusters" in effect.by_event_time().honest().reason


def test_a_gap_is_left_out_and_told():
    whole = study()
    broken = honest_bounds(
        from_rows(whole, lost={-4}), "relative_magnitudes", bounds=[1.0], target=0, method="conditional"
    )
    assert broken.notes == ("Left out, for lack of an estimate: -4.",)
    kept = whole.covariance[1:, 1:]
    alone = from_arrays(range(-3, 3), np.insert(EFFECTS, 3, 0.0)[1:], kept)
    expected = alone.honest(bounds=[1.0], method="conditional")
    np.testing.assert_array_equal(broken.intervals, expected.intervals)
    assert not honest_bounds(from_rows(whole, lost={0}), "relative_magnitudes", None, 1, None)


def from_rows(estimates, lost: set[int]):
    rows = [
        NotEstimated("lost") if place["event_time"] in lost else row
        for place, row in zip(estimates.where, estimates.rows, strict=True)
    ]
    return type(estimates)(
        estimates.kind, estimates.where, tuple(rows), estimates.covariance, "period", estimates.design, estimates.drawn
    )


def test_bands_of_equal_length_are_steps_of_their_own():
    effect = panel(baseline=3)
    bands = effect.bands({"b": (-6, -4), "a": (-3, -1), "c": (0, 2), "d": (3, 5)})
    found = bands.honest(bounds=[0, 1], target=(0, 2))
    assert found.target == "periods 0 to 2"
    # The window is the band before the start, whose effect is zero: the one step before is that of the first band.
    step = abs(effect.band(-6, -4).att)
    late = effect.band(0, 2).att
    np.testing.assert_allclose(found.identified[1], [late - step, late + step])
    assert "as much per band of 3 periods as" in found.summary()
    with pytest.raises(ConfigError, match="not across"):
        effect.bands({"a": (-4, -2), "b": (-1, 1), "c": (2, 4)}).honest()
    with pytest.raises(ConfigError, match="equally long"):
        effect.bands({"a": (-6, -4), "b": (-3, -1), "c": (0, 3)}).honest()


@pytest.mark.parametrize("rounding", [-1e-20, 1e-20])
def test_what_rounding_leaves_of_the_variance_of_the_base_is_nothing(rounding):
    """A band over a window that is its own base has a variance of about 0, of either sign."""
    exact, covariance = study(), study().covariance.copy()
    covariance[3, 3] = rounding
    rounded = from_arrays(range(-4, 3), np.insert(EFFECTS, 3, 1e-11), covariance)
    np.testing.assert_allclose(rounded.honest().intervals, exact.honest().intervals, atol=1e-9)
    np.testing.assert_allclose(rounded.pre_trend_power().table()["power"], exact.pre_trend_power().table()["power"])
    tested = joint_test(rounded, n_clusters=50)
    assert tested.degrees_of_freedom == 6
    assert tested.statistic == pytest.approx(joint_test(exact, n_clusters=50).statistic)


def test_the_breakdown_is_where_zero_comes_in():
    asked = study()
    for restriction in ("relative_magnitudes", "smoothness", "combined"):
        value = asked.honest(restriction).breakdown
        around = asked.honest(restriction, bounds=[0.999 * value, 1.001 * value]).table()["leaves_out_zero"]
        assert around.tolist() == [True, True, False]


def test_a_breakdown_that_is_nowhere_is_told():
    weak = event_study([0.02, -0.01, 0.03, 0.1, 0.1], decaying(5), 3).honest()
    assert math.isnan(weak.breakdown)
    assert "includes 0 even at a bound of 0" in weak.summary()
    still = event_study([0.0, 0.0, 0.5], decaying(3), 2).honest()
    assert math.isinf(still.breakdown)
    assert "whatever the bound" in still.summary()


def test_the_result_reads_and_travels():
    found = study().honest(target=1)
    told = found.summary()
    assert "period 1, is 0.600" in told
    assert "up to 1.00 times as much per period as they ever did before it" in told
    assert "It leaves 0 out up to a bound of" in told
    assert "significant" not in told
    stored = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert stored["rows"][0]["bound"] is None
    assert repr(found) == "<HonestBounds: y, period 1, relative_magnitudes, 5 bounds>"


def test_the_figure_shows_each_bound_and_marks_the_breakdown():
    found = study().honest(bounds=[0, 2, 4, 6, 8, 10])
    ax = found.plot()
    assert isinstance(ax.figure, Figure)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["Parallel\ntrends", "0", "2", "4", "6", "8", "10"]
    assert [text.get_text() for text in ax.texts] == [f"Includes 0 from {number(found.breakdown)} on"]
    assert ax.get_ylabel() == "Estimated effect on y"
    assert not study().honest(bounds=[1.0]).plot().texts
