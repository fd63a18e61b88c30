"""Propensity scores by other models than the plain one, and by folds."""

import numpy as np
from scipy.special import expit

from tf_eval.matching.score.boosting import learn_by_boosting
from tf_eval.matching.score.cross_fitting import Learn, cross_fit
from tf_eval.matching.score.propensity import Propensity, learn_by_regression

LEARNERS: dict[str, Learn] = {"logistic": learn_by_regression, "gradient_boosting": learn_by_boosting}
WORDS = {"logistic": "logistic regression", "gradient_boosting": "gradient boosting"}


def learn_propensity(
    model: str, values: np.ndarray, treated: np.ndarray, unit: np.ndarray, folds: int | None
) -> Propensity:
    """Return the scores by a model of ``LEARNERS``, each row's by a fit without its fold where there are folds."""
    learn = LEARNERS[model]
    log_odds = learn(values, treated)(values) if folds is None else cross_fit(learn, values, treated, unit, folds)
    fitted = "" if folds is None else f", each row's on the other {folds - 1} of {folds} parts"
    note = f"The propensity score was fitted by {WORDS[model]}{fitted}."
    return Propensity(expit(log_odds), log_odds, {}, (note,))
