"""Shrunk effects: Morris's formulas by hand, the likelihood on a grid, and what must not matter."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tf_eval.errors import NotEstimated
from tf_eval.evidence.league.shrinkage import shrink

VALUES = np.array([-3.0, -1.0, 0.0, 0.5, 2.0, 4.5])


def test_equal_errors_give_morris_by_hand():
    count, variance = len(VALUES), 2.0
    found = shrink(VALUES, variance * np.eye(count))
    apart = VALUES - VALUES.mean()
    share = (count - 3) * variance / (apart @ apart)
    assert found.values == pytest.approx(VALUES - share * apart)
    # Morris (1983), equation 1.17 with one coefficient: l = 1, and v = 2 B^2 / (k - 3) where all variances are alike.
    squares = variance * (1 - (count - 1) / count * share) + 2 / (count - 3) * share**2 * apart**2
    # The spread is found to about nine figures.
    assert found.std_errors == pytest.approx(np.sqrt(squares), rel=1e-6)
    assert found.prior.spread == pytest.approx(np.sqrt(apart @ apart / (count - 1) - variance), rel=1e-6)


def test_the_spread_maximises_the_likelihood_of_contrasts():
    errors = np.array([0.5, 0.8, 1.0, 1.5, 0.6, 2.0])
    contrasts = np.linalg.qr(np.column_stack([np.ones(6), np.eye(6)[:, :5]]))[0][:, 1:]
    grid = np.linspace(0, 8, 1601)
    total = [contrasts.T @ (np.diag(errors**2) + square * np.eye(6)) @ contrasts for square in grid]
    likelihood = [stats.multivariate_normal(cov=each).logpdf(contrasts.T @ VALUES) for each in total]
    best = grid[int(np.argmax(likelihood))]
    # The grid's own step.
    assert shrink(VALUES, np.diag(errors**2)).prior.spread ** 2 == pytest.approx(best, abs=0.005)


def test_nothing_but_noise_is_drawn_almost_to_the_mean():
    found = shrink(np.full(20, 0.3), np.eye(20))
    assert found.prior.spread == 0
    assert found.values == pytest.approx(np.full(20, 0.3))


def test_an_error_that_all_share_moves_no_effect_against_another():
    """What comparison families shared by all do to estimates tells nothing of how effects are spread."""
    own, shared = 1.5, 4.0
    together = shrink(VALUES, own * np.eye(6) + shared)
    alone = shrink(VALUES, own * np.eye(6))
    assert together.values == pytest.approx(alone.values, rel=1e-6)
    assert together.std_errors**2 == pytest.approx(alone.std_errors**2 + shared, rel=1e-6)


@pytest.mark.parametrize("count", [2, 3])
def test_with_fewer_than_four_nothing_is_shrunk(count):
    found = shrink(VALUES[:count], np.eye(count))
    assert isinstance(found, NotEstimated)
    assert f"from 4 interventions on, and {count} have an estimate" in found.reason


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(4, 15), st.floats(-50, 50), st.floats(0.01, 100))
def test_units_origin_and_order_do_not_matter(seed, count, shift, scale):
    random = np.random.default_rng(seed)
    values, errors = 2 * random.normal(size=count), random.uniform(0.5, 1.5, count)
    found, order = shrink(values, np.diag(errors**2)), random.permutation(count)
    other = shrink((shift + scale * values)[order], np.diag((scale * errors[order]) ** 2))
    # The spread is found to within 1e-9 of the largest that was searched, in either unit.
    assert other.values == pytest.approx(shift + scale * found.values[order], abs=1e-4 * scale)
    assert other.std_errors == pytest.approx(scale * found.std_errors[order], rel=1e-4)
    between = (found.values - found.prior.mean) * (values - found.prior.mean)
    assert (between >= -1e-9).all()
    assert (np.abs(found.values - found.prior.mean) <= np.abs(values - found.prior.mean) + 1e-9).all()
