"""Each method as a weighted regression and the one combination of its coefficients that is the effect."""

import numpy as np

from tf_eval.matching.effects.regression import WeightedFit, fit_weighted
from tf_eval.matching.effects.rows import Rows


def fit_method(rows: Rows, method: str) -> tuple[WeightedFit, np.ndarray]:
    """Return the fit of the outcome model and the contrast: the effect on those asked about who were matched.

    The treatment is the column after the constant, and covariates are centred at the mean of those of whom the effect
    is asked, as a rule the treated. So its coefficient is the effect on them, also where the slopes differ by arm:
    g-computation is then the average over them of their two predictions (Robins 1986; after matching: Ho, Imai, King
    and Stuart 2007).
    """
    treated = rows.treated.astype(float)[:, None]
    centred = _centred(rows)
    parts = {
        "difference": [],
        "regression": [centred],
        "g_computation": [centred, centred * treated],
    }[method]
    regressors = np.hstack([np.ones_like(treated), treated, *parts])
    contrast = np.eye(1, regressors.shape[1], 1)[0]
    return fit_weighted(regressors, rows.outcome, rows.weight), contrast


def drift(rows: Rows, method: str, fit: WeightedFit) -> np.ndarray:
    """Return how far each row moves the effect by counting among those whose mean it is, where these count by weights.

    That is for overlap, with effects that differ with covariates. Elsewhere it is 0: those asked about are these rows.
    """
    if method != "g_computation" or rows.estimand != "ato":
        return np.zeros(len(rows.outcome))
    centred = _centred(rows)
    slopes = fit.coefficients[2 + centred.shape[1] :]
    return rows.asked / rows.asked.sum() * (centred @ slopes)


def _centred(rows: Rows) -> np.ndarray:
    if not rows.covariates.shape[1]:
        return rows.covariates
    return rows.covariates - np.average(rows.covariates, axis=0, weights=rows.asked)
