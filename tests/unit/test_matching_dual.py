"""The kernels of balancing weights: two laws, the dual, and the penalised quadratic in each of its steps."""

import numpy as np
import pytest
from scipy.optimize import minimize

from tf_eval.matching.weighting.dual import Blocks, solve_dual
from tf_eval.matching.weighting.lasso import lowest_point
from tf_eval.matching.weighting.laws import exponential, least_variable

TWO = Blocks(start=np.array([0, 3]), size=np.array([3, 4]), total=np.array([0.25, 0.75]))


@pytest.fixture
def moments() -> np.ndarray:
    return np.random.default_rng(7).normal(size=(7, 2))


@pytest.mark.parametrize("law", [exponential, least_variable])
def test_weights_of_a_law_sum_to_the_total_of_each_block(law):
    for size in (0.0, 1.0, 1e6):
        answer = law(size * np.array([0.0, 1, 2, 5, -3, 0, 4]), TWO)
        np.testing.assert_allclose(TWO.sums(answer.weight), TWO.total)
        assert (answer.weight >= 0).all()


@pytest.mark.parametrize("law", [exponential, least_variable])
def test_the_weights_are_the_slope_of_the_value(law):
    index, step = np.array([0.1, 0.5, -0.2, 0.9, 0.0, 0.3, -0.4]), 1e-6
    for row in range(7):
        ahead, back = (law(index + sign * step * (np.arange(7) == row), TWO).value for sign in (1, -1))
        assert (ahead - back) / (2 * step) == pytest.approx(law(index, TWO).weight[row], abs=1e-8)


def test_the_level_of_least_variable_weights_by_hand():
    # Of 3, 2, 0 and three rows: the first two lie 2 and 1 above a level of 1, which is three times the total of 1.
    block = Blocks(np.array([0]), np.array([3]), np.array([1.0]))
    np.testing.assert_allclose(least_variable(np.array([3.0, 2.0, 0.0]), block).weight, [2 / 3, 1 / 3, 0])


@pytest.mark.parametrize("law", [exponential, least_variable])
@pytest.mark.parametrize("slack", [0.0, 0.05, 0.2])
def test_the_dual_meets_its_slack_and_closes_its_gap(moments, law, slack):
    centred = moments - moments.mean(axis=0) + 0.1
    found = solve_dual(centred, TWO, law, slack, [0, 1])
    assert (np.abs(found.imbalance) <= slack + 1e-9).all()
    assert found.gap(slack) == pytest.approx(0, abs=1e-9)


def test_what_cannot_be_met_ends_and_shows():
    found = solve_dual(np.abs(np.random.default_rng(2).normal(size=(7, 2))) + 1, TWO, exponential, 0.0, [0, 1])
    assert (found.imbalance > 0.5).all()


@pytest.mark.parametrize("seed", range(20))
def test_the_lowest_point_of_a_penalised_quadratic(seed):
    random = np.random.default_rng(seed)
    root, slope = random.normal(size=(4, 5)), random.normal(size=5)
    curvature = root.T @ root + (0.01 if seed % 2 else 1e-12) * np.eye(5)
    slope = slope if seed % 2 else root.T @ root @ slope  # without a ridge only such a slope has a lowest point
    value = lambda x: x @ curvature @ x / 2 + slope @ x + 0.3 * np.abs(x).sum()  # noqa: E731
    found = lowest_point(curvature, slope, 0.3)
    halves = minimize(lambda pq: value(pq[:5] - pq[5:]), np.zeros(10), bounds=[(0, None)] * 10, method="L-BFGS-B")
    assert value(found) <= value(halves.x[:5] - halves.x[5:]) + 1e-7


def test_of_two_columns_that_are_the_same_one_serves():
    found = lowest_point(np.ones((2, 2)) + 1e-12 * np.eye(2), np.array([-1.0, -1.0]), 0.5)
    assert found.sum() == pytest.approx(0.5)
