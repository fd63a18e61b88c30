"""How every unit moves every cell: by its own effect, and by what its residuals do to the fit."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tf_eval.did.group_time.groups import Block
from tf_eval.did.imputing.sample import Sample


@dataclass(frozen=True, eq=False)
class Pull:
    """A fit's coefficients, as they hold for a block, and how scores move some cells (coefficients by cells)."""

    coefficients: np.ndarray
    directions: np.ndarray
    cells: np.ndarray


@dataclass(frozen=True, eq=False)
class Moved:
    """A block of units, the fits that it served, and how its observations move the cells of its own group.

    ``own`` (units by ``own_cells``) is empty where the block is no group.
    """

    block: Block
    pulls: tuple[Pull, ...]
    own: np.ndarray
    own_cells: np.ndarray

    @property
    def cells(self) -> np.ndarray:
        """Every cell that the block moves, in order."""
        return np.unique(np.concatenate([self.own_cells, *(pull.cells for pull in self.pulls)]))


@dataclass(frozen=True, eq=False)
class ImputedTrace:
    """The influence of units on cells; ``serves`` (units by periods) tells whose observation serves the period's cell.

    ``about`` (the number of a block in ``moved``) and ``position`` (of its period) say what each cell is of.
    """

    sample: Sample
    moved: tuple[Moved, ...]
    serves: np.ndarray
    about: np.ndarray
    position: np.ndarray

    def stretches(self) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
        """Yield neighbouring units, the cells that they move, and by how much (units by those cells)."""
        for moved in self.moved:
            cells, first = moved.cells, moved.block.rows.start
            if not len(cells):
                continue
            for part in self.sample.parts(moved.block):
                values = np.zeros((len(part.weight), len(cells)))
                for pull in moved.pulls:
                    places = np.searchsorted(cells, pull.cells)
                    values[:, places] += part.scores(pull.coefficients) @ pull.directions
                own = moved.own[part.rows.start - first : part.rows.stop - first]
                values[:, np.searchsorted(cells, moved.own_cells)] += own
                yield part.rows, cells, values

    def serving(self, cells: np.ndarray, *, treated: bool) -> Iterator[np.ndarray]:
        """Yield the units of an arm that serve in any of ``cells``: the group's, or others untreated in the period."""
        for cell in cells:
            mine = self.moved[self.about[cell]].block
            for moved in self.moved:
                rows = moved.block.rows
                if treated and moved.block is mine:
                    yield rows.start + np.flatnonzero(self.serves[rows, self.position[cell]])
                if not treated and moved.block is not mine and moved.block.set_code == mine.set_code:
                    yield rows.start + np.flatnonzero(self.sample.fitted[rows, self.position[cell]])
