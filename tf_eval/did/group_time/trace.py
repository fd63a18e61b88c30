"""How every unit moves every cell, worked out a stretch of units at a time and never held for all of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tf_eval.did.group_time.contrasts import Contrast
from tf_eval.did.group_time.fits import Fit, influence_of
from tf_eval.did.group_time.groups import Block
from tf_eval.did.group_time.rows import STRETCH, Rows
from tf_eval.did.group_time.sums import Ledger


@dataclass(frozen=True, eq=False)
class Served:
    """A contrast that could be estimated, the places of its cells among all, and the factor of its errors."""

    contrast: Contrast
    fit: Fit
    cells: np.ndarray
    scale: float
    set_code: int

    def arms(self) -> tuple[tuple[bool, Rows], tuple[bool, Rows]]:
        return (True, self.contrast.treated), (False, self.contrast.compared)


@dataclass(frozen=True, eq=False)
class Trace:
    """The influence of units on cells, by the contrasts in which they served."""

    ledger: Ledger
    blocks: tuple[Block, ...]
    served: tuple[Served, ...]

    def stretches(self) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
        """Yield neighbouring units, the cells that they move, and by how much (units by those cells)."""
        of_set: dict[int, list[Served]] = {}
        for one in self.served:
            of_set.setdefault(one.set_code, []).append(one)
        for block in self.blocks:
            yield from self._of_block(block.rows, of_set.get(block.set_code, []))

    def serving(self, cells: np.ndarray, *, treated: bool) -> Iterator[np.ndarray]:
        """Yield the units of an arm that serve in any of ``cells``, contrast by contrast."""
        for number in np.unique(self._number[cells[cells < len(self._number)]]):
            if number >= 0:
                yield dict(self.served[number].arms())[treated].positions()

    @cached_property
    def _number(self) -> np.ndarray:
        """Of each cell, which contrast it is of; -1 where none could be estimated."""
        number = np.full(max((int(one.cells.max()) + 1 for one in self.served), default=0), -1)
        for place, one in enumerate(self.served):
            number[one.cells] = place
        return number

    def _of_block(self, rows: slice, served: list[Served]) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
        touched = [
            (one, arm, treated) for one in served for treated, arm in one.arms() if arm.reaches(rows.start, rows.stop)
        ]
        if not touched:
            return
        cells = np.unique(np.concatenate([one.cells for one, _, _ in touched]))
        for start in range(rows.start, rows.stop, STRETCH):
            units = slice(start, min(start + STRETCH, rows.stop))
            values = np.zeros((units.stop - units.start, len(cells)))
            for one, arm, treated in touched:
                self._add(values, units, cells, one, arm, treated)
            yield units, cells, values

    def _add(self, values: np.ndarray, units: slice, cells: np.ndarray, one: Served, arm: Rows, treated: bool) -> None:
        some = arm.within(units.start, units.stop)
        if some is None:
            return
        influence = one.scale * influence_of(self.ledger, one.contrast, one.fit, some, treated=treated)
        columns = np.searchsorted(cells, one.cells)
        if isinstance(some, slice):
            values[:, columns] = influence
        else:
            values[np.ix_(some - units.start, columns)] = influence
