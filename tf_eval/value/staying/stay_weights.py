"""What those who stay weigh in each month, so that they stand for those like them who left."""

import numpy as np

from tf_eval.cohort.event_time import FOLLOW_UP_MONTHS
from tf_eval.value.staying.own_starts import OwnStarts

# Of those who stay in a month: the few above weigh as much as this (Cole and Hernán 2008, Am J Epidemiol 168, 656-664).
TRUNCATED_AT = 0.99


def stay_weights(starts: OwnStarts, rows: int) -> np.ndarray:
    """Return what each matched row weighs in each month from the index month on; shape (rows, months), 1 at first.

    It is the chance to have stayed so long that was foreseen at the index month, over that given the record since: who
    was likely to leave and stayed stands for those who left. These are the stabilised weights for censoring of Robins
    and Finkelstein (2000, Biometrics 56, 779-788), by pooled logistic regressions as of Cain and Cole (2009, Statistics
    in Medicine 28, 1725-1738).
    """
    factor = np.ones((rows, FOLLOW_UP_MONTHS))
    factor[starts.row, starts.month] = (1 - starts.foreseen) / (1 - starts.chance)
    weights = factor.cumprod(axis=1)
    for month in np.unique(starts.month):
        stayed = starts.row[(starts.month == month) & ~starts.started]
        if len(stayed):
            own = weights[stayed, month]
            weights[stayed, month] = np.minimum(own, np.quantile(own, TRUNCATED_AT))
    return weights
