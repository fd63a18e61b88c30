"""Synthetic difference-in-differences: each start cohort against never treated units, weighted to run as it did before.

Arkhangelsky, Athey, Hirshberg, Imbens and Wager (2021, American Economic Review 111); by period as in Clarke, Pailanir,
Athey and Imbens (2023, arXiv 2301.11859, section 4.4).
"""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from tf_eval.did.design import Design
from tf_eval.did.estimation import Estimation
from tf_eval.did.group_time.cells import SINGLE, Cells, empty_cells
from tf_eval.did.inference.clusters import influence_of_clusters
from tf_eval.did.inference.stored import Stored
from tf_eval.did.reading.panel import Panel
from tf_eval.did.synthetic.cohort import Cohort, find_cohorts


def estimate_synthetic(panel: Panel, design: Design) -> Estimation:
    """Return the effects on each cohort in every period, against its weighted mean before treatment.

    Errors are those of the jackknife with weights held fixed (the paper's algorithm 3), which rather overstates: how
    the cohort's effects move when a cluster is left out. Effects before treatment are what the fit leaves over.
    Raises ``InputError`` where units are not seen in every period, or nobody is never treated.
    """
    cohorts = find_cohorts(panel, design)
    mass = _mass(panel, cohorts)
    cells = empty_cells(panel, [cohort.group for cohort in cohorts], np.asarray(mass.sum(axis=0)).ravel())
    influence, treated, comparison = _fill(cells, panel, cohorts)
    source = Stored(influence, treated, comparison)
    found = influence_of_clusters(source, panel.clusters, panel.block, mass, len(cells))
    return Estimation(cells, found, tuple(_notes(panel, cohorts)))


def _mass(panel: Panel, cohorts: Sequence[Cohort]) -> csr_array:
    """Return which unit is of which cohort (units by cohorts)."""
    units = [np.arange(cohort.treated.start, cohort.treated.stop) for cohort in cohorts]
    number = np.repeat(np.arange(len(units)), [len(some) for some in units])
    return csr_array((np.ones(len(number)), (np.concatenate(units), number)), (len(panel), len(cohorts)))


def _fill(cells: Cells, panel: Panel, cohorts: Sequence[Cohort]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Fill the cells, and return how units move them and which units of either arm serve them (units by cells)."""
    influence = np.zeros((len(panel), len(cells)))
    treated, comparison = (np.zeros(influence.shape, dtype=bool) for _ in range(2))
    for number, cohort in enumerate(cohorts):
        own = np.flatnonzero(cells.group == number)
        treated[cohort.treated, own[0] : own[-1] + 1] = True
        comparison[np.ix_(cohort.weighted, own)] = True
        cells.att[own], influence[:, own] = _effects(panel, cohort)
        cells.treated_mean[own] = (panel.outcome + panel.level[:, None])[cohort.treated].mean(axis=0)
        cells.reason[own] = SINGLE if min(len(cohort.weighted), cohort.n_treated) == 1 else None
    cells.n_treated[:], cells.n_comparison[:] = treated.sum(axis=0), comparison.sum(axis=0)
    return influence, treated, comparison


def _effects(panel: Panel, cohort: Cohort) -> tuple[np.ndarray, np.ndarray]:
    """Return the effects by period, and how they move (units by periods) when clusters are left out."""
    shares = np.zeros((2, len(panel)))
    shares[0, cohort.treated] = 1 / cohort.n_treated
    shares[1, cohort.comparison] = cohort.of_units
    contrasts = cohort.contrasts(panel.outcome)
    means = shares @ contrasts
    of_treated, of_comparison = (
        _moved(share, contrasts - mean, panel.clusters[0]) for share, mean in zip(shares, means, strict=True)
    )
    return means[0] - means[1], of_treated - of_comparison


def _moved(share: np.ndarray, apart: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """Return how much of a weighted mean each unit takes with it when its cluster is left out, in a jackknife's scale.

    The sum over a cluster's units is the change of the mean exactly, however much of the weight the cluster has. A
    cluster with all of it cannot be left out, and shows nothing.
    """
    left = 1 - np.bincount(cluster, share)[cluster]
    lever = np.divide(share, left, out=np.zeros_like(share), where=left > 1e-12)
    clusters = int(cluster.max()) + 1
    return np.sqrt((clusters - 1) / clusters) * lever[:, None] * apart


def _notes(panel: Panel, cohorts: Sequence[Cohort]) -> list[str]:
    notes = []
    short = [cohort.n_treated for cohort in cohorts if len(cohort.of_periods) == 1]
    if short:
        notes.append(
            f"Seen in a single period before treatment: {len(short)} start cohorts with {sum(short):,} units; there is "
            "no course to weigh their comparison by, and all of it counts alike."
        )
    alone = sum(len(np.unique(panel.clusters[0][cohort.treated])) == 1 for cohort in cohorts)
    if alone:
        notes.append(
            f"In {alone} of {len(cohorts)} start cohorts all treated are of one cluster, so that errors leave out how "
            "far treated clusters differ; synthetic_placebos(seed=...) judges them by the never treated."
        )
    return notes
