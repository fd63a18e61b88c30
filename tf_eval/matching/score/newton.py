"""Newton's way to the top of a log-likelihood, with a weak prior where it has none."""

from collections.abc import Callable

import numpy as np

from tf_eval.errors import EstimationError

MOST_STEPS = 30
STEP_TOLERANCE = 1e-9
FLATTEST = 1e12  # condition of the curvature beyond which the likelihood has no top to be seen
PRIOR_SD = 2.5
PRIOR_NOTE = (
    "The propensity score has no maximum-likelihood fit (the groups can be told apart almost without error, or "
    "covariates nearly repeat each other), so it was fitted with a weak prior (ridge); look at the overlap."
)

NO_TOP = "match: the propensity score could not be fitted; look for extreme values in covariates"

Derivatives = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


def find_top(derivatives: Derivatives, slopes: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the coefficients at the top of a concave log-likelihood, and a note where a prior had to help.

    derivatives   from coefficients to gradient and curvature (the negative of the second derivatives)
    slopes        for each coefficient, 1.0 if the prior is to hold it, and 0.0 for an intercept

    Where the likelihood has no top, or none is found in 30 steps, independent normal priors of standard deviation 2.5
    on the slopes help, after Gelman, Jakulin, Pittau and Su (2008). Raises ``EstimationError`` where that finds no top
    either.
    """
    beta, reached = climb(derivatives, 0.0 * slopes)
    if reached:
        return beta, ()
    beta, reached = climb(derivatives, PRIOR_SD**-2 * slopes)
    if not reached:
        raise EstimationError(NO_TOP)
    return beta, (PRIOR_NOTE,)


def climb(derivatives: Derivatives, ridge: np.ndarray) -> tuple[np.ndarray, bool]:
    """Take steps to the top of the (penalised) log-likelihood; say whether it was reached."""
    beta = np.zeros(len(ridge))
    for _ in range(MOST_STEPS):
        gradient, curvature = derivatives(beta)
        curvature = curvature + np.diag(ridge)
        if np.linalg.cond(curvature) > FLATTEST:
            return beta, False
        step = np.linalg.solve(curvature, gradient - ridge * beta)
        beta = beta + step
        if np.abs(step).max() < STEP_TOLERANCE:
            return beta, True
    return beta, False
