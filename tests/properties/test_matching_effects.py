"""What holds for every effect on matched rows and every bound, whatever the outcomes."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.accepted import accepted
from tf_eval.errors import NotEstimated
from tf_eval.matching import Matched, estimate_effect, match, rosenbaum_bounds, tipping_point

small = settings(max_examples=40, deadline=None)
METHODS = {"difference": {}, "regression": {}, "g_computation": {}, "randomisation": {"seed": 3}}
SIZE = 48


def _matched() -> Matched:
    random = np.random.default_rng(21)
    frame = pd.DataFrame({"started": np.arange(SIZE) < 14, "need": random.normal(size=SIZE), "y": 0.0})
    return accepted(match(frame, on="need", treated="started", ratio=2))


MATCHED = _matched()
ROWS = len(MATCHED.frame)
# Whole numbers, so that ties are common; not all the same.
outcomes = st.lists(st.integers(-5, 5), min_size=ROWS, max_size=ROWS).filter(lambda values: len(set(values)) > 1)


def told(values) -> Matched:
    return replace(MATCHED, frame=MATCHED.frame.assign(y=np.asarray(values, dtype=float)))


@pytest.mark.parametrize("method", METHODS)
@given(values=outcomes, shift=st.integers(-7, 7))
@small
def test_what_is_given_to_the_treated_is_found(method, values, shift):
    """A constant effect more moves estimate and interval by as much and the error not at all."""
    treated = MATCHED.frame["started"].to_numpy()
    before = estimate_effect(told(values), "y", method=method, **METHODS[method])
    after = estimate_effect(told(np.array(values) + shift * treated), "y", method=method, **METHODS[method])
    if isinstance(before, NotEstimated) or isinstance(after, NotEstimated):
        return
    assert after.estimate == pytest.approx(before.estimate + shift, abs=1e-8)
    assert (after.ci_low, after.ci_high) == pytest.approx((before.ci_low + shift, before.ci_high + shift), abs=1e-8)
    assert after.std_error == pytest.approx(before.std_error, abs=1e-8)


@pytest.mark.parametrize("method", METHODS)
@given(values=outcomes, factor=st.sampled_from([-3.0, 0.01, 250.0]))
@small
def test_the_effect_scales_with_the_outcome(method, values, factor):
    # Random draws go by the order of the outcomes, which a factor below 0 turns round.
    factor = abs(factor) if method == "randomisation" else factor
    once = estimate_effect(told(values), "y", method=method, **METHODS[method])
    scaled = estimate_effect(told(factor * np.array(values)), "y", method=method, **METHODS[method])
    assert isinstance(once, NotEstimated) == isinstance(scaled, NotEstimated)
    if isinstance(once, NotEstimated):
        return
    ends = sorted([factor * once.ci_low, factor * once.ci_high])
    assert scaled.estimate == pytest.approx(factor * once.estimate, rel=1e-7, abs=1e-9)
    assert [scaled.ci_low, scaled.ci_high] == pytest.approx(ends, rel=1e-7, abs=1e-9)
    assert scaled.p_value == pytest.approx(once.p_value, rel=1e-6)


@pytest.mark.parametrize("method", METHODS)
@given(values=outcomes)
@small
def test_interval_and_p_value_say_the_same(method, values):
    effect = estimate_effect(told(values), "y", method=method, **METHODS[method])
    if isinstance(effect, NotEstimated) or min(abs(effect.ci_low), abs(effect.ci_high)) < 1e-9:
        return
    assert (effect.p_value > 0.05) == (effect.ci_low < 0 < effect.ci_high)
    assert effect.ci_low <= effect.estimate <= effect.ci_high


@given(values=outcomes, direction=st.sampled_from(["higher", "lower"]))
@small
def test_bounds_are_in_order_and_rise_with_gamma(values, direction):
    found = rosenbaum_bounds(told(values), "y", alternative=direction)
    if isinstance(found, NotEstimated):
        return
    table = found.table()
    assert (table["p_low"] <= table["p_high"] + 1e-12).all()
    # Far on the other side of the mean the approximation's variance can outgrow it; a finding is never there.
    high = table["p_high"][table["p_high"] < 0.5]
    assert high.is_monotonic_increasing


@given(values=outcomes, factor=st.sampled_from([-3.0, 0.01, 250.0]))
@small
def test_tipping_points_do_not_depend_on_units(values, factor):
    found = [tipping_point(told(scale * np.array(values)), "y", strength="after") for scale in (1.0, factor)]
    if any(isinstance(one, NotEstimated) for one in found):
        return
    once, scaled = (one.table() for one in found)
    for column in ("r2_outcome", "times_to_zero", "times_to_ci"):
        assert scaled[column].tolist() == pytest.approx(once[column].tolist(), rel=1e-5, abs=1e-7)
