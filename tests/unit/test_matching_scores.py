"""The propensity score where it is easy and where it is not."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

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


def few_treated(size: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Few are treated, and all of a kind of whom there are few: no top of the plain likelihood."""
    random = np.random.default_rng(4)
    rare = np.arange(size) < 4
    return np.column_stack([rare, random.normal(size=(size, 2))]), (random.random(size) < 0.15) | rare


@pytest.mark.parametrize("ridge", [0.16, 3.0])
def test_a_ridge_is_that_of_scikit_learn(ridge):
    values, treated = few_treated()
    scaled = (values - values.mean(axis=0)) / values.std(axis=0)
    theirs = LogisticRegression(C=1 / ridge, tol=1e-10, max_iter=1000).fit(scaled, treated)
    ours = fit_propensity(values, tuple("abc"), treated, penalty=ridge)
    # Its steps end where the slope is below tol, which leaves the odds right to about as much.
    np.testing.assert_allclose(ours.linear_predictor, theirs.decision_function(scaled), atol=1e-6)
    assert ours.notes == (f"The propensity score was fitted with a ridge of {ridge:g}.",)


def test_the_fall_back_is_a_ridge_of_016():
    values, treated = few_treated()
    plain, ridge = (fit_propensity(values, tuple("abc"), treated, penalty=penalty) for penalty in (None, 0.16))
    assert plain.linear_predictor.tolist() == ridge.linear_predictor.tolist()


def test_firth_adds_half_a_row_to_each_cell_of_a_table():
    """Where the model has a parameter for each cell, Jeffreys's prior is half a row more in each (Firth 1993)."""
    values = np.array([[0.0]] * 12 + [[1.0]] * 5)
    treated = np.array([True] * 2 + [False] * 10 + [True] * 5)
    fit = fit_propensity(values, ("x",), treated, penalty="firth")
    np.testing.assert_allclose(np.unique(fit.linear_predictor), np.log([2.5 / 10.5, 5.5 / 0.5]), atol=1e-6)
    assert fit.notes == ("The propensity score was fitted by Firth's penalised likelihood.",)


def test_firth_is_at_the_top_of_its_likelihood():
    values, treated = few_treated()
    columns = np.column_stack([np.ones(len(values)), values])

    def fall(beta):
        predictor = columns @ beta
        weight = expit(predictor) * expit(-predictor)
        information = columns.T @ (columns * weight[:, None])
        return -(treated @ predictor - np.logaddexp(0, predictor).sum() + np.log(np.linalg.det(information)) / 2)

    slow = minimize(fall, np.zeros(4), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-13, "maxiter": 10_000})
    found = list(fit_propensity(values, tuple("abc"), treated, penalty="firth").coefficients.values())
    # A search without slopes knows a top to about the root of the rounding of its height.
    np.testing.assert_allclose(found, slow.x, atol=1e-5)


def test_firth_takes_off_the_bias_of_few_rows():
    """The mean over many small samples is nearer to the truth than that of the plain likelihood."""
    random = np.random.default_rng(6)
    found = {None: [], "firth": []}
    for _ in range(300):
        values = random.normal(size=(60, 1))
        treated = random.random(60) < expit(-1.5 + 1.5 * values[:, 0])
        for penalty, slopes in found.items():
            slopes.append(fit_propensity(values, ("x",), treated, penalty=penalty).coefficients["x"])
    bias = {penalty: np.mean(slopes) - 1.5 for penalty, slopes in found.items()}
    # Slopes scatter by about 0.5: their mean over 300 by 0.03, of which these are three.
    assert abs(bias["firth"]) < 0.09 < bias[None]
