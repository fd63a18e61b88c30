"""Influence functions of all cells, summed by cluster, kept as blocks: a cell touches only the clusters of its set."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array


@dataclass(frozen=True, eq=False)
class Block:
    """``values`` is clusters by cells of one group; ``clusters`` and ``cells`` say which ones.

    ``treated`` and ``comparison`` (as ``values``) say whether such a unit of the cluster serves the cell.
    """

    clusters: np.ndarray
    cells: np.ndarray
    values: np.ndarray
    treated: np.ndarray
    comparison: np.ndarray


@dataclass(frozen=True, eq=False, repr=False)
class Influence:
    """How each cluster moves each cell (``blocks``), and how much treated weight it brings to each group (``mass``).

    ``mass`` (clusters by groups) carries the error of weights that are themselves estimated: the groups' sizes.
    """

    blocks: tuple[Block, ...]
    mass: csr_array
    n_cells: int

    def __repr__(self) -> str:
        return f"<Influence: of {self.n_cells:,} cells>"

    @property
    def n_clusters(self) -> int:
        return self.mass.shape[0]

    def n_treated_clusters(self, cells: np.ndarray | None = None) -> int:
        """Return how many clusters have a treated unit that serves in any of ``cells`` (positions); None: at all."""
        if cells is None:
            return int((self.mass.sum(axis=1) > 0).sum())
        return self._n_serving(cells, "treated")

    def n_comparison_clusters(self, cells: np.ndarray) -> int:
        """Return how many clusters have a comparison unit that serves in any of ``cells``."""
        return self._n_serving(cells, "comparison")

    def _n_serving(self, cells: np.ndarray, arm: str) -> int:
        serving = np.zeros(self.n_clusters, dtype=bool)
        for block in self.blocks:
            asked = np.isin(block.cells, cells)
            if asked.any():
                serving[block.clusters] |= getattr(block, arm)[:, asked].any(axis=1)
        return int(serving.sum())

    def combine(self, cells: np.ndarray, groups: np.ndarray | None = None) -> np.ndarray:
        """Return the influence (clusters by combinations) of combinations of cells (cells by combinations).

        ``groups`` (groups by combinations) adds what each unit of treated weight in a group does to the combination.
        """
        total = np.zeros((self.n_clusters, cells.shape[1]))
        for block in self.blocks:
            total[block.clusters] += block.values @ cells[block.cells]
        return total if groups is None else total + self.mass @ groups

    def cell_std_errors(self) -> np.ndarray:
        errors = np.full(self.n_cells, np.nan)
        for block in self.blocks:
            errors[block.cells] = np.sqrt(np.einsum("ij,ij->j", block.values, block.values))
        return errors


def block_by_cluster(
    values: np.ndarray, serving: np.ndarray, treated: np.ndarray, cluster: np.ndarray, cells: np.ndarray
) -> Block:
    """Return the block of influence ``values`` (rows by cells), summed over the rows of each cluster.

    ``serving`` (rows by cells) says which rows serve, ``treated`` which of them are treated.
    """
    arms = serving & treated[:, None], serving & ~treated[:, None]
    present, position = np.unique(cluster, return_inverse=True)
    if len(present) == len(cluster):
        return Block(cluster, cells, values, *arms)
    membership = csr_array((np.ones(len(cluster)), (position, np.arange(len(cluster)))), (len(present), len(cluster)))
    return Block(present, cells, membership @ values, *(membership @ arm.astype(float) > 0 for arm in arms))
