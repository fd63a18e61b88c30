"""Scores of the members of matched sets: what a hidden difference could have moved."""

import numpy as np
from scipy.stats import rankdata

from tf_eval.matching.reading.codes import members

STEEPEST = 2.5  # medians of the absolute differences beyond which a difference counts no more (Rosenbaum 2007)


def signed_rank_scores(outcome: np.ndarray, treated: np.ndarray, set_code: np.ndarray) -> np.ndarray:
    """Return Wilcoxon's scores of pairs: the higher of two has the rank of their absolute difference, the other 0.

    outcome, treated, set_code   one value for each row; every set is a pair

    Pairs without a difference have 0 twice and no rank; equal differences share the mean of their ranks.
    """
    difference = np.zeros(set_code.max() + 1)
    np.add.at(difference, set_code, np.where(treated, outcome, -outcome))
    rank = np.zeros(len(difference))
    apart = difference != 0
    rank[apart] = rankdata(np.abs(difference[apart]))
    return np.where(treated == (difference[set_code] > 0), rank[set_code], 0.0)


def huber_scores(outcome: np.ndarray, set_code: np.ndarray) -> np.ndarray:
    """Return Huber's scores in Maritz's way for sets of any size (Rosenbaum 2007, expression 8).

    outcome, set_code   one value for each row

    A member's score is the sum over the others of its set of psi(difference / s), over the size of the set. psi(x) is
    x / 2.5 cut at -1 and 1, and s the median of all absolute differences within sets, which does not depend on who
    was treated. Where more than half of those are 0, the median of the rest serves.
    """
    gaps = [np.subtract.outer(outcome[rows], outcome[rows]) for rows in members(set_code)]
    every = np.concatenate([np.abs(gap[np.triu_indices(len(gap), 1)]) for gap in gaps])
    scale = np.median(every) or np.median(every[every > 0])
    scores = np.empty(len(outcome))
    for rows, gap in zip(members(set_code), gaps, strict=True):
        scores[rows] = np.clip(gap / scale / STEEPEST, -1, 1).sum(axis=1) / len(rows)
    return scores
