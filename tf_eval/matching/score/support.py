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
