"""Propensity scores by other models than the plain one, and by folds."""

from functools import partial

import numpy as np
from scipy.special import expit

from tf_eval.matching.score.boosting import learn_by_boosting
from tf_eval.matching.score.cross_fitting import Learn, cross_fit
from tf_eval.matching.score.propensity import Penalty, Propensity, learn_by_regression, penalty_note

LEARNERS: dict[str, Learn] = {"logistic": learn_by_regression, "gradient_boosting": learn_by_boosting}
WORDS = {"logistic": "logistic regression", "gradient_boosting": "gradient boosting"}


def learn_propensity(
    model: str,
    values: np.ndarray,
    treated: np.ndarray,
    unit: np.ndarray,
    folds: int | None,
    penalty: Penalty = None,
) -> Propensity:
    """Return the scores by a model of ``LEARNERS``, each row's by a fit without its fold where there are folds.

    ``penalty`` is that of ``fit_propensity``, for the logistic model alone.
    """
    learn = LEARNERS[model] if penalty is None else partial(LEARNERS[model], penalty=penalty)
    log_odds = learn(values, treated)(values) if folds is None else cross_fit(learn, values, treated, unit, folds)
    fitted = "" if folds is None else f", each row's on the other {folds - 1} of {folds} parts"
    notes = (f"The propensity score was fitted by {WORDS[model]}{fitted}.",)
    notes += () if penalty is None else (penalty_note(penalty),)
    return Propensity(expit(log_odds), log_odds, {}, notes)
