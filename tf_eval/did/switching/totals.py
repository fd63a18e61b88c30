"""Effects as ratios of totals over units that changed treatment, with their errors from influence functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import coo_array, csr_array, diags_array

from tf_eval.did.group_time.engine import Traced, trace_groups
from tf_eval.did.inference.clusters import influence_of_clusters
from tf_eval.did.inference.combined import Combined
from tf_eval.did.inference.influence import Influence
from tf_eval.did.switching.groups import find_switchers, mirrored_at, with_mirrored
from tf_eval.did.switching.reading import Switching


@dataclass(frozen=True, eq=False)
class Ratio:
    """A ratio of totals, and how each cluster moves it: its variance is the sum of squares of ``influence``."""

    value: float
    influence: np.ndarray


@dataclass(frozen=True, eq=False)
class Totals:
    """Cells of units that changed at once, with the sign of the change, and what each unit brings to a total.

    A cell's effect counts for every unit in it by the unit's weight (``mass``, units by cells). How many units make the
    same change is chance, and so is by how much: a unit's part in a ratio is what its cell's effect differs by, times
    its weight, beside what it moves the effect itself. (The paper takes the changes as given. Errors then say nothing
    of how effects differ between starts, and nothing at all where single units change alone.)
    """

    switching: Switching
    traced: Traced

    @classmethod
    def of(cls, switching: Switching, effects: int, placebos: int) -> "Totals":
        panel, design = switching.panel, switching.design
        groups = find_switchers(panel, design, effects, placebos)
        extended, groups = with_mirrored(panel, groups)
        return cls(switching, trace_groups(extended, design, groups))

    @property
    def event_time(self) -> np.ndarray:
        return self.traced.cells.event_time

    @cached_property
    def sign(self) -> np.ndarray:
        """Of each cell, 1 where treatment rose and -1 where it fell."""
        return np.array([group.treated.reach for group in self.traced.groups])[self.traced.cells.group]

    @cached_property
    def effect(self) -> np.ndarray:
        """The effect in each cell of more treatment; NaN where it is not estimated."""
        return self.sign * self.traced.cells.att

    @cached_property
    def mass(self) -> csr_array:
        """The weight that each unit which changed brings to each cell that is estimated."""
        served = [(one.contrast.treated.positions(), one.cells) for one in self.traced.trace.served]
        unit = np.concatenate([np.repeat(units, len(cells)) for units, cells in served] or [np.empty(0, dtype=int)])
        cell = np.concatenate([np.tile(cells, len(units)) for units, cells in served] or [np.empty(0, dtype=int)])
        panel = self.switching.panel
        return csr_array((panel.weight[unit], (unit, cell)), (len(panel), len(self.effect)))

    @cached_property
    def influence(self) -> Influence:
        panel = self.switching.panel
        source = Combined(self.traced.trace, csr_array(diags_array(self.sign.astype(float))))
        return influence_of_clusters(source, panel.clusters, panel.block, self.mass, len(self.effect))

    def ratios(self, asked: Sequence[tuple[np.ndarray, np.ndarray]]) -> list[Ratio]:
        """Return total effects in some cells (a mask) over the totals of what each unit brings (one number a unit).

        All are worked out together: how units move cells is gone through once.
        """
        chosen = np.column_stack([cells for cells, _ in asked]) & np.isfinite(self.effect)[:, None]
        effect = np.where(chosen, self.effect[:, None], 0.0)
        count = np.where(chosen, self.mass.sum(axis=0)[:, None], 0.0)
        moved = self.influence.combine(count, effect)
        totals = (count * effect).sum(axis=0)
        each = zip(totals, moved.T, (per_unit for _, per_unit in asked), strict=True)
        return [self._ratio(float(total), influence, per_unit) for total, influence, per_unit in each]

    def _ratio(self, total: float, moved: np.ndarray, per_unit: np.ndarray) -> Ratio:
        value = total / per_unit.sum()
        by_cluster = np.bincount(self.switching.panel.clusters[0], per_unit, minlength=len(moved))
        return Ratio(value, (moved - value * by_cluster) / per_unit.sum())

    def weight(self, cells: np.ndarray) -> np.ndarray:
        """Return the weight that each unit has in some cells, once for every one that it is in."""
        return self.mass[:, cells].sum(axis=1)

    def dose(self, cells: np.ndarray) -> np.ndarray:
        """Return for each unit, over the cells it is in, its weight times how far its treatment is from its start."""
        return self._weighted(self.switching.dose, cells)

    def dose_so_far(self, cells: np.ndarray) -> np.ndarray:
        """Return the same with the sum of that from the first change on, up to as long after it as the cell is away."""
        return self._weighted(np.cumsum(self.switching.dose, axis=1), cells)

    def n_units(self, cells: np.ndarray) -> tuple[int, int]:
        """Return how many units that changed, and how many to compare with, serve in any of ``cells``."""
        compared = np.zeros(len(self.switching.panel), dtype=bool)
        for one in self.traced.trace.served:
            for part in one.contrast.compared.parts if cells[one.cells].any() else ():
                compared[part] = True
        return int((self.weight(cells) > 0).sum()), int(compared.sum())

    def _weighted(self, dose: np.ndarray, cells: np.ndarray) -> np.ndarray:
        chosen = coo_array(self.mass[:, cells])
        unit, place = chosen.coords
        doses = dose[unit, self._mirrored[cells][place]]
        return np.bincount(unit, chosen.data * doses, minlength=len(self.switching.panel))

    @cached_property
    def _mirrored(self) -> np.ndarray:
        """The position of the period that is as long after the base as each cell is away from it."""
        periods, cells = self.switching.panel.periods, self.traced.cells
        base = np.array([group.position for group in self.traced.groups])[cells.group]
        return mirrored_at(periods, np.searchsorted(periods, cells.period), base)
