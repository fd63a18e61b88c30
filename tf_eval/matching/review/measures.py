"""Every measure of how alike the arms are, of all columns at once."""

import numpy as np

from tf_eval.matching.everyone import Everyone
from tf_eval.matching.review.pair_distances import pair_distances
from tf_eval.matching.review.statistics import ecdf_gaps, in_yardsticks, is_binary, mean, variance, yardstick

Measures = dict[str, np.ndarray]


def measure_arms(everyone: Everyone, values: np.ndarray) -> Measures:
    """Return one number for each column and measure, before and after matching; see ``Balance.table``.

    Args:
        everyone: the sample.
        values: rows of the sample by columns.
    """
    weights = {"before": np.ones(len(values)), "after": everyone.weight}
    scale = yardstick(values, everyone.treated)
    found = {when: _of_means(values, everyone.treated, weight, scale) for when, weight in weights.items()}
    gaps = np.array([ecdf_gaps(column, everyone.treated, [*weights.values()]) for column in values.T])
    for place, when in enumerate(weights):
        found[when] |= {"ecdf_max": gaps[:, place, 0], "ecdf_mean": gaps[:, place, 1]}
    named = {f"{name}_{when}": numbers for when, each in found.items() for name, numbers in each.items()}
    apart = pair_distances(values, everyone.treated, everyone.row, everyone.set_id)
    return {**named, "pair_distance": in_yardsticks(apart, scale)}


def _of_means(values: np.ndarray, treated: np.ndarray, weight: np.ndarray, scale: np.ndarray) -> Measures:
    arms = [(values[arm], weight[arm]) for arm in (treated, ~treated)]
    means = [mean(*arm) for arm in arms]
    return {
        "mean_treated": means[0],
        "mean_comparison": means[1],
        "smd": in_yardsticks(means[0] - means[1], scale),
        "variance_ratio": _ratio(*(variance(*arm) for arm in arms), is_binary(values)),
    }


def _ratio(treated: np.ndarray, compared: np.ndarray, binary: np.ndarray) -> np.ndarray:
    """Of 0/1 the means say it all, and of what does not vary there is no ratio."""
    known = ~binary & (compared > 0)
    return np.divide(treated, compared, out=np.full(len(treated), np.nan), where=known)
