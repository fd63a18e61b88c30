"""How far clusters' changes scatter without treatment, from every stretch of a panel that is as long as the study.

A study compares changes: the mean over the periods after the start less that over the base before it. How far such a
change scatters depends on how shocks last. Burlig, Preonas and Woerman (2020, Journal of Development Economics 144)
write its variance with the covariances of periods before, after and across (their equation 2); the variance of the
changes seen in the panel is that same number, whatever the covariances are.
"""

from collections.abc import Iterator

import numpy as np

from tf_eval.did.reading.panel import Panel, mean_of_half


def windows(panel: Panel, length: int) -> Iterator[slice]:
    """Yield every stretch of ``length`` periods of a panel that follow each other."""
    for first in range(len(panel.periods) - length + 1):
        last = first + length - 1
        if panel.periods[last] - panel.periods[first] == length - 1:
            yield slice(first, last + 1)


def variance_of_a_cluster(panel: Panel, before: int, after: int) -> float:
    """Return the variance that one cluster has, so that a mean of n clusters has 1 / n of it; NaN if it is not known.

    It is the mean over all stretches of ``before`` and ``after`` periods. A unit serves in one with at least half of
    both parts seen. Of its change covariates take out what they explain, at their values just before the start.
    """
    found = [_in_window(panel, window, before) for window in windows(panel, before + after)]
    known = [variance for variance in found if np.isfinite(variance)]
    return float(np.mean(known)) if known else np.nan


def _in_window(panel: Panel, window: slice, before: int) -> float:
    start = window.start + before
    first, second = panel.outcome[:, window.start : start], panel.outcome[:, start : window.stop]
    before_start, after_start = (mean_of_half(part, np.isfinite(part), part.shape[1]) for part in (first, second))
    change = after_start - before_start
    serves = np.isfinite(change) & panel.covariates.complete(start - 1)
    design = panel.covariates.at(slice(None), start - 1)[serves]
    cluster = np.unique(panel.clusters[0][serves], return_inverse=True)[1]
    n_clusters, n_columns = len(np.unique(cluster)), design.shape[1]
    if n_clusters <= n_columns:
        return np.nan
    residual = change[serves] - design @ np.linalg.lstsq(design, change[serves], rcond=None)[0]
    sums = np.bincount(cluster, residual)
    return float(sums @ sums / (n_clusters - n_columns) / (serves.sum() / n_clusters) ** 2)
