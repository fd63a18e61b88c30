"""Weights of the rows of several arms, by the generalised propensity score."""

import numpy as np
from scipy.special import log_softmax, logsumexp

from tf_eval.errors import EstimationError
from tf_eval.matching.arms.design import WHERE
from tf_eval.matching.arms.formed import Formed
from tf_eval.matching.arms.pairs import pairs_of
from tf_eval.matching.arms.scored import Scored
from tf_eval.matching.cells import share_out
from tf_eval.matching.weighting.notes import extreme_notes

LACKING = "an arm has no row in the exact cell"


def weigh_arms(scored: Scored) -> Formed:
    """Weigh each row by the inverse of the probability of its own arm, times that of the population asked about.

    That population's share of a row, of the probabilities p of all arms, is for "att" p of the reference arm, for "ate"
    1, and for "ato" the harmonic mean of all p, up to a factor (Li and Li 2019; the first two: McCaffrey and others
    2013). In each exact cell every arm is scaled to weigh as that population does there. With two arms these are the
    weights of ``match``. Raises ``EstimationError`` where a weight is too large for a number, or no cell has all arms.
    """
    sample, log_p = scored.sample, log_softmax(scored.predictor, axis=1)
    share = {"att": log_p[:, 0], "ate": np.zeros(len(log_p)), "ato": -logsumexp(-log_p, axis=1)}[sample.design.estimand]
    mass = (sample.arm == 0).astype(float) if sample.design.estimand == "att" else np.exp(share)
    with np.errstate(over="ignore"):
        raw = np.exp(share - log_p[np.arange(len(log_p)), sample.arm])
    if not np.isfinite(raw).all():
        raise EstimationError(f"{WHERE}: a score is so far out that no number holds its weight; see method 'overlap'")
    weight = share_out(raw, sample.arm, sample.exact_cell, mass, arms=len(sample.arms))
    if not weight.any():
        raise EstimationError(f"{WHERE}: no exact cell has rows of all arms. Ask for fewer exact columns.")
    reason = np.where(weight > 0, "", LACKING).astype(object)
    notes = extreme_notes({f"'{name}'": weight[sample.arm == arm] for arm, name in enumerate(sample.arms)})
    return Formed(pairs_of(scored, weight, None, reason), weight, None, reason, tuple(notes))
