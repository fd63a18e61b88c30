"""Synthetic difference-in-differences: each start cohort against never treated units, weighted to run as it did before.

Arkhangelsky, Athey, Hirshberg, Imbens and Wager (2021, American Economic Review 111); by period as in Clarke, Pailanir,
Athey and Imbens (2023, arXiv 2301.11859, section 4.4).
"""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from tf_eval.did.caution import Caution
from tf_eval.did.design import Design
from tf_eval.did.estimation import Estimation
from tf_eval.did.group_time.cells import SINGLE, Cells, empty_cells
from tf_eval.did.inference.clusters import influence_of_clusters
from tf_eval.did.inference.stored import Stored
from tf_eval.did.reading.panel import Panel
from tf_eval.did.synthetic.cohort import Cohort, find_cohorts
from tf_eval.did.synthetic.jackknife import held, refitted
from tf_eval.did.synthetic.projection import Projection, project
from tf_eval.matching.display import so_many

VARYING = (
    "Covariates that change within units count in each period as they are then, whether or not treatment moved them; "
    "what it did by moving them is no part of the effect."
)


def estimate_synthetic(panel: Panel, design: Design) -> Estimation:
    """Return the effects on each cohort in every period, against its weighted mean before treatment.

    Errors are those of a jackknife: how the effects move when a cluster is left out. Effects before treatment are what
    the fit leaves over.
    Raises ``InputError`` where units are not seen in every period, nobody is never treated, or what covariates do
    cannot be told.
    """
    projection = project(panel, design)
    cohorts = find_cohorts(projection.panel, design)
    mass = _mass(panel, cohorts)
    cells = empty_cells(panel, [cohort.group for cohort in cohorts], np.asarray(mass.sum(axis=0)).ravel())
    arms = _fill(cells, projection, cohorts)
    leave_out = refitted if design.errors == "refitted" else held
    source = Stored(leave_out(projection, design, cohorts), *arms)
    found = influence_of_clusters(source, panel.clusters, panel.block, mass, len(cells))
    return Estimation(cells, found, tuple(_notes(projection, cohorts, design)))


def _mass(panel: Panel, cohorts: Sequence[Cohort]) -> csr_array:
    """Return which unit is of which cohort (units by cohorts)."""
    units = [np.arange(cohort.treated.start, cohort.treated.stop) for cohort in cohorts]
    number = np.repeat(np.arange(len(units)), [len(some) for some in units])
    return csr_array((np.ones(len(number)), (np.concatenate(units), number)), (len(panel), len(cohorts)))


def _fill(cells: Cells, projection: Projection, cohorts: Sequence[Cohort]) -> tuple[np.ndarray, np.ndarray]:
    """Fill the cells, and return which units of either arm serve them (units by cells)."""
    panel = projection.given
    treated, comparison = (np.zeros((len(panel), len(cells)), dtype=bool) for _ in range(2))
    for number, cohort in enumerate(cohorts):
        own = np.flatnonzero(cells.group == number)
        treated[cohort.treated, own[0] : own[-1] + 1] = True
        comparison[np.ix_(cohort.weighted, own)] = True
        cells.att[own] = cohort.effects(projection.panel.outcome)
        level = panel.level[cohort.treated].mean()
        cells.treated_mean[own] = panel.outcome[cohort.treated].mean(axis=0) + level
        cells.reason[own] = SINGLE if min(len(cohort.weighted), cohort.n_treated) == 1 else None
    cells.n_treated[:], cells.n_comparison[:] = treated.sum(axis=0), comparison.sum(axis=0)
    return treated, comparison


def _notes(projection: Projection, cohorts: Sequence[Cohort], design: Design) -> list[str]:
    notes = [Caution(VARYING)] if projection.has_varying else []
    short = [cohort.n_treated for cohort in cohorts if len(cohort.of_periods) == 1]
    if short:
        told = f"{so_many(len(short), 'start cohort')} with {design.told(sum(short))} units"
        notes.append(
            Caution(
                f"Seen in a single period before treatment: {told}; there is no course to weigh their comparison by, "
                "and all of it counts alike."
            )
        )
    alone = sum(len(np.unique(projection.given.clusters[0][cohort.treated])) == 1 for cohort in cohorts)
    if alone:
        note = (
            f"In {alone} of {len(cohorts)} start cohorts all treated are of one cluster, so that errors leave out how "
            "far treated clusters differ; synthetic_placebos(seed=...) judges them by the never treated."
        )
        # Of a single cohort the summary itself says so.
        notes.append(Caution(note) if len(cohorts) > 1 else note)
    return notes
