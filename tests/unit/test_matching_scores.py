"""The propensity score where it is easy and where it is not."""

import numpy as np
import pytest
from scipy.special import expit

from tf_eval.matching.score.propensity import INTERCEPT, fit_propensity


@pytest.fixture
def sample():
    random = np.random.default_rng(1)
    values = random.normal(size=(400, 2)) * [1.0, 1000.0] + [0.0, 5000.0]
    return values, random.random(400) < expit(-0.5 + values[:, 0] + 0.001 * (values[:, 1] - 5000))


def test_the_likelihood_equations_hold(sample):
    values, treated = sample
    residual = treated - fit_propensity(values, ("x", "y"), treated).probability
    # At the top of the likelihood the residual is at right angles to each column.
    np.testing.assert_allclose([residual.sum(), *(residual @ values)], 0, atol=1e-6)


def test_coefficients_give_the_predictor(sample):
    values, treated = sample
    fit = fit_propensity(values, ("x", "y"), treated)
    again = fit.coefficients[INTERCEPT] + values @ [fit.coefficients["x"], fit.coefficients["y"]]
    np.testing.assert_allclose(fit.linear_predictor, again, atol=1e-9)
    np.testing.assert_allclose(fit.probability, expit(fit.linear_predictor))


def test_a_table_of_two_by_two_gives_its_shares():
    values = np.array([[0.0]] * 10 + [[1.0]] * 10)
    treated = np.array([True] * 2 + [False] * 8 + [True] * 7 + [False] * 3)
    np.testing.assert_allclose(np.unique(fit_propensity(values, ("x",), treated).probability), [0.2, 0.7])


def test_constant_and_repeated_columns_are_left_out_and_named(sample):
    values, treated = sample
    more = np.column_stack([np.full(400, 7.3), values, values[:, 0] * 2 - values[:, 1]])
    fit = fit_propensity(more, ("same", "x", "y", "sum"), treated)
    assert list(fit.coefficients) == [INTERCEPT, "x", "y"]
    assert fit.notes == (
        "'same' was left out of the propensity score: it is the same in every row.",
        "'sum' was left out of the propensity score: it follows from the other covariates.",
    )
    np.testing.assert_allclose(fit.probability, fit_propensity(values, ("x", "y"), treated).probability, atol=1e-9)


def test_separation_falls_back_to_a_prior_and_says_so():
    values = np.arange(20.0)[:, None]
    fit = fit_propensity(values, ("x",), values[:, 0] >= 10)
    assert any("weak prior" in note for note in fit.notes)
    assert (np.diff(fit.probability) > 0).all()
    assert 0 < fit.probability.min() < fit.probability.max() < 1


def test_quasi_separation_by_one_level_falls_back_too():
    random = np.random.default_rng(2)
    rare = np.zeros(200)
    rare[:5] = 1
    treated = (random.random(200) < 0.4) | (rare == 1)
    fit = fit_propensity(np.column_stack([rare, random.normal(size=200)]), ("rare", "x"), treated)
    assert any("weak prior" in note for note in fit.notes)
    assert np.isfinite(list(fit.coefficients.values())).all()


def test_no_usable_column_gives_the_share_of_the_treated():
    fit = fit_propensity(np.ones((10, 1)), ("x",), np.arange(10) < 3)
    np.testing.assert_allclose(fit.probability, 0.3)


def test_equal_rows_have_equal_scores_to_the_last_bit():
    random = np.random.default_rng(3)
    values = np.repeat(random.normal(size=(37, 9)), 11, axis=0)
    fit = fit_propensity(values, tuple("abcdefghi"), random.random(len(values)) < 0.4)
    assert len(np.unique(fit.linear_predictor)) == 37
