"""The two-period estimators, for many outcome changes of the same rows at once, with their influence functions.

Sant'Anna and Zhao (2020, Journal of Econometrics 219): outcome regression, inverse probability weighting (normalised)
and the doubly robust estimator with logit and least squares. An influence function here is scaled so that the variance
of an estimate is the plain sum of its squares over independent units.
"""

from dataclasses import dataclass

import numpy as np

from tf_eval.did.covariates import independent_columns
from tf_eval.did.logit import Logit, fit_logit
from tf_eval.errors import NotEstimated

# Comparison units whose fitted chance of treatment is above this are set aside, as the reference implementation does:
# their odds would outweigh everyone else's.
TRIM = 0.995


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows that cells share: arms, weights and the design matrix (intercept first)."""

    treated: np.ndarray
    weight: np.ndarray
    matrix: np.ndarray


@dataclass(frozen=True, eq=False)
class Contrast:
    """Effects (one per change) and their influence (rows by changes)."""

    att: np.ndarray
    influence: np.ndarray


def estimate_contrast(changes: np.ndarray, rows: Rows, method: str) -> Contrast | NotEstimated:
    """Return the effect on the treated for every column of ``changes`` (rows by cells), or why it cannot be had.

    The columns of the design matrix are independent; see ``without_collinear``.
    """
    if rows.matrix.shape[1] == 1:
        # With an intercept alone all three estimators are the difference of mean changes.
        return _combine(changes, rows, rows.weight * ~rows.treated)
    outcome_model = None if method == "inverse_probability" else _regress(changes, rows)
    chance = None if method == "outcome_regression" else fit_logit(rows.matrix, rows.treated, rows.weight)
    if isinstance(outcome_model, NotEstimated):
        return outcome_model
    if chance is None and method != "outcome_regression":
        return NotEstimated("no overlap: the covariates foretell who is treated")
    return _with_models(changes, rows, outcome_model, chance)


@dataclass(frozen=True, eq=False)
class _OutcomeModel:
    residuals: np.ndarray
    inverse_gram: np.ndarray


def without_collinear(rows: Rows) -> Rows:
    """Return the rows with those columns of the design matrix that are no combination of the earlier ones."""
    kept = independent_columns(rows.matrix.T @ rows.matrix)
    return rows if len(kept) == rows.matrix.shape[1] else Rows(rows.treated, rows.weight, rows.matrix[:, kept])


def _regress(changes: np.ndarray, rows: Rows) -> _OutcomeModel | NotEstimated:
    """Least squares of the changes on the covariates among comparison rows: one factorisation, many outcomes."""
    comparison = ~rows.treated
    weighted = rows.matrix[comparison] * rows.weight[comparison, None]
    gram = weighted.T @ rows.matrix[comparison]
    if len(independent_columns(gram)) < len(gram):
        return NotEstimated("the covariates are collinear among the comparison units")
    inverse = np.linalg.inv(gram)
    coefficients = inverse @ (weighted.T @ changes[comparison])
    return _OutcomeModel(changes - rows.matrix @ coefficients, inverse)


def _with_models(
    changes: np.ndarray, rows: Rows, outcome_model: _OutcomeModel | None, chance: Logit | None
) -> Contrast:
    """Put together whichever of the two models the method uses, with the error that estimating each one adds."""
    residuals = changes if outcome_model is None else outcome_model.residuals
    odds = np.zeros(len(rows.weight)) if chance is None else _odds_weights(rows, chance)
    contrast = _combine(residuals, rows, odds)
    influence = contrast.influence
    if chance is not None:
        influence = influence - _chance_error(residuals, rows, odds, chance)
    if outcome_model is not None:
        influence = influence - _regression_error(rows, odds, outcome_model)
    return Contrast(contrast.att, influence)


def _odds_weights(rows: Rows, chance: Logit) -> np.ndarray:
    usable = ~rows.treated & (chance.score < TRIM)
    return np.where(usable, rows.weight * chance.score / (1 - chance.score), 0.0)


def _combine(values: np.ndarray, rows: Rows, comparison_weight: np.ndarray) -> Contrast:
    """Weighted mean of the treated less that of the comparison (nothing where no comparison row has weight)."""
    att, influence = _centred_mean(values, rows.weight * rows.treated)
    if comparison_weight.any():
        mean, error = _centred_mean(values, comparison_weight)
        att, influence = att - mean, influence - error
    return Contrast(att, influence)


def _centred_mean(values: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    shares = weight / weight.sum()
    mean = shares @ values
    return mean, shares[:, None] * (values - mean)


def _chance_error(residuals: np.ndarray, rows: Rows, odds: np.ndarray, chance: Logit) -> np.ndarray:
    _, centred = _centred_mean(residuals, odds)
    gradient = chance.inverse_hessian @ (rows.matrix.T @ centred)
    score = rows.matrix * (rows.weight * (rows.treated - chance.score))[:, None]
    return score @ gradient


def _regression_error(rows: Rows, odds: np.ndarray, model: _OutcomeModel) -> np.ndarray:
    treated = rows.weight * rows.treated
    distance = rows.matrix.T @ (treated / treated.sum())
    if odds.any():
        distance = distance - rows.matrix.T @ (odds / odds.sum())
    reach = rows.matrix @ (model.inverse_gram @ distance)
    return (reach * rows.weight * ~rows.treated)[:, None] * model.residuals
