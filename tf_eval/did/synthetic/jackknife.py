"""How effects move when clusters are left out, with weights held as they are or found anew."""

from collections.abc import Sequence

import numpy as np

from tf_eval.did.design import Design
from tf_eval.did.few_clusters.panels import of_units
from tf_eval.did.reading.panel import Panel
from tf_eval.did.synthetic.cohort import Cohort, find_cohorts
from tf_eval.did.synthetic.projection import Projection, project

NOTHING = 1e-12  # of all weight, what rounding leaves of none


def held(projection: Projection, design: Design, cohorts: Sequence[Cohort]) -> np.ndarray:
    """Return how units move cells (units by cells), the weights of the others being raised to sum to 1 again.

    Arkhangelsky et al. (2021, algorithm 3). It counts as chance that treated units run apart from each other, though
    the weights follow them, and so overstates. What covariates do is found anew without each cluster.
    """
    panel = projection.panel
    moved = np.hstack([_held(panel, cohort) for cohort in cohorts])
    scale = _scale(int(panel.clusters[0].max()) + 1)
    for units, less in projection.less_each():
        moved[units.argmax()] += scale * np.concatenate([_rest(panel, cohort, units, less) for cohort in cohorts])
    return moved


def refitted(projection: Projection, design: Design, cohorts: Sequence[Cohort]) -> np.ndarray:
    """Return how clusters move cells, each by its first unit (units by cells), when all is found anew without them.

    A cluster without which a cohort has no treated, or no comparison, shows nothing of that cohort.
    """
    panel, clusters = projection.panel, projection.panel.clusters[0]
    first = np.unique(clusters, return_index=True)[1]
    effects = {cohort.group.adopted: cohort.effects(panel.outcome) for cohort in cohorts}
    moved = np.zeros((len(panel), len(cohorts) * len(panel.periods)))
    for cluster, unit in enumerate(first):
        without = _effects_without(projection.given, design, clusters == cluster)
        moved[unit] = np.concatenate([effects[start] - without.get(start, effects[start]) for start in effects])
    return _scale(len(first)) * moved


def _held(panel: Panel, cohort: Cohort) -> np.ndarray:
    shares, contrasts = _shares(panel, cohort), cohort.contrasts(panel.outcome)
    of_treated, of_comparison = (_moved(share, contrasts - share @ contrasts, panel.clusters[0]) for share in shares)
    return of_treated - of_comparison


def _rest(panel: Panel, cohort: Cohort, left_out: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Return what the effects of a cohort are on some outcome without some units (a mask), weights being raised."""
    kept = np.where(left_out, 0.0, _shares(panel, cohort))
    total = kept.sum(axis=1, keepdims=True)
    of_treated, of_comparison = np.divide(kept, total, out=_shares(panel, cohort), where=total > NOTHING)
    return (of_treated - of_comparison) @ cohort.contrasts(outcome)


def _shares(panel: Panel, cohort: Cohort) -> np.ndarray:
    """Return what each unit counts in the means of the treated and of their comparison (arms by units)."""
    shares = np.zeros((2, len(panel)))
    shares[0, cohort.treated] = 1 / cohort.n_treated
    shares[1, cohort.comparison] = cohort.of_units
    return shares


def _moved(share: np.ndarray, apart: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """Return how much of a weighted mean each unit takes with it when its cluster is left out.

    The sum over a cluster's units is the change of the mean exactly, however much of the weight the cluster has. A
    cluster with all of it cannot be left out, and shows nothing.
    """
    left = 1 - np.bincount(cluster, share)[cluster]
    lever = np.divide(share, left, out=np.zeros_like(share), where=left > NOTHING)
    return _scale(int(cluster.max()) + 1) * lever[:, None] * apart


def _effects_without(panel: Panel, design: Design, left_out: np.ndarray) -> dict[float, np.ndarray]:
    """Return the effects of each cohort that is still there, by its start."""
    last = panel.periods[-1]
    arms = (panel.adopted <= last, panel.adopted > last + design.anticipation)
    if not all((arm & ~left_out).any() for arm in arms):
        return {}
    rest = project(of_units(panel, np.flatnonzero(~left_out)), design).panel
    return {cohort.group.adopted: cohort.effects(rest.outcome) for cohort in find_cohorts(rest, design)}


def _scale(clusters: int) -> float:
    """Return what makes the sum of squared changes a jackknife's variance."""
    return float(np.sqrt(1 - 1 / clusters))
