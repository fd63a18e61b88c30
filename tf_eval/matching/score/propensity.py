"""The propensity score: logistic regression by iteratively reweighted least squares."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from tf_eval.errors import EstimationError
from tf_eval.matching.scatter import index_of, scatter
from tf_eval.matching.score.cross_fitting import Learnt
from tf_eval.matching.score.firth import climb_firth
from tf_eval.matching.score.newton import NO_TOP, Derivatives, climb, find_top
from tf_eval.matching.score.regressors import INTERCEPT, Regressors

FIRTH = "firth"

Penalty = float | str | None  # a ridge, Firth's, or none


@dataclass(frozen=True, eq=False)
class Propensity:
    """A fitted score: for each row the probability of treatment and its linear predictor (log odds)."""

    probability: np.ndarray
    linear_predictor: np.ndarray
    coefficients: dict[str, float]
    notes: tuple[str, ...]


def fit_propensity(
    values: np.ndarray, names: Sequence[str], treated: np.ndarray, penalty: Penalty = None
) -> Propensity:
    """Fit the probability of treatment given ``values`` (rows by columns named ``names``) by maximum likelihood.

    ``penalty`` is a ridge, of which half times the squared coefficients of the scaled columns is taken off the log
    likelihood; or ``"firth"``, see ``climb_firth``; or None.

    Columns are centred and scaled for the fit and the coefficients given back on their own scale. Constant columns,
    and columns that follow from earlier ones, are left out. Where the likelihood has no top (separation: treated and
    untreated can be told apart without error) a fit without penalty is repeated with a weak prior on the coefficients
    of the scaled columns, see ``find_top``; that is a ridge of 0.16. All of this is said in ``notes``. Raises
    ``EstimationError`` where that finds no top either.
    """
    regressors = Regressors.of(values, names)
    beta, notes = _fit(regressors.columns, treated, penalty)
    predictor = index_of(regressors.columns, beta)
    return Propensity(expit(predictor), predictor, regressors.coefficients(beta), (*regressors.notes, *notes))


def learn_by_regression(
    values: np.ndarray, treated: np.ndarray, names: Sequence[str], penalty: Penalty = None
) -> Learnt:
    """Learn the log odds of treatment given ``values`` by ``fit_propensity``, to predict them of other rows."""
    fitted = fit_propensity(values, names, treated, penalty)
    found = fitted.coefficients
    slopes = np.array([found.get(name, 0.0) for name in names])
    return Learnt(lambda others: found[INTERCEPT] + index_of(others, slopes), fitted.notes)


def _fit(regressors: np.ndarray, treated: np.ndarray, penalty: Penalty) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the coefficients, and what has to be said of them."""
    slopes, derivatives = np.append(0.0, np.ones(regressors.shape[1] - 1)), _derivatives(regressors, treated)
    if penalty is None:
        return find_top(derivatives, slopes)
    by_firth = penalty == FIRTH
    beta, reached = climb_firth(regressors, treated) if by_firth else climb(derivatives, penalty * slopes)
    if not reached:
        raise EstimationError(NO_TOP)
    return beta, (_penalty_note(penalty),)


def _penalty_note(penalty: float | str) -> str:
    """Return what a fit with a penalty says of itself."""
    how = "by Firth's penalised likelihood" if penalty == FIRTH else f"with a ridge of {penalty:g}"
    return f"The propensity score was fitted {how}."


def _derivatives(regressors: np.ndarray, treated: np.ndarray) -> Derivatives:
    """Return the function from coefficients to gradient and curvature of the log-likelihood."""

    def at(beta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        probability = expit(index_of(regressors, beta))
        return regressors.T @ (treated - probability), scatter(regressors, probability * (1 - probability))

    return at
