"""The generalised propensity score against statsmodels' multinomial logit, and against the score of two arms."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from tf_eval.matching.score.generalised import fit_generalised, log_odds_of
from tf_eval.matching.score.propensity import INTERCEPT, fit_propensity

LALONDE = pd.read_csv(Path(__file__).parent / "data" / "lalonde.csv")
NAMES = ("age", "educ", "married", "nodegree", "re74", "re75")


@pytest.fixture(scope="module")
def people() -> tuple[np.ndarray, np.ndarray]:
    """LaLonde's data; the three groups of race stand for arms."""
    return LALONDE[list(NAMES)].to_numpy(dtype=float), pd.factorize(LALONDE["race"], sort=True)[0]


def test_coefficients_and_probabilities_are_those_of_statsmodels(people):
    values, arm = people
    found = fit_generalised(values, NAMES, arm)
    # Scaled for statsmodels, whose own steps would else end early: dollars are in thousands.
    scale = np.array([1, 1, 1, 1, 1000, 1000])
    fit = sm.MNLogit(arm, sm.add_constant(values / scale)).fit(method="newton", tol=1e-12, maxiter=100, disp=0)
    ours = np.array([[of_arm[name] for name in (INTERCEPT, *NAMES)] for of_arm in found.coefficients]).T
    np.testing.assert_allclose(ours[0], fit.params[0], rtol=1e-8)
    np.testing.assert_allclose(ours[1:] * scale[:, None], fit.params[1:], rtol=1e-8)
    probability = np.exp([log_odds_of(found.predictor(values), one) for one in range(3)]).T
    np.testing.assert_allclose(probability / (1 + probability), fit.predict(), rtol=1e-8)


def test_two_arms_have_the_score_of_two_arms():
    values, treated = LALONDE[list(NAMES)].to_numpy(dtype=float), LALONDE["treat"].to_numpy(dtype=bool)
    found = fit_generalised(values, NAMES, treated.astype(int))
    alone = fit_propensity(values, NAMES, treated)
    np.testing.assert_allclose(found.predictor(values)[:, 1], alone.linear_predictor, atol=1e-9)
    np.testing.assert_allclose(log_odds_of(found.predictor(values), 1), alone.linear_predictor, atol=1e-9)
    assert found.notes == alone.notes == ()


def test_columns_left_out_and_a_prior_are_told_of(people):
    values, arm = people
    more = np.column_stack([values, values[:, 0] * 2, np.ones(len(arm)), arm == 2])
    found = fit_generalised(more, (*NAMES, "twice", "same", "sure"), arm)
    assert [note.split("'")[1] for note in found.notes[:2]] == ["twice", "same"]
    assert "weak prior" in found.notes[2]
    assert np.isfinite(found.predictor(more)).all()
