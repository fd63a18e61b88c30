"""The covariate balancing propensity score: a logistic score that balances the means by its very fit."""

import numpy as np
from scipy.special import expit

from tf_eval.matching.reading.covariates import Covariates
from tf_eval.matching.scatter import index_of
from tf_eval.matching.score.propensity import Propensity
from tf_eval.matching.weighting.balancing import balance
from tf_eval.matching.weighting.laws import exponential
from tf_eval.matching.weighting.moments import Moments, measure_moments


def fit_balancing_score(treated: np.ndarray, covariates: Covariates, stratum: np.ndarray) -> Propensity:
    """Fit a logistic score by the just-identified moments of Imai and Ratkovic (2014) for the effect on the treated.

    The log odds are linear in the covariates with an intercept for each exact cell and risk set, and chosen such that
    comparison rows weighted by the odds have the treated rows' means. These odds are the weights of entropy balancing
    on means (Zhao and Percival 2017). Where a cell has one arm alone the score is that arm's certainty. Raises
    ``EstimationError`` that names the covariates which no such score balances.
    """
    moments = measure_moments(treated, covariates, stratum, 1)
    index = index_of(moments.values, balance(moments, exponential).point)
    log_odds = index + _intercepts(index, treated, stratum, moments)[stratum]
    return Propensity(expit(log_odds), log_odds, {}, ())


def _intercepts(index: np.ndarray, treated: np.ndarray, stratum: np.ndarray, moments: Moments) -> np.ndarray:
    """Return for each stratum what makes the odds of its comparison rows sum to its treated rows."""
    strata = stratum.max() + 1
    intercept = np.where(np.bincount(stratum[treated], minlength=strata) > 0, np.inf, -np.inf)
    served, blocks = stratum[moments.compared], moments.blocks
    highest = np.maximum.reduceat(index[moments.compared], blocks.start)
    odds = blocks.sums(np.exp(index[moments.compared] - blocks.spread(highest)))
    found = served[blocks.start]
    intercept[found] = np.log(np.bincount(stratum[treated], minlength=strata)[found] / odds) - highest
    return intercept
