"""Panels made of a panel: some of its units or periods, other starts, or the means of its clusters."""

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from tf_eval.did.reading.covariates import Covariates
from tf_eval.did.reading.panel import Panel


def of_units(panel: Panel, units: np.ndarray) -> Panel:
    """Return the panel of some units (positions, in the order in which they shall stand)."""
    return replace(
        panel,
        outcome=panel.outcome[units],
        level=panel.level[units],
        adopted=panel.adopted[units],
        weight=panel.weight[units],
        clusters=tuple(np.unique(codes[units], return_inverse=True)[1] for codes in panel.clusters),
        cluster_labels=(),  # nobody is to be recognised in a panel that was made up
        reach=panel.reach[units],
        exposure=None if panel.exposure is None else panel.exposure[units],
        set_code=panel.set_code[units],
        covariates=_covariates_of(panel.covariates, units),
        labels=None if panel.labels is None else panel.labels[units],
    )


def of_periods(panel: Panel, some: slice) -> Panel:
    """Return the panel of some periods (positions)."""
    covariates = panel.covariates
    if covariates.row_of is not None:
        covariates = replace(covariates, row_of=covariates.row_of[:, some])
    exposure = None if panel.exposure is None else panel.exposure[:, some]
    return replace(
        panel, outcome=panel.outcome[:, some], periods=panel.periods[some], exposure=exposure, covariates=covariates
    )


def with_starts(panel: Panel, adopted: np.ndarray) -> Panel:
    """Return the panel in which the units start in ``adopted``, in the order that a panel has."""
    return of_units(replace(panel, adopted=adopted), np.lexsort((panel.reach, adopted, panel.set_code)))


def in_treatment(panel: Panel) -> np.ndarray:
    """Return, units by periods, 1 from a start that reaches a unit on, 0 else; missing where the outcome is."""
    started = ((panel.periods >= panel.adopted[:, None]) & (panel.reach != 0)[:, None]).astype(float)
    return np.where(np.isfinite(panel.outcome), started, np.nan)


def cluster_means(panel: Panel) -> Panel:
    """Return a panel with a unit for each cluster and cohort: the weighted means of its units, with their weight.

    Without covariates, an exposure or gaps it has the same effects and influence of clusters, in far fewer rows.
    """
    pairs, member = np.unique(np.column_stack([panel.block, panel.clusters[0]]), axis=0, return_inverse=True)
    total = np.bincount(member.ravel(), panel.weight)
    summing = csr_array((panel.weight, (member.ravel(), np.arange(len(panel)))), (len(pairs), len(panel)))
    first = np.unique(member.ravel(), return_index=True)[1]
    return replace(
        of_units(panel, first),
        outcome=(summing @ panel.outcome) / total[:, None],
        level=(summing @ panel.level) / total,
        weight=total,
        clusters=(pairs[:, 1],),
    )


def is_plain(panel: Panel) -> bool:
    """Say whether a panel has neither covariates nor an exposure nor gaps."""
    has_none = panel.covariates.matrix.shape[1] == 1 and panel.exposure is None
    return has_none and bool(np.isfinite(panel.outcome).all())


def _covariates_of(covariates: Covariates, units: np.ndarray) -> Covariates:
    if covariates.row_of is not None:
        return replace(covariates, row_of=covariates.row_of[units])
    return replace(covariates, matrix=np.asfortranarray(covariates.matrix[units]), levels=covariates.levels[units])
