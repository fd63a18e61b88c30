"""A score by gradient boosting: trees that find bends and joint effects which nobody named."""

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from tf_eval.matching.score.cross_fitting import Learnt

MANY = 20_000  # rows; with fewer, threads that wait for each other cost more than they do


def learn_by_boosting(values: np.ndarray, treated: np.ndarray) -> Learnt:
    """Learn the log odds of treatment given ``values`` (rows by columns) by gradient boosted trees.

    Friedman's (2001) machine as scikit-learn has it, at its defaults and without any draw; McCaffrey, Ridgeway and
    Morral (2004) brought it to propensity scores. A probability comes no nearer to 0 or 1 than half a row among those
    that were learnt from, so that every row has log odds.
    """
    threads = 1 if len(values) < MANY else None
    with threadpool_limits(threads, "openmp"):
        model = HistGradientBoostingClassifier(early_stopping=False, random_state=0).fit(values, treated)
    least = 0.5 / len(values)

    def predict(others: np.ndarray) -> np.ndarray:
        with threadpool_limits(threads, "openmp"):
            probability = np.clip(model.predict_proba(others)[:, 1], least, 1 - least)
        return np.log(probability / (1 - probability))

    return Learnt(predict)
