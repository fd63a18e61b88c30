"""The propensity score: logistic regression by iteratively reweighted least squares."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from tf_eval.errors import EstimationError
from tf_eval.matching.scatter import index_of, pivots, scatter
from tf_eval.matching.score.cross_fitting import Learnt
from tf_eval.matching.score.firth import climb_firth

INTERCEPT = "(Intercept)"
COLLINEAR = 1e-7  # residual over length of a column, as R's glm
PLAIN = 1e-4  # far enough from collinear to be told by products of columns, which keep half the digits
MOST_STEPS = 30
STEP_TOLERANCE = 1e-9
FLATTEST = 1e12  # condition of the curvature beyond which the likelihood has no top to be seen
PRIOR_SD = 2.5
PRIOR_NOTE = (
    "The propensity score has no maximum-likelihood fit (treated and comparison rows can be told apart almost without "
    "error, or covariates nearly repeat each other), so it was fitted with a weak prior (ridge); look at the overlap."
)
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
    untreated can be told apart without error), or none is found in 30 steps, a fit without penalty is repeated with
    independent normal priors of standard deviation 2.5 on the coefficients of the scaled columns, after Gelman,
    Jakulin, Pittau and Su (2008); that is a ridge of 0.16. All of this is said in ``notes``. Raises
    ``EstimationError`` where that finds no top either.
    """
    centre, spread = values.mean(axis=0), values.std(axis=0)
    varying = spread > COLLINEAR * np.maximum(np.abs(centre), np.finfo(float).tiny)
    columns = _with_intercept(values, centre, np.where(varying, spread, 1.0))
    kept = [column for column in _independent(columns[:, 1:]) if varying[column]]
    notes = [_left_out(name, bool(varying[column])) for column, name in enumerate(names) if column not in kept]
    regressors = columns if len(kept) == len(names) else np.take(columns, [0, *(1 + np.array(kept, int))], axis=1)
    beta, note = _fit(regressors, treated, penalty)
    notes += [note] if note else []
    predictor = index_of(regressors, beta)
    slopes = beta[1:] / spread[kept]
    coefficients = {INTERCEPT: float(beta[0] - slopes @ centre[kept])}
    coefficients |= {names[column]: float(slope) for column, slope in zip(kept, slopes, strict=True)}
    return Propensity(expit(predictor), predictor, coefficients, tuple(notes))


def learn_by_regression(
    values: np.ndarray, treated: np.ndarray, names: Sequence[str], penalty: Penalty = None
) -> Learnt:
    """Learn the log odds of treatment given ``values`` by ``fit_propensity``, to predict them of other rows."""
    fitted = fit_propensity(values, names, treated, penalty)
    found = fitted.coefficients
    slopes = np.array([found.get(name, 0.0) for name in names])
    return Learnt(lambda others: found[INTERCEPT] + index_of(others, slopes), fitted.notes)


def _with_intercept(values: np.ndarray, centre: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Return a column of ones and the scaled columns, written once: copies cost as much as a step of the fit."""
    columns = np.ones((len(values), values.shape[1] + 1))
    np.subtract(values, centre, out=columns[:, 1:])
    columns[:, 1:] /= scale
    return columns


def _left_out(name: str, varying: bool) -> str:
    reason = "it follows from the other covariates" if varying else "it is the same in every row"
    return f"'{name}' was left out of the propensity score: {reason}."


def _independent(columns: np.ndarray) -> list[int]:
    """Return the columns that do not follow from those before them.

    Where all are plainly apart their products tell so already, at a tenth of the cost.
    """
    products = columns.T @ columns
    kept = pivots(products, np.diag(products), PLAIN)
    return kept if len(kept) == columns.shape[1] else _orthogonal(columns)


def _orthogonal(columns: np.ndarray) -> list[int]:
    """Return the columns that do not follow from those before them, by Gram-Schmidt with a second pass."""
    basis = np.empty_like(columns, order="F")
    kept: list[int] = []
    for number in range(columns.shape[1]):
        residual = columns[:, number].copy()
        for _ in range(2):
            known = basis[:, : len(kept)]
            residual -= known @ (known.T @ residual)
        length = np.linalg.norm(residual)
        if length > COLLINEAR * np.linalg.norm(columns[:, number]):
            basis[:, len(kept)] = residual / length
            kept.append(number)
    return kept


def _fit(regressors: np.ndarray, treated: np.ndarray, penalty: Penalty) -> tuple[np.ndarray, str | None]:
    """Return the coefficients, and what has to be said of them."""
    note = None if penalty is None else _penalty_note(penalty)
    beta, converged = _climb_by(penalty or 0.0, regressors, treated)
    if not converged and penalty is None:
        note = PRIOR_NOTE
        beta, converged = _climb_by(PRIOR_SD**-2, regressors, treated)
    if not converged:
        raise EstimationError("match: the propensity score could not be fitted; look for extreme values in covariates")
    return beta, note


def _penalty_note(penalty: float | str) -> str:
    """Return what a fit with a penalty says of itself."""
    how = "by Firth's penalised likelihood" if penalty == FIRTH else f"with a ridge of {penalty:g}"
    return f"The propensity score was fitted {how}."


def _climb_by(penalty: float | str, regressors: np.ndarray, treated: np.ndarray) -> tuple[np.ndarray, bool]:
    return climb_firth(regressors, treated) if penalty == FIRTH else _climb(regressors, treated, penalty)


def _climb(regressors: np.ndarray, treated: np.ndarray, penalty: float) -> tuple[np.ndarray, bool]:
    """Newton's steps to the top of the (penalised) log-likelihood; say whether it was reached."""
    ridge = np.full(regressors.shape[1], penalty)
    ridge[0] = 0.0
    beta = np.zeros(regressors.shape[1])
    for _ in range(MOST_STEPS):
        probability = expit(index_of(regressors, beta))
        curvature = scatter(regressors, probability * (1 - probability)) + np.diag(ridge)
        if np.linalg.cond(curvature) > FLATTEST:
            return beta, False
        step = np.linalg.solve(curvature, regressors.T @ (treated - probability) - ridge * beta)
        beta = beta + step
        if np.abs(step).max() < STEP_TOLERANCE:
            return beta, True
    return beta, False
