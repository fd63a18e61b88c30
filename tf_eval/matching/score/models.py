"""Propensity scores by other models than the plain one, and by folds."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from scipy.special import expit

from tf_eval.matching.score.boosting import learn_by_boosting
from tf_eval.matching.score.cross_fitting import Learn, cross_fit
from tf_eval.matching.score.propensity import Penalty, Propensity, learn_by_regression

WORDS = {"logistic": "logistic regression", "gradient_boosting": "gradient boosting"}


def choose_learner(model: str, names: Sequence[str], penalty: Penalty) -> Learn:
    """Return the way of learning by a model of ``WORDS``; the names and the penalty are of use to the logistic one."""
    return {
        "logistic": partial(learn_by_regression, names=names, penalty=penalty),
        "gradient_boosting": learn_by_boosting,
    }[model]


def learn_propensity(
    learn: Learn, model: str, values: np.ndarray, treated: np.ndarray, unit: np.ndarray, folds: int | None
) -> Propensity:
    """Return the scores by a model of ``WORDS``, each row's by a fit without its fold where there are folds."""
    if folds is None:
        learnt = learn(values, treated)
        log_odds, notes, how = learnt.predict(values), learnt.notes, ""
    else:
        log_odds, notes = cross_fit(learn, values, treated, unit, folds)
        how = f", each row's on the other {folds - 1} of {folds} parts"
    fitted = f"The propensity score was fitted by {WORDS[model]}{how}."
    return Propensity(expit(log_odds), log_odds, {}, (fitted, *notes))
