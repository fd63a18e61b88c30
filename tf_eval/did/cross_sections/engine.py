"""From repeated cross-sections to all cells and their influence functions."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from tf_eval.did.cross_sections.contrasts import SectionContrast, contrasts_of, smallest
from tf_eval.did.cross_sections.fits import SectionFit, fit_sections, section_influence
from tf_eval.did.cross_sections.sections import Sections
from tf_eval.did.design import Design
from tf_eval.did.estimation import Estimation
from tf_eval.did.group_time.cells import REFERENCE, SINGLE, Cells, empty_cells
from tf_eval.did.group_time.groups import Group, find_groups
from tf_eval.did.group_time.rows import length
from tf_eval.did.group_time.sums import Ledger
from tf_eval.did.inference.clusters import influence_of_clusters
from tf_eval.errors import NotEstimated


@dataclass(frozen=True, eq=False)
class _Served:
    contrast: SectionContrast
    fit: SectionFit
    cell: int


@dataclass(frozen=True, eq=False)
class SectionTrace:
    """The influence of rows on cells, by the cells in which they served."""

    ledger: Ledger
    served: tuple[_Served, ...]

    def stretches(self) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
        """Yield the rows of a cohort and period, the cells that they move, and by how much (rows by those cells)."""
        moved: dict[tuple[int, int], list[tuple[_Served, tuple[bool, bool]]]] = {}
        for one in self.served:
            for arm, rows in one.contrast.rows.items():
                for part in rows.parts:
                    moved.setdefault((part.start, part.stop), []).append((one, arm))
        for (start, stop), each in moved.items():
            cells = np.unique([one.cell for one, _ in each])
            values = np.zeros((stop - start, len(cells)))
            for one, arm in each:
                values[:, np.searchsorted(cells, one.cell)] += section_influence(
                    self.ledger, one.fit, arm, slice(start, stop)
                )
            yield slice(start, stop), cells, values

    def serving(self, cells: np.ndarray, *, treated: bool) -> Iterator[np.ndarray]:
        """Yield the rows of an arm that serve in any of ``cells``, cell by cell."""
        for one in self.served:
            if one.cell in cells:
                yield one.contrast.of_treated(treated).positions()


def estimate_sections(sections: Sections, design: Design) -> Estimation:
    """Return all cells, their influence functions by cluster, and notes."""
    panel = sections.panel
    groups = find_groups(panel, design)
    mass = _mass(sections, groups)
    cells = empty_cells(panel, groups, np.asarray(mass.sum(axis=0)).ravel())
    ledger, served, cell = Ledger(panel, panel.outcome), [], 0
    for group in groups:
        for number, contrast in enumerate(contrasts_of(sections, group)):
            fit = _estimate(ledger, design, cells, cell, contrast, is_reference=bool(group.reference[number]))
            if fit is not None:
                served.append(_Served(contrast, fit, cell))
            cell += 1
    trace = SectionTrace(ledger, tuple(served))
    return Estimation(cells, influence_of_clusters(trace, panel.clusters, panel.block, mass, len(cells)), ())


def _estimate(
    ledger: Ledger, design: Design, cells: Cells, cell: int, contrast: SectionContrast, *, is_reference: bool
) -> SectionFit | None:
    """Estimate one cell and write it into ``cells``; None where it has no influence to trace."""
    treated, comparison = smallest(contrast, True), smallest(contrast, False)
    cells.n_treated[cell], cells.n_comparison[cell] = treated, comparison
    if min(treated, comparison) == 0:
        cells.reason[cell] = f"no {'treated' if treated == 0 else 'comparison'} row in the period or its base"
        return None
    if is_reference:
        cells.att[cell], cells.reason[cell] = 0.0, REFERENCE
        cells.treated_mean[cell] = _treated_mean(ledger, contrast)
        return None
    fit = fit_sections(ledger, contrast, design)
    if isinstance(fit, NotEstimated):
        cells.reason[cell] = fit.reason
        return None
    if min(treated, comparison) == 1:
        cells.reason[cell] = SINGLE
    cells.att[cell], cells.treated_mean[cell] = fit.att, _treated_mean(ledger, contrast)
    return fit


def _treated_mean(ledger: Ledger, contrast: SectionContrast) -> float:
    return float(ledger.sums(contrast.rows[True, True], 0, np.zeros(1, dtype=np.int64)).mean_outcome[0])


def _mass(sections: Sections, groups: list[Group]) -> csr_array:
    """Treated weight that each row brings to each group (rows by groups); the rows of a unit bring its weight once."""
    rows = np.concatenate([np.arange(group.treated.rows.start, group.treated.rows.stop) for group in groups])
    column = np.repeat(np.arange(len(groups)), [length(group.treated.rows) for group in groups])
    share = sections.panel.weight / np.bincount(sections.unit)[sections.unit]
    return csr_array((share[rows], (rows, column)), (len(sections.panel), len(groups)))
