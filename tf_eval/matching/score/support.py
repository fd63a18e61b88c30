"""Common support: the scores that both arms have."""

import numpy as np

OUTSIDE_NOTE = "Rows outside of the range of the other group's scores were left out."
SUPPORTS = ("none", "treated", "both")


def outside_support(score: np.ndarray, treated: np.ndarray, which: str) -> np.ndarray:
    """Return which rows lie outside of the range of the other arm's scores.

    Args:
        score: of each row.
        treated: who was treated.
        which: ``"treated"`` only treated rows can be outside; ``"both"`` rows of either arm; ``"none"`` no row.
    """
    outside = np.zeros(len(score), dtype=bool)
    arms = {"none": [], "treated": [treated], "both": [treated, ~treated]}[which]
    for arm in arms:
        others = score[~arm]
        outside |= arm & ((score < others.min()) | (score > others.max()))
    return outside


def outside_all(log_odds: np.ndarray, arm: np.ndarray) -> np.ndarray:
    """Return which rows lie outside of the scores that all arms have.

    Args:
        log_odds: of each arm against all others; rows by arms.
        arm: of each row, a whole number from 0 on; each has rows.

    For the score of each arm this is the range from the largest of the arms' minima to the smallest of their maxima
    (the rectangle of Lopez and Gutman 2017); its ends are inside.
    """
    ranges = [(log_odds[arm == one].min(axis=0), log_odds[arm == one].max(axis=0)) for one in range(arm.max() + 1)]
    lowest, highest = (np.array(ends) for ends in zip(*ranges, strict=True))
    return ((log_odds < lowest.max(axis=0)) | (log_odds > highest.min(axis=0))).any(axis=1)
