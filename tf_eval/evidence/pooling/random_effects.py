"""The mean over places whose true effects differ, by how much they differ, and what another place may expect.

Place i has the true effect theta_i ~ N(mean, tau²) and an estimate of it with a known error. How far places differ
(tau²) is by restricted maximum likelihood (``evidence/between.py``) or by Paule and Mandel's equation (1982, J.
Research NBS 87, 377-385); its interval by the Q-profile. The mean's interval is Hartung and Knapp's (2001) and Sidik
and Jonkman's (2002) as Röver, Knapp and Friede (2015, BMC Medical Research Methodology 15:99) modify it: t with k - 1
degrees of freedom, and an error never smaller than that of known variances, so that it never is narrower than the
normal's. What another place may expect is in ``prediction.py``.
``combine_effects`` of statsmodels has neither the likelihood nor that.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from tf_eval.evidence.between import variance_between
from tf_eval.evidence.pooling.prediction import prediction_ends
from tf_eval.evidence.pooling.q_profile import q_at, tau_ends, where_q_is

METHODS = ("reml", "paule_mandel")
NUMBERS = (
    "effect",
    "std_error",
    "ci_low",
    "ci_high",
    "prediction_low",
    "prediction_high",
    "tau",
    "tau_low",
    "tau_high",
    "tau_squared",
    "tau_squared_error",
    "i_squared",
    "q",
    "q_p_value",
)


@dataclass(frozen=True)
class RandomEffects:
    """The mean over k places, and how they differ; what k places cannot tell is missing (NaN).

    ``weights`` are the shares (k,) with which places count in the mean. ``i_squared`` is the share of the scatter of
    estimates that is due to places, at the typical error of Higgins and Thompson (2002). ``q`` is Cochran's, with k - 1
    degrees of freedom.
    """

    effect: float
    std_error: float
    ci_low: float
    ci_high: float
    weights: np.ndarray
    prediction_low: float = math.nan
    prediction_high: float = math.nan
    tau_squared: float = math.nan
    tau_squared_error: float = math.nan
    tau_low: float = math.nan
    tau_high: float = math.nan
    i_squared: float = math.nan
    q: float = math.nan
    q_p_value: float = math.nan

    @property
    def tau(self) -> float:
        return math.sqrt(self.tau_squared)


def random_effects(
    effects: np.ndarray, errors: np.ndarray, freedom: np.ndarray, *, confidence: float, method: str
) -> RandomEffects:
    """Return the mean over places.

    Args:
        effects, errors: shape (k,), each place's estimate and its standard error, above 0.
        freedom: shape (k,), degrees of freedom of the errors (infinite: normal); they only serve a place by itself.
        confidence: of all intervals.
        method: one of ``METHODS``, for tau².
    """
    if len(effects) == 1:
        reach = float(stats.t.ppf(0.5 + confidence / 2, freedom[0])) * errors[0]
        ends = float(effects[0] - reach), float(effects[0] + reach)
        return RandomEffects(float(effects[0]), float(errors[0]), *ends, np.ones(1))
    k, variances = len(effects), errors**2
    tau_squared = variance_between(effects, variances) if method == "reml" else where_q_is(k - 1, effects, variances)
    weights = 1 / (variances + tau_squared)
    mean = float(weights @ effects / weights.sum())
    inflation = max(1.0, float(weights @ (effects - mean) ** 2) / (k - 1))
    std_error = math.sqrt(inflation / weights.sum())
    reach = float(stats.t.ppf(0.5 + confidence / 2, k - 1)) * std_error
    elsewhere = prediction_ends(effects, variances, confidence) if k > 2 else (math.nan, math.nan)
    q = q_at(0.0, effects, variances)
    low, high = tau_ends(effects, variances, confidence)
    return RandomEffects(
        mean,
        std_error,
        mean - reach,
        mean + reach,
        weights / weights.sum(),
        *elsewhere,
        tau_squared,
        _tau_squared_error(weights),
        low,
        high,
        tau_squared / (tau_squared + _typical(variances)),
        q,
        float(stats.chi2.sf(q, k - 1)),
    )


def _tau_squared_error(weights: np.ndarray) -> float:
    """Return the error of tau² by the expected information of the restricted likelihood, half the trace of P²."""
    total = weights.sum()
    shares = weights / total
    projection = -np.outer(shares, shares)
    np.fill_diagonal(projection, shares * _of_others(shares))
    return float(math.sqrt(2) / (np.linalg.norm(projection) * total))


def _typical(variances: np.ndarray) -> float:
    """Return the typical variance of an estimate (Higgins and Thompson 2002, Statistics in Medicine 21, 1539-1558)."""
    weights = 1 / variances
    total = weights.sum()
    shares = weights / total
    return float((len(weights) - 1) / (total * (shares @ _of_others(shares))))


def _of_others(shares: np.ndarray) -> np.ndarray:
    """Return for each share the sum of the others, which 1 less the share is not where it is nearly 1."""
    return (1 - np.eye(len(shares))) @ shares
