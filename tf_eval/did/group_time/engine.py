"""From a panel to all cells and their influence functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from tf_eval.did.caution import Caution
from tf_eval.did.design import Design
from tf_eval.did.estimation import Estimation
from tf_eval.did.group_time.cells import REFERENCE, SINGLE, Cells, empty_cells
from tf_eval.did.group_time.contrasts import Contrast, Gaps, find_contrasts
from tf_eval.did.group_time.fits import Fit, fit_contrast
from tf_eval.did.group_time.groups import Group, find_blocks, find_groups
from tf_eval.did.group_time.levels import lay_levels
from tf_eval.did.group_time.logit import Logit
from tf_eval.did.group_time.sums import Ledger
from tf_eval.did.group_time.trace import Served, Trace
from tf_eval.did.inference.clusters import influence_of_clusters
from tf_eval.did.reading.panel import Panel
from tf_eval.errors import NotEstimated

NO_TREATED = "no treated unit is observed in both the period and its base"
NO_COMPARISON = "no comparison unit is left"


@dataclass(frozen=True, eq=False)
class _LeftOut:
    """Units of a group that serve in none of its cells, by the cause."""

    without_base: np.ndarray
    without_covariates: np.ndarray

    @property
    def anyhow(self) -> np.ndarray:
        return self.without_base | self.without_covariates


def estimate_cells(panel: Panel, design: Design) -> Estimation:
    """Return all cells, their influence functions by cluster, and notes on who was left out."""
    return estimate_groups(panel, design, find_groups(panel, design))


def estimate_groups(panel: Panel, design: Design, groups: Sequence[Group]) -> Estimation:
    """Return the cells of some groups, as ``estimate_cells`` does of all."""
    found = trace_groups(panel, design, groups)
    influence = influence_of_clusters(found.trace, panel.clusters, panel.block, found.mass, len(found.cells))
    return Estimation(found.cells, influence, found.notes)


@dataclass(frozen=True, eq=False)
class Traced:
    """Some groups with the columns of their bases, their cells and how units move them, and notes.

    ``mass`` (units by groups) is the treated weight that each unit brings.
    """

    groups: tuple[Group, ...]
    cells: Cells
    trace: Trace
    mass: csr_array
    notes: tuple[str, ...]


def trace_groups(panel: Panel, design: Design, groups: Sequence[Group]) -> Traced:
    """Return the cells of some groups before errors are asked for."""
    levels, groups = lay_levels(panel, design, groups)
    left_out = [_left_out(panel, design, levels, group) for group in groups]
    mass = _mass(panel, groups, left_out)
    cells = empty_cells(panel, groups, np.asarray(mass.sum(axis=0)).ravel())
    blocks = find_blocks(panel)
    ledger, gaps = Ledger(panel, levels), Gaps.of(levels, [block.rows for block in blocks])
    served, alone = [], []
    first = np.searchsorted(cells.group, np.arange(len(groups)))
    for number, group in enumerate(groups):
        contrasts = list(find_contrasts(panel, gaps, number, group, ~left_out[number].anyhow))
        alone += [contrast.alone for contrast in contrasts if contrast.alone]
        served += _serve(ledger, design, cells, int(first[number]), group.treated.set_code, contrasts)
        _mark_reference(cells, int(first[number]), group)
    trace = Trace(ledger, tuple(blocks), tuple(served))
    notes = (*_notes(panel, design, groups, left_out), *_without_likes(panel, design, alone))
    return Traced(tuple(groups), cells, trace, mass, notes)


def _serve(
    ledger: Ledger, design: Design, cells: Cells, first: int, set_code: int, contrasts: Iterable[Contrast]
) -> list[Served]:
    """Estimate a group's cells, the first of which is ``first``, write them into ``cells`` and return what served."""
    served, like = [], None
    for contrast in contrasts:
        places = first + contrast.cells
        _count(cells, places, contrast)
        fit = _estimate(ledger, design, contrast, like)
        if isinstance(fit, NotEstimated):
            cells.reason[places] = fit.reason
            continue
        like = fit.logit
        cells.att[places] = fit.att
        cells.treated_mean[places] = _treated_mean(ledger, contrast)
        served.append(Served(contrast, fit, places, _small_sample(design, contrast, fit), set_code))
    return served


def _estimate(ledger: Ledger, design: Design, contrast: Contrast, like: Logit | None) -> Fit | NotEstimated:
    if not len(contrast.treated):
        return NotEstimated(NO_TREATED)
    if not len(contrast.compared):
        return NotEstimated(NO_COMPARISON)
    return fit_contrast(ledger, contrast, design, like)


def _count(cells: Cells, places: np.ndarray, contrast: Contrast) -> None:
    treated, comparison = len(contrast.treated), len(contrast.compared)
    cells.n_treated[places], cells.n_comparison[places] = treated, comparison
    if min(treated, comparison) == 1:
        cells.reason[places] = SINGLE


def _small_sample(design: Design, contrast: Contrast, fit: Fit) -> float:
    """What errors are multiplied by for the coefficients that were fitted; see ``Design``."""
    compared = len(contrast.compared)
    if not design.small_sample or compared == len(fit.columns):  # then a single unit, which has no error of its own
        return 1.0
    return float(np.sqrt(compared / (compared - len(fit.columns))))


def _treated_mean(ledger: Ledger, contrast: Contrast) -> np.ndarray:
    """Return the mean outcome of the treated of a contrast in the period of each cell."""
    sums = ledger.sums(contrast.treated, contrast.position, contrast.columns)
    rows, panel = contrast.treated.positions(), ledger.panel
    level = np.average(panel.level[rows], weights=panel.weight[rows])
    return sums.mean_outcome[contrast.after] + level


def _mark_reference(cells: Cells, first: int, group: Group) -> None:
    places = first + np.flatnonzero(group.reference)
    cells.reason[places[cells.estimated[places]]] = REFERENCE


def _left_out(panel: Panel, design: Design, levels: np.ndarray, group: Group) -> _LeftOut:
    """Say which units of the panel cannot serve the group at all."""
    lacks_base = np.zeros(len(panel), dtype=bool)
    if design.window:
        lacks_base = np.isnan(levels[:, group.base[0]])
    return _LeftOut(lacks_base, ~panel.covariates.complete(group.position))


def _mass(panel: Panel, groups: Sequence[Group], left_out: Sequence[_LeftOut]) -> csr_array:
    """Treated weight that each unit brings to each group (units by groups)."""
    kept = [
        np.flatnonzero(~out.anyhow[group.treated.rows]) + group.treated.rows.start
        for group, out in zip(groups, left_out, strict=True)
    ]
    column = np.repeat(np.arange(len(groups)), [len(units) for units in kept])
    units = np.concatenate(kept)
    return csr_array((panel.weight[units], (units, column)), (len(panel), len(groups)))


def _notes(panel: Panel, design: Design, groups: Sequence[Group], left_out: Sequence[_LeftOut]) -> tuple[str, ...]:
    causes = {
        "without_base": "with fewer than half of the baseline window observed",
        "without_covariates": "with a covariate missing at the base period",
    }
    notes = []
    for cause, words in causes.items():
        anybody, treated = np.zeros((2, len(panel)), dtype=bool)
        for group, out in zip(groups, left_out, strict=True):
            lacking = getattr(out, cause)
            for block in (group.treated, *group.pool):
                anybody[block.rows] |= lacking[block.rows]
            treated[group.treated.rows] |= lacking[group.treated.rows]
        if anybody.any():
            counts = [design.told(int(arm.sum())) for arm in (treated, anybody & ~treated)]
            notes.append(Caution(f"Left out, {words}: {counts[0]} treated and {counts[1]} comparison {design.units}."))
    return tuple(notes)


def _without_likes(panel: Panel, design: Design, alone: Sequence[Sequence[np.ndarray]]) -> list[str]:
    """Say how many treated units have nobody in their category to be compared with; ``alone`` as of ``Contrast``."""
    if not alone:
        return []
    units = [np.unique(np.concatenate(rows)) for rows in zip(*alone, strict=True)]
    named = zip(panel.covariates.categories, units, strict=True)
    told = [f"{design.told(len(rows))} by {name}" for name, rows in named if len(rows)]
    if not told:
        return []
    return [
        Caution(
            f"Treated units in a category without comparison units: {', '.join(told)}. They are left out of the cells "
            "in which that is so, which tell nothing of them; overlap() shows what each cell rests on. Categories can "
            "be joined, or the column left out."
        )
    ]
