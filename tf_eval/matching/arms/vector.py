"""Vector matching: sets of one row of every arm, alike in the whole vector of scores."""

import numpy as np

from tf_eval.errors import EstimationError
from tf_eval.matching.arms.design import FIRST, WHERE
from tf_eval.matching.arms.formed import Formed
from tf_eval.matching.arms.pairs import match_two, pairs_of
from tf_eval.matching.arms.scored import Scored
from tf_eval.matching.comparison import ASK_FOR_LESS
from tf_eval.matching.dropped import NONE_IN_CALIPER, NONE_MAY_SERVE
from tf_eval.matching.matched import Matched

IN_NO_SET = "in no set with a row of every arm"


def match_vectors(scored: Scored) -> Formed:
    """Give each row of the reference arm a row of every other arm, and keep those that found one of each.

    Near are rows whose log odds of all arms against the reference are alike together (Mahalanobis's distance), and the
    closest pair is made first. Each of the log odds keeps the caliper, so that no set is alike in some and not in
    others. A row serves once, so that sets share no rows. Lopez and Gutman (2017) let rows serve again, and match along
    one score in clusters (k-means) of the others; where rows serve once, what clusters leave of a difference is a bias.
    """
    sample, log_odds = scored.sample, -scored.predictor[:, 1:]
    reason = np.where(sample.arm == 0, "", IN_NO_SET).astype(object)
    partner = np.full((len(sample.arm), len(sample.arms)), -1)
    for other in range(1, len(sample.arms)):
        found = match_two(sample, 0, other, log_odds[:, other - 1], np.delete(log_odds, other - 1, axis=1))
        first, second = _partners(found)
        partner[first, other] = second
        _tell(reason, found, sample.arms[other])
    set_id = _sets(partner)
    if set_id.max(initial=-1) < 0:
        raise EstimationError(f"{WHERE}: no row of the reference arm found a row of every other arm. {ASK_FOR_LESS}")
    weight = (set_id >= 0).astype(float)
    reason[weight > 0] = ""
    return Formed(pairs_of(scored, weight, set_id, reason), weight, set_id, reason)


def _partners(found: Matched) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of the two rows of each pair."""
    rows = found.frame.sort_values("set_id", kind="stable")
    chose = rows[FIRST].to_numpy()
    return tuple(rows.index[side].to_numpy(dtype=np.int64) for side in (chose, ~chose))


def _tell(reason: np.ndarray, found: Matched, arm: object) -> None:
    """Write down why rows found none of an arm, where no reason has been written before."""
    lacks = found.dropped.index.to_numpy(dtype=np.int64)
    fresh = reason[lacks] == ""
    # The covariates' calipers of that match are those of the further log odds.
    said = found.dropped["reason"][fresh].replace(NONE_MAY_SERVE, NONE_IN_CALIPER)
    reason[lacks[fresh]] = f"'{arm}': " + said


def _sets(partner: np.ndarray) -> np.ndarray:
    """Return the set of each row, -1 for none; ``partner`` has the row of each other arm that a row was given."""
    whole = np.flatnonzero((partner[:, 1:] >= 0).all(axis=1))
    members = np.column_stack([whole, partner[whole, 1:]])
    set_id = np.full(len(partner), -1)
    set_id[members] = np.arange(len(whole))[:, None]
    return set_id
