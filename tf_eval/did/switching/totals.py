"""Effects as ratios of totals over units that changed treatment, with their errors from influence functions."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array, diags_array, hstack

from tf_eval.did.aggregate import Combination
from tf_eval.did.group_time.cells import Cells
from tf_eval.did.group_time.engine import Traced, trace_groups
from tf_eval.did.inference.clusters import influence_of_clusters
from tf_eval.did.inference.combined import Combined
from tf_eval.did.inference.errors import Inference
from tf_eval.did.switching.groups import find_switchers, mirrored_at, with_mirrored
from tf_eval.did.switching.reading import Switching

# What a total effect can be held against: the weight of units, or that times the treatment which they had more of, in
# the period as long after the base as the cell is away from it or, so far, from the first change up to it.
WEIGHT, DOSE, DOSE_SO_FAR = range(3)


@dataclass(frozen=True, eq=False)
class Totals:
    """Cells of units that changed at once, with the sign of the change, and what each unit brings to a total.

    A cell's effect counts for every unit in it by the unit's weight. How many units make the same change is chance, and
    so is by how much: a unit's part in a ratio is what its cell's effect differs by, times its weight, beside what it
    moves the effect itself. (The paper takes the changes as given. Errors then say nothing of how effects differ
    between starts, and nothing at all where single units change alone.) With ``errors="unequal"`` starts count as
    fixed here as well, but not by how much treatment changed.
    """

    switching: Switching
    traced: Traced

    @classmethod
    def of(cls, switching: Switching, effects: int, placebos: int) -> "Totals":
        panel, design = switching.panel, switching.design
        groups = find_switchers(panel, design, effects, placebos)
        extended, groups = with_mirrored(panel, groups)
        return cls(switching, trace_groups(extended, design, groups))

    @cached_property
    def cells(self) -> Cells:
        """The cells with the effect of more treatment, beside the mean outcome with the more of it."""
        cells = self.traced.cells
        more = np.where(self._sign > 0, cells.treated_mean, cells.treated_mean - cells.att)
        return replace(cells, att=self._sign * cells.att, treated_mean=more)

    @cached_property
    def inference(self) -> Inference:
        """What gives ratios their errors; the mass of groups is what units bring to cells, kind after kind."""
        panel, design = self.switching.panel, self.switching.design
        source = Combined(self.traced.trace, csr_array(diags_array(self._sign.astype(float))))
        brought = csr_array(hstack(self._brought))
        influence = influence_of_clusters(source, panel.clusters, panel.block, brought, len(self.cells))
        # That single units have no error is told before, in the words of those who change.
        return Inference(design, self.cells, influence, panel.time_unit, fewest_treated=1)

    def ratio(self, cells: np.ndarray, per: int) -> Combination:
        """Return the total effect in some cells (a mask, some of them estimated) over what their units bring of it."""
        chosen = cells & self.cells.estimated
        effect = np.where(chosen, self.cells.att, 0.0)
        count, below = (np.where(chosen, self._brought[kind].sum(axis=0), 0.0) for kind in (WEIGHT, per))
        slopes = np.zeros((len(self._brought), len(effect)))
        slopes[WEIGHT] = effect
        slopes[per] -= (count @ effect / below.sum()) * chosen
        return Combination(count / below.sum(), slopes.ravel() / below.sum(), self._share(chosen))

    def mean_dose(self, cells: np.ndarray, per: int) -> float:
        """Return how much more treatment units had on average over the cells they are in; 0 where there are none."""
        dose, weight = (float(self._brought[kind][:, cells].sum()) for kind in (per, WEIGHT))
        return dose / weight if weight else 0.0

    def n_units(self, cells: np.ndarray) -> tuple[int, int]:
        """Return how many units that changed, and how many to compare with, serve in any of ``cells``."""
        compared = np.zeros(len(self.switching.panel), dtype=bool)
        for one in self.traced.trace.served:
            for part in one.contrast.compared.parts if cells[one.cells].any() else ():
                compared[part] = True
        return int(self._serve(cells).sum()), int(compared.sum())

    def _serve(self, cells: np.ndarray) -> np.ndarray:
        """Say which units that changed are in any of ``cells`` (a mask)."""
        return self._brought[WEIGHT][:, cells].sum(axis=1) > 0

    def _share(self, cells: np.ndarray) -> float:
        """Return the share, by weight, of all units that changed which are in any of ``cells``."""
        panel = self.switching.panel
        return float(panel.weight[self._serve(cells)].sum() / panel.weight[panel.reach != 0].sum())

    @cached_property
    def _sign(self) -> np.ndarray:
        """Of each cell, 1 where treatment rose and -1 where it fell."""
        return np.array([group.treated.reach for group in self.traced.groups])[self.traced.cells.group]

    @cached_property
    def _brought(self) -> tuple[csr_array, csr_array, csr_array]:
        """What each unit that changed brings to each cell that is estimated (units by cells), by what it is."""
        served = [(one.contrast.treated.positions(), one.cells) for one in self.traced.trace.served]
        unit = np.concatenate([np.repeat(units, len(cells)) for units, cells in served] or [np.empty(0, dtype=int)])
        cell = np.concatenate([np.tile(cells, len(units)) for units, cells in served] or [np.empty(0, dtype=int)])
        weight, dose = self.switching.panel.weight, self.switching.dose
        place, shape = (unit, self._mirrored[cell]), (len(weight), len(self._sign))
        each = (np.ones_like(dose), dose, np.cumsum(dose, axis=1))
        return tuple(csr_array((weight[unit] * values[place], (unit, cell)), shape) for values in each)

    @cached_property
    def _mirrored(self) -> np.ndarray:
        """The position of the period that is as long after the base as each cell is away from it."""
        periods, cells = self.switching.panel.periods, self.traced.cells
        base = np.array([group.position for group in self.traced.groups])[cells.group]
        return mirrored_at(periods, np.searchsorted(periods, cells.period), base)
