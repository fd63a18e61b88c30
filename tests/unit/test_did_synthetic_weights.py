"""The two quadratic programmes, against the conditions of their optimum and a solver that knows nothing of them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from tf_eval.did.synthetic.weights import time_weights, unit_weights


def problem(seed: int, periods: int, units: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    courses = random.normal(size=(periods, units)).cumsum(axis=0) * 10 ** random.uniform(-2, 3)
    return courses, courses[:, :3].mean(axis=1) + courses.std() * random.normal(size=periods)


def slopes(weights: np.ndarray, courses: np.ndarray, target: np.ndarray, penalty: float) -> np.ndarray:
    """The objective's derivatives, an intercept being free."""
    left = courses @ weights - target
    apart = courses - courses.mean(axis=0)
    return apart.T @ (left - left.mean()) + penalty * weights


def assert_optimal(weights: np.ndarray, slope: np.ndarray, scale: float) -> None:
    """No weight can be moved to gain: slopes are lowest, and alike, where there is weight (Karush, Kuhn, Tucker)."""
    assert weights.sum() == pytest.approx(1, abs=1e-12)
    assert (weights >= 0).all()
    # Of sums of products of size ``scale``, 16 digits less what some dozens of steps take.
    assert slope[weights > 0].max() - slope.min() < 1e-9 * scale


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 30), st.integers(2, 60), st.floats(-6, 3))
def test_no_unit_can_take_weight_of_another_to_gain(seed, periods, units, exponent):
    courses, target = problem(seed, periods, units)
    penalty = periods * np.diff(courses, axis=0).var() * 10**exponent
    weights = unit_weights(courses, target, penalty)
    scale = max(np.square(courses - target[:, None]).sum(axis=0).max(), penalty)
    assert_optimal(weights, slopes(weights, courses, target, penalty), scale)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 30), st.integers(2, 60))
def test_no_period_can_take_weight_of_another_to_gain(seed, periods, units):
    courses, target = problem(seed, units, periods)
    penalty = units * (1e-6 * np.diff(courses, axis=1).std()) ** 2
    weights = time_weights(courses, target, penalty)
    scale = np.square(courses - target[:, None]).sum(axis=0).max()
    assert_optimal(weights, slopes(weights, courses, target, penalty), scale)


def test_a_general_solver_finds_the_same_weights():
    courses, target = problem(3, 12, 8)
    penalty = 12 * np.diff(courses, axis=0).var()
    apart = courses - target[:, None]
    apart = apart - apart.mean(axis=0)

    def objective(weights: np.ndarray) -> float:
        return (np.square(apart @ weights).sum() + penalty * weights @ weights) / penalty

    whole = {"type": "eq", "fun": lambda weights: weights.sum() - 1}
    options = {"ftol": 1e-14, "maxiter": 1000}
    start = np.full(8, 1 / 8)
    found = minimize(objective, start, bounds=[(0, 1)] * 8, constraints=whole, method="SLSQP", options=options)
    # SLSQP takes its slopes from differences, good to half the digits.
    np.testing.assert_allclose(unit_weights(courses, target, penalty), found.x, atol=1e-5)


def test_a_course_that_is_a_mean_of_two_is_found_with_next_to_no_penalty():
    courses, _ = problem(4, 25, 10)
    target = 0.3 * courses[:, 2] + 0.7 * courses[:, 7] + 100
    weights = unit_weights(courses, target, 1e-9 * courses.var())
    np.testing.assert_allclose(weights[[2, 7]], [0.3, 0.7], atol=1e-6)


def test_units_and_periods_that_are_all_alike_count_alike():
    flat = np.tile(np.arange(5.0)[:, None], 4)
    np.testing.assert_array_equal(unit_weights(flat, np.arange(5.0) ** 2, 0.0), np.full(4, 0.25))
    np.testing.assert_array_equal(time_weights(flat.T, np.ones(4), 0.0), np.full(5, 0.2))


def test_many_units_are_no_trouble():
    random = np.random.default_rng(5)
    courses = random.normal(size=(24, 4_000)).cumsum(axis=0)
    target = courses[:, :3].mean(axis=1)
    weights = unit_weights(courses, target, 48.0)
    scale = np.square(courses - target[:, None]).sum(axis=0).max()
    assert_optimal(weights, slopes(weights, courses, target, 48.0), scale)
    assert 10 < (weights > 0).sum() < 5_000
