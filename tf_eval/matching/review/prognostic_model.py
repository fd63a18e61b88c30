"""What would have been without treatment, as far as covariates tell: a model of the outcome of comparison rows."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from tf_eval.errors import EstimationError
from tf_eval.matching.effects.regression import fit_weighted
from tf_eval.matching.review.statistics import is_binary
from tf_eval.matching.score.propensity import learn_by_regression

Predict = Callable[[np.ndarray], np.ndarray]

ROWS_PER_COLUMN = 10  # rows, and of yes/no as many of either answer, that a model needs for each column (Harrell 2015)


@dataclass(frozen=True, eq=False)
class Prognosis:
    """The outcome of every row as the covariates predict it.

    predicted   one number for each row of the sample; of yes/no the probability of yes
    explained   share of the variance of the outcome that the model explains in the rows that it was fitted on
    """

    predicted: np.ndarray
    explained: float


def enough_to_fit(outcome: np.ndarray, columns: int) -> bool:
    """Say whether rows with this outcome carry a model of so many columns."""
    fewest = min(np.sum(outcome == 0), np.sum(outcome == 1)) if is_binary(outcome) else len(outcome)
    return bool(fewest >= ROWS_PER_COLUMN * (columns + 1))


def predict_outcome(regressors: np.ndarray, outcome: np.ndarray, rows: np.ndarray) -> Prognosis:
    """Fit the outcome in some rows, numbers by least squares and yes/no by logistic regression, and predict it in all.

    Args:
        regressors: rows by columns, without a constant.
        outcome: a number for each row; only that of ``rows`` is looked at.
        rows: the rows to fit on.

    Raises ``EstimationError`` where the outcome is the same in all of them, or no model is found.
    """
    seen = outcome[rows]
    if not np.ptp(seen) > 0:
        raise EstimationError("the outcome is the same in all comparison rows; there is nothing to predict")
    predict = (_learn_yes_no if is_binary(seen) else _learn_number)(regressors[rows], seen)
    predicted = predict(regressors)
    left = np.sum((seen - predicted[rows]) ** 2)
    return Prognosis(predicted, float(1 - left / np.sum((seen - seen.mean()) ** 2)))


def _learn_number(values: np.ndarray, outcome: np.ndarray) -> Predict:
    fit = fit_weighted(_with_constant(values), outcome, np.ones(len(outcome)))
    return lambda others: _with_constant(others) @ fit.coefficients


def _learn_yes_no(values: np.ndarray, outcome: np.ndarray) -> Predict:
    names = [str(column) for column in range(values.shape[1])]
    try:
        learnt = learn_by_regression(values, outcome == 1, names)
    except EstimationError:
        raise EstimationError("no model of the outcome was found; look for extreme values in covariates") from None
    return lambda others: expit(learnt.predict(others))


def _with_constant(values: np.ndarray) -> np.ndarray:
    return np.column_stack([np.ones(len(values)), values])
