"""The jackknife over clusters: how far the estimate moves when a cluster is left out and all is estimated anew."""

import numpy as np

from tf_eval.did.few_clusters.panels import of_units
from tf_eval.did.few_clusters.trial import Trial
from tf_eval.errors import NotEstimated

NEEDED = "without one of the clusters nothing can be estimated, so how far it moves the estimate cannot be seen"


def jackknife(trial: Trial) -> tuple[float, float] | NotEstimated:
    """Return the error and its degrees of freedom.

    The variance is (G - 1) / G times the sum, over the G clusters, of the squared change of the estimate when that
    cluster is left out: CR3 of a regression (MacKinnon, Nielsen and Webb 2023, Journal of Applied Econometrics 38). It
    is not too small however few clusters are treated (Hansen 2025, Journal of Applied Econometrics 40), and the
    reference is t with Satterthwaite's degrees of freedom, since the few treated clusters make most of it.
    """
    changes = []
    for cluster in range(trial.n_clusters):
        without = trial.measure(of_units(trial.panel, np.flatnonzero(trial.clusters != cluster)))
        if without is None:
            return NotEstimated(NEEDED)
        changes.append(without.att - trial.found.att)
    squares = (1 - 1 / len(changes)) * np.square(changes)
    return float(np.sqrt(squares.sum())), _freedom(squares, trial.strata)


def _freedom(squares: np.ndarray, stratum: np.ndarray) -> float:
    """Return Satterthwaite's degrees of freedom; clusters whose start nobody shares count as one stratum."""
    size = np.bincount(stratum)
    shared = np.where(size[stratum] > 1, stratum, len(size))
    count, variance = np.bincount(shared), np.bincount(shared, squares)
    own = np.maximum(count - 1, 1)
    return float(variance.sum() ** 2 / (variance**2 / own).sum()) if variance.any() else 1.0
