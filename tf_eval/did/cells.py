"""The engine: the effect on every group (set, adopted) in every period, with its influence function.

Callaway and Sant'Anna (2021, Journal of Econometrics 225). Cells of a group that use the same rows share one
factorisation and one logit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from tf_eval.did.design import Design
from tf_eval.did.estimators import Rows, estimate_contrast, without_collinear
from tf_eval.did.groups import Changes, Group, find_groups, outcome_changes
from tf_eval.did.influence import Influence, block_by_cluster
from tf_eval.did.panel import Panel
from tf_eval.errors import NotEstimated

REFERENCE = "reference period: zero by construction"
# The error of such a cell would leave out what one unit cannot show: how far units differ. In an aggregate over groups
# the differences between the groups show it, through the error of the groups' weights, so the cell serves there.
SINGLE = "a single treated or comparison unit: no error of its own"


@dataclass(frozen=True, eq=False, repr=False)
class Cells:
    """Arrays with one value per cell, and per group its set, adoption and treated weight.

    ``att`` is NaN exactly where a cell is not estimated; ``reason`` says why, and is None where nothing is to be said.
    """

    group: np.ndarray
    period: np.ndarray
    event_time: np.ndarray
    att: np.ndarray
    treated_mean: np.ndarray
    n_treated: np.ndarray
    n_comparison: np.ndarray
    reason: np.ndarray
    group_set: tuple
    group_adopted: np.ndarray
    group_weight: np.ndarray

    @property
    def estimated(self) -> np.ndarray:
        return np.isfinite(self.att)

    def __len__(self) -> int:
        return len(self.att)

    def __repr__(self) -> str:
        return f"<Cells: {len(self):,}, {int(self.estimated.sum()):,} of them estimated>"


@dataclass(frozen=True, eq=False)
class _GroupCells:
    """One group's part of the cells, filled block by block; ``influence`` is units by cells.

    ``serving`` is units by cells too: which units an estimated cell rests on.
    """

    att: np.ndarray
    treated_mean: np.ndarray
    n_treated: np.ndarray
    n_comparison: np.ndarray
    reason: np.ndarray
    influence: np.ndarray
    serving: np.ndarray


def estimate_cells(panel: Panel, design: Design) -> tuple[Cells, Influence, tuple[str, ...]]:
    """Return all cells, their influence functions summed by cluster, and notes on who was left out."""
    groups = find_groups(panel, design)
    changes = [outcome_changes(panel, design, group) for group in groups]
    results = [_estimate_group(panel, design, *pair) for pair in zip(groups, changes, strict=True)]
    mass = _mass(panel, groups, changes)
    cells = _gather(panel, groups, changes, results, mass)
    return cells, _influence(panel, groups, results, mass), _notes(groups, changes)


def _estimate_group(panel: Panel, design: Design, group: Group, changes: Changes) -> _GroupCells:
    cells = _empty(changes)
    usable = np.isfinite(changes.values)
    for columns in _same_rows(usable):
        keep = _shared_categories(usable[:, columns[0]], changes.levels, group.is_treated)
        rows = without_collinear(Rows(group.is_treated[keep], panel.weight[group.units][keep], changes.matrix[keep]))
        _count(cells, columns, rows)
        reason = _too_few(rows, design)
        values = changes.values[np.ix_(keep, columns)]
        result = NotEstimated(reason) if reason else estimate_contrast(values, rows, design.method)
        if isinstance(result, NotEstimated):
            cells.reason[columns] = result.reason
            continue
        cells.att[columns] = result.att
        cells.influence[np.ix_(keep, columns)] = result.influence * _small_sample(rows, design)
        cells.serving[np.ix_(keep, columns)] = True
        outcome = panel.outcome[np.ix_(group.units[keep], changes.positions[columns])]
        cells.treated_mean[columns] = np.average(outcome[rows.treated], axis=0, weights=rows.weight[rows.treated])
    return cells


def _empty(changes: Changes) -> _GroupCells:
    count = changes.values.shape[1]
    reason = np.full(count, None, dtype=object)
    counts = np.zeros((2, count), dtype=np.int64)
    influence, serving = np.zeros(changes.values.shape), np.zeros(changes.values.shape, dtype=bool)
    return _GroupCells(np.full(count, np.nan), np.full(count, np.nan), *counts, reason, influence, serving)


def _same_rows(usable: np.ndarray) -> list[np.ndarray]:
    """Group the columns (cells) that use exactly the same rows."""
    packed = np.packbits(usable, axis=0)
    alike: dict[bytes, list[int]] = {}
    for column in range(usable.shape[1]):
        alike.setdefault(packed[:, column].tobytes(), []).append(column)
    return [np.array(columns) for columns in alike.values()]


def _shared_categories(usable: np.ndarray, levels: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Return the rows to use: those in categories that both arms have; the others have nobody to be compared with."""
    rows = np.flatnonzero(usable)
    while True:
        shared = np.ones(len(rows), dtype=bool)
        for codes in levels[rows].T:
            shared &= np.isin(codes, np.intersect1d(codes[treated[rows]], codes[~treated[rows]]))
        if shared.all():
            return rows
        rows = rows[shared]


def _count(cells: _GroupCells, columns: np.ndarray, rows: Rows) -> None:
    treated, comparison = int(rows.treated.sum()), int((~rows.treated).sum())
    cells.n_treated[columns], cells.n_comparison[columns] = treated, comparison
    if min(treated, comparison) == 1:
        cells.reason[columns] = SINGLE


def _small_sample(rows: Rows, design: Design) -> float:
    """What errors are multiplied by for the coefficients that were fitted; see ``Design``."""
    if not design.small_sample:
        return 1.0
    treated = rows.treated.sum()
    return float(np.sqrt(treated / (treated - rows.matrix.shape[1])))


def _too_few(rows: Rows, design: Design) -> str | None:
    covariates = rows.matrix.shape[1] - 1
    if not rows.treated.any():
        return "no treated unit is observed in both the period and its base"
    if rows.treated.all():
        return "no comparison unit is left"
    if covariates and (~rows.treated).sum() < covariates + 2:
        return f"too few comparison units for {covariates} covariates"
    if design.small_sample and rows.treated.sum() <= covariates + 1 and covariates:
        return f"too few treated units for {covariates} covariates"
    return None


def _mass(panel: Panel, groups: Sequence[Group], changes: Sequence[Changes]) -> csr_array:
    """Treated weight that each cluster brings to each group (clusters by groups)."""
    kept = [group.treated[~change.left_out[group.is_treated]] for group, change in zip(groups, changes, strict=True)]
    column = np.repeat(np.arange(len(groups)), [len(units) for units in kept])
    units = np.concatenate(kept)
    return csr_array((panel.weight[units], (panel.cluster[units], column)), (panel.n_clusters, len(groups)))


def _gather(
    panel: Panel, groups: Sequence[Group], changes: Sequence[Changes], results: Sequence[_GroupCells], mass: csr_array
) -> Cells:
    period = np.concatenate([panel.periods[change.positions] for change in changes])
    group_index = np.repeat(np.arange(len(groups)), [len(change.positions) for change in changes])
    adopted = np.array([int(group.adopted) for group in groups])
    reference = np.concatenate([change.reference for change in changes])
    att = np.concatenate([result.att for result in results])
    reason = np.concatenate([result.reason for result in results])
    reason[reference & np.isfinite(att)] = REFERENCE
    return Cells(
        group=group_index,
        period=period,
        event_time=period - adopted[group_index],
        att=att,
        treated_mean=np.concatenate([result.treated_mean for result in results]),
        n_treated=np.concatenate([result.n_treated for result in results]),
        n_comparison=np.concatenate([result.n_comparison for result in results]),
        reason=reason,
        group_set=tuple(panel.set_labels[group.set_code] for group in groups),
        group_adopted=adopted,
        group_weight=np.asarray(mass.sum(axis=0)).ravel(),
    )


def _influence(panel: Panel, groups: Sequence[Group], results: Sequence[_GroupCells], mass: csr_array) -> Influence:
    blocks, start = [], 0
    for group, result in zip(groups, results, strict=True):
        cells = np.arange(start, start + len(result.att))
        cluster = panel.cluster[group.units]
        blocks.append(block_by_cluster(result.influence, result.serving, group.is_treated, cluster, cells))
        start += len(result.att)
    return Influence(tuple(blocks), mass, start)


def _notes(groups: Sequence[Group], changes: Sequence[Changes]) -> tuple[str, ...]:
    causes = {
        "without_base": "with fewer than half of the baseline window observed",
        "without_covariates": "with a covariate missing at the base period",
    }
    notes = []
    for cause, words in causes.items():
        masks = [getattr(change, cause) for change in changes]
        everyone = _distinct([group.units[mask] for group, mask in zip(groups, masks, strict=True)])
        treated = _distinct([group.treated[mask[group.is_treated]] for group, mask in zip(groups, masks, strict=True)])
        if everyone:
            notes.append(f"Left out, {words}: {treated:,} treated and {everyone - treated:,} comparison units.")
    return tuple(notes)


def _distinct(units: Sequence[np.ndarray]) -> int:
    return len(np.unique(np.concatenate(units)))
