"""Which rows of a panel serve a saturated regression, which cell each treated row is of, and the cells it gives."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array

from tf_eval.did.caution import Caution
from tf_eval.did.design import Design
from tf_eval.did.estimation import Estimation
from tf_eval.did.group_time.cells import REFERENCE, SINGLE, Cells, empty_cells
from tf_eval.did.group_time.groups import Group, find_groups
from tf_eval.did.inference.clusters import influence_of_clusters
from tf_eval.did.inference.stored import Stored
from tf_eval.did.reading.panel import Panel
from tf_eval.did.regression.observations import row_weights

UNSEEN = "no treated unit is observed in the period"
ALONE = "no comparison unit is observed in the period"
MIXED = "the effect cannot be told apart from what periods and covariates do to the comparison units"


@dataclass(frozen=True, eq=False)
class Saturation:
    """Groups with the cells that are estimated of each, and the part of every row (arrays of units by periods).

    ``cell`` numbers the cells, -1 outside them; ``used`` rows are seen and serve; ``reference`` says of each cell
    whether it is the base of its group. Rows that are used and in no cell are those of comparison.
    """

    panel: Panel
    groups: tuple[Group, ...]
    cell: np.ndarray
    used: np.ndarray
    reference: np.ndarray
    design: Design

    @property
    def compared(self) -> np.ndarray:
        return self.used & (self.cell < 0)

    @property
    def column(self) -> np.ndarray:
        """The cell of each row (units by periods), -1 outside cells and in the reference periods."""
        return np.where(np.append(self.reference, True)[self.cell], -1, self.cell)

    @property
    def n_cells(self) -> int:
        return len(self.reference)

    @property
    def n_clusters(self) -> int:
        """How many clusters serve, of the kind of which there are fewest."""
        serves = self.used.any(axis=1)
        return min(len(np.unique(codes[serves])) for codes in self.panel.clusters)


def saturate(panel: Panel, design: Design) -> Saturation:
    """Return which rows serve.

    Against the not yet treated every treated period (and those of anticipation) is a cell, and all earlier rows are of
    comparison. Against the never treated all periods of a group are cells, the last before treatment its reference.
    Rows that are affected by a treatment after the last period, or of neither arm, do not serve.
    """
    groups = find_groups(panel, replace(design, baseline="universal"))
    never = panel.adopted > panel.periods[-1] + design.anticipation
    affected = panel.periods >= panel.adopted[:, None] - design.anticipation
    apart = affected
    if design.comparison == "never_treated":
        apart = np.repeat(~never[:, None], len(panel.periods), axis=1)
    else:
        groups = [_only(group, group.after > group.position) for group in groups]
    cell = _number(panel, groups)
    known = np.isfinite(panel.outcome) & panel.covariates.complete(0)[:, None]
    used = known & ((cell >= 0) | ~apart)
    return Saturation(panel, tuple(groups), cell, used, np.concatenate([group.reference for group in groups]), design)


def _only(group: Group, kept: np.ndarray) -> Group:
    """Return the group with some of its cells."""
    return replace(
        group,
        after=group.after[kept],
        base=group.base[kept],
        reference=group.reference[kept],
        free=group.free[:, kept],
    )


def _number(panel: Panel, groups: Sequence[Group]) -> np.ndarray:
    cell, first = np.full(panel.outcome.shape, -1), 0
    for group in groups:
        cell[group.treated.rows, group.after] = np.arange(first, first + len(group.after))
        first += len(group.after)
    return cell


def conclude(
    saturation: Saturation,
    att: np.ndarray,
    influence: np.ndarray,
    notes: Sequence[str] = (),
    counterfactual: np.ndarray | None = None,
) -> Estimation:
    """Return the estimation of all cells, from their effects (NaN where there is none) and units' influence on them.

    With ``counterfactual``, their influence on what the mean would have been without treatment, ratios can be had too.
    """
    panel, served = saturation.panel, _served(saturation)
    mass = _mass(saturation)
    cells = empty_cells(panel, saturation.groups, np.asarray(mass.sum(axis=0)).ravel())
    n_treated, n_comparison = (arm.sum(axis=0) for arm in served)
    seen = n_treated > 0
    cells.att[:] = np.where(seen, att, np.nan)
    cells.treated_mean[:] = np.where(cells.estimated, treated_means(saturation), np.nan)
    cells.n_treated[:], cells.n_comparison[:] = n_treated, n_comparison
    _give_reasons(cells, saturation)
    parts = [np.where(cells.estimated, part, 0.0) for part in (influence, counterfactual) if part is not None]
    held = [
        influence_of_clusters(
            Stored(np.hstack(some), *(np.tile(arm, len(some)) for arm in served)),
            panel.clusters,
            panel.block,
            mass,
            len(some) * len(cells),
        )
        for some in (parts[:1], parts)
    ]
    means = held[1] if counterfactual is not None else None
    return Estimation(cells, held[0], (*notes, *_left_out(saturation)), means)


def treated_means(saturation: Saturation) -> np.ndarray:
    """Return the mean outcome of the rows of each cell; NaN where there are none."""
    panel, rows = saturation.panel, saturation.used & (saturation.cell >= 0)
    unit, period = np.nonzero(rows)
    cell, weight = saturation.cell[rows], row_weights(panel, unit, period)
    outcome = panel.outcome[rows] + panel.level[unit]
    total, summed = (np.bincount(cell, values, minlength=saturation.n_cells) for values in (weight, weight * outcome))
    return np.divide(summed, total, out=np.full(saturation.n_cells, np.nan), where=total > 0)


def _served(saturation: Saturation) -> tuple[np.ndarray, np.ndarray]:
    """Return which units of either arm serve which cell (units by cells): those seen in its period."""
    groups = saturation.groups
    after = np.concatenate([group.after for group in groups])
    own = np.zeros((len(saturation.panel), saturation.n_cells), dtype=bool)
    first = 0
    for group in groups:
        own[group.treated.rows, first : first + len(group.after)] = True
        first += len(group.after)
    return own & saturation.used[:, after], saturation.compared[:, after]


def _mass(saturation: Saturation) -> csr_array:
    """Return the treated weight that each unit which serves brings to each group (units by groups)."""
    panel, serves = saturation.panel, saturation.used.any(axis=1)
    units = [np.flatnonzero(serves[group.treated.rows]) + group.treated.rows.start for group in saturation.groups]
    group = np.repeat(np.arange(len(units)), [len(some) for some in units])
    unit = np.concatenate(units)
    return csr_array((panel.weight[unit], (unit, group)), (len(panel), len(units)))


def _give_reasons(cells: Cells, saturation: Saturation) -> None:
    lacking = ~cells.estimated
    cells.reason[lacking] = MIXED
    cells.reason[lacking & (cells.n_comparison == 0)] = ALONE
    cells.reason[lacking & (cells.n_treated == 0)] = UNSEEN
    single = np.minimum(cells.n_treated, cells.n_comparison) == 1
    cells.reason[~lacking & single] = SINGLE
    cells.reason[~lacking & saturation.reference] = REFERENCE


def _left_out(saturation: Saturation) -> list[str]:
    lacking = int((~saturation.panel.covariates.complete(0)).sum())
    told = f"{saturation.design.told(lacking)} {saturation.design.units}"
    return [Caution(f"Left out, with a covariate missing: {told}.")] if lacking else []
