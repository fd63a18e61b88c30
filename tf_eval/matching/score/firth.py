"""Logistic regression by Firth's penalised likelihood, which has a top whatever the rows."""

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from tf_eval.matching.scatter import index_of, scatter

FLATTEST = 1e-10  # slope for each row, at which the climb ends
FLAT = 1e-7  # slope that counts as a top: rounding of the likelihood hides smaller ones where rows are many


def climb_firth(regressors: np.ndarray, treated: np.ndarray) -> tuple[np.ndarray, bool]:
    """Return the coefficients at the top of the likelihood times the root of its information, and whether it was found.

    regressors   rows by columns of like scale, the constant among them, none of which follows from others
    treated      who was treated

    The penalty is Jeffreys's prior and takes off the first-order bias (Firth 1993, Biometrika 80). The estimates are
    finite where rows can be told apart without error (Heinze and Schemper 2002, Statistics in Medicine 21). Fisher's
    steps, which R's ``logistf`` takes, can then go to and fro; these are quasi-Newton (BFGS).
    """
    start = np.zeros(regressors.shape[1])
    found = minimize(_fall, start, (regressors, treated), jac=True, method="BFGS", options={"gtol": FLATTEST})
    return found.x, bool(np.abs(found.jac).max() < FLAT)


def _fall(beta: np.ndarray, regressors: np.ndarray, treated: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the penalised log likelihood for each row, and its slope, with their signs turned.

    In the slope each row's leverage adds half a row of either arm to its residual.
    """
    predictor = index_of(regressors, beta)
    probability = expit(predictor)
    weight = probability * (1 - probability)
    information = scatter(regressors, weight)
    likelihood = treated @ predictor - np.logaddexp(0, predictor).sum() + 0.5 * np.linalg.slogdet(information)[1]
    spread = np.linalg.pinv(information, hermitian=True)
    leverage = weight * np.einsum("ij,ij->i", regressors @ spread, regressors)
    slope = regressors.T @ (treated - probability + leverage * (0.5 - probability))
    return -likelihood / len(treated), -slope / len(treated)
