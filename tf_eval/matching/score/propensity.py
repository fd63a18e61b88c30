"""The propensity score: logistic regression by iteratively reweighted least squares."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from tf_eval.matching.scatter import index_of, scatter
from tf_eval.matching.score.cross_fitting import Predict
from tf_eval.matching.score.newton import Derivatives, find_top
from tf_eval.matching.score.regressors import INTERCEPT, Regressors


@dataclass(frozen=True, eq=False)
class Propensity:
    """A fitted score: for each row the probability of treatment and its linear predictor (log odds)."""

    probability: np.ndarray
    linear_predictor: np.ndarray
    coefficients: dict[str, float]
    notes: tuple[str, ...]


def fit_propensity(values: np.ndarray, names: Sequence[str], treated: np.ndarray) -> Propensity:
    """Fit the probability of treatment given ``values`` (rows by columns named ``names``) by maximum likelihood.

    Columns are centred and scaled for the fit and the coefficients given back on their own scale. Constant columns,
    and columns that follow from earlier ones, are left out. Where the likelihood has no top (separation: treated and
    untreated can be told apart without error) a weak prior on the coefficients of the scaled columns helps, see
    ``find_top``. Both are said in ``notes``. Raises ``EstimationError`` where that finds no top either.
    """
    regressors = Regressors.of(values, names)
    slopes = np.append(0.0, np.ones(len(regressors.names)))
    beta, prior_notes = find_top(_derivatives(regressors.columns, treated), slopes)
    predictor = index_of(regressors.columns, beta)
    notes = (*regressors.notes, *prior_notes)
    return Propensity(expit(predictor), predictor, regressors.coefficients(beta), notes)


def learn_by_regression(values: np.ndarray, treated: np.ndarray) -> Predict:
    """Learn the log odds of treatment given ``values`` by ``fit_propensity``, to predict them of other rows."""
    names = tuple(str(column) for column in range(values.shape[1]))
    found = fit_propensity(values, names, treated).coefficients
    slopes = np.array([found.get(name, 0.0) for name in names])
    return lambda others: found[INTERCEPT] + index_of(others, slopes)


def _derivatives(regressors: np.ndarray, treated: np.ndarray) -> Derivatives:
    """Return the function from coefficients to gradient and curvature of the log-likelihood."""

    def at(beta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        probability = expit(index_of(regressors, beta))
        return regressors.T @ (treated - probability), scatter(regressors, probability * (1 - probability))

    return at
