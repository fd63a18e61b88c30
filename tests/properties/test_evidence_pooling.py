"""What holds of any estimates that are pooled."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from tf_eval.evidence.between import _Apart, variance_between
from tf_eval.evidence.pooling import pool_effects
from tf_eval.evidence.pooling.random_effects import METHODS, random_effects

ROWS = st.lists(st.tuples(st.floats(-50, 50), st.floats(0.1, 20)), min_size=2, max_size=12)


def pooled(rows, method="reml"):
    effects, errors = np.array(rows, dtype=float).T
    return random_effects(effects, errors, np.full(len(rows), np.inf), confidence=0.95, method=method)


@settings(max_examples=50, deadline=None)
@given(ROWS, st.sampled_from(METHODS))
def test_the_interval_is_never_narrower_than_the_normals(rows, method):
    found = pooled(rows, method)
    errors = np.array(rows).T[1]
    for tau_squared in (0.0, found.tau_squared):
        normal = stats.norm.ppf(0.975) / math.sqrt((1 / (errors**2 + tau_squared)).sum())
        assert found.ci_high - found.effect >= normal * (1 - 1e-9)
    assert min(rows)[0] - 1e-9 <= found.effect <= max(rows)[0] + 1e-9
    if len(rows) > 2:
        # Where tau² can only be 0 they are the same, to the accuracy at which ends are looked for.
        assert found.prediction_low <= found.ci_low + 1e-9 * (found.ci_high - found.ci_low)


@settings(max_examples=50, deadline=None)
@given(ROWS)
def test_no_other_variance_is_likelier(rows):
    effects, errors = np.array(rows, dtype=float).T
    found = pooled(rows).tau_squared
    others = np.r_[0.0, np.geomspace(1e-6, 1e4, 300), found * 0.999, found * 1.001]
    likelihood = _Apart.of(effects, errors**2).likelihood
    best = likelihood(np.array([found]))[0]
    # Where it is flat, the likelihood of neighbours differs by rounding alone.
    assert (likelihood(others) <= best + 1e-9 * max(1.0, abs(best))).all()


@settings(max_examples=50, deadline=None)
@given(ROWS, st.floats(0, 100))
def test_errors_told_as_a_covariance_give_the_same_variance_whatever_all_share(rows, shared):
    effects, errors = np.array(rows, dtype=float).T
    found = variance_between(effects, errors**2)
    # Next to 0 the variance may jump: rounding decides whether it is exactly 0.
    assume(found == 0 or found > 1e-3)
    together = variance_between(effects, np.diag(errors**2) + shared)
    assert together == pytest.approx(found, rel=1e-5, abs=1e-3)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.floats(-20, 20), st.floats(0.01, 100), st.randoms(use_true_random=False))
def test_unit_origin_and_order_do_not_matter(rows, shift, scale, random):
    before = pooled(rows)
    # Next to 0 the variance may jump: rounding decides whether it is exactly 0.
    assume(before.tau_squared == 0 or before.tau_squared > 1e-3)
    moved = [((effect + shift) * scale, error * scale) for effect, error in rows]
    random.shuffle(moved)
    after = pooled(moved)
    size = scale * (50 + abs(shift))
    assert after.effect == pytest.approx((before.effect + shift) * scale, abs=1e-6 * size)
    assert after.std_error == pytest.approx(before.std_error * scale, rel=1e-5)
    if len(rows) > 2:
        ends = [(end + shift) * scale for end in (before.prediction_low, before.prediction_high)]
        assert [after.prediction_low, after.prediction_high] == pytest.approx(ends, rel=1e-5, abs=1e-6 * size)
    assert after.tau == pytest.approx(before.tau * scale, rel=1e-4, abs=1e-6 * size)


@settings(max_examples=10, deadline=None)
@given(ROWS, st.integers(0, 11))
def test_adding_a_row_and_pooling_anew_are_the_same(rows, cut):
    table = pd.DataFrame(rows, columns=["value", "std_error"]).assign(
        place=lambda frame: [f"p{i}" for i in frame.index]
    )
    cut = 1 + cut % (len(rows) - 1)
    living = pool_effects(table.iloc[:cut]).with_(table.iloc[cut:])
    assert living.of().found.effect == pool_effects(table).of().found.effect
