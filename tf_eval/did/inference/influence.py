"""Influence functions of all cells, summed by cluster: every error, band and test is a sum over them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
from scipy.sparse import csr_array

from tf_eval.did.inference.strata import Spread, spread_by_stratum, strata_of
from tf_eval.matching.display import so_many

# Up to so many cells the products of all with all are made once, and every error follows from them. With more of them
# that would cost more than to go through the influence functions anew for what is asked.
FEW_CELLS = 400
STRETCH = 4096  # clusters


class Source(Protocol):
    """What knows how units move cells, a stretch of units at a time."""

    def stretches(self) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]: ...

    def serving(self, cells: np.ndarray, *, treated: bool) -> Iterator[np.ndarray]: ...


class Share(NamedTuple):
    """Some clusters and how much each of them moves some cells (clusters by cells)."""

    clusters: np.ndarray
    cells: np.ndarray
    values: np.ndarray


class _Products(NamedTuple):
    """Sums over clusters: of cell times cell, of group's mass times cell, and of mass times mass."""

    cells: np.ndarray
    groups_cells: np.ndarray
    groups: np.ndarray


@dataclass(frozen=True, eq=False, repr=False)
class Influence:
    """How each cluster moves each cell, and how much treated weight it brings to each group (``mass``).

    ``mass`` (clusters by groups) carries the error of weights that are themselves estimated: the groups' sizes.
    ``cluster`` is the cluster of each unit of ``source``, and ``block`` its cohort (set and adoption), as codes.
    """

    source: Source
    cluster: np.ndarray
    block: np.ndarray
    mass: csr_array
    n_cells: int

    def __repr__(self) -> str:
        return f"<Influence: of {so_many(self.n_cells, 'cell')}>"

    @property
    def n_clusters(self) -> int:
        return self.mass.shape[0]

    @property
    def n_units(self) -> np.ndarray:
        """How many units each cluster has."""
        return np.bincount(self.cluster, minlength=self.n_clusters)

    def n_treated_clusters(self, cells: np.ndarray | None = None) -> int:
        """Return how many clusters have a treated unit that serves in any of ``cells`` (positions); None: at all."""
        return self._n_serving(np.arange(self.n_cells) if cells is None else cells, treated=True)

    def has_one_treated_cluster(self, cells: np.ndarray) -> bool:
        """Say whether all treated units that serve in any of ``cells`` are of one cluster."""
        first = None
        for units in self.source.serving(cells, treated=True):
            found = self.cluster[units]
            first = found[0] if first is None and len(found) else first
            # As a rule the first units that are looked at are of several clusters, and no others are asked for.
            if (found != first).any():
                return False
        return first is not None

    def n_comparison_clusters(self, cells: np.ndarray) -> int:
        """Return how many clusters have a comparison unit that serves in any of ``cells``."""
        return self._n_serving(cells, treated=False)

    def _n_serving(self, cells: np.ndarray, *, treated: bool) -> int:
        serving = np.zeros(self.n_clusters, dtype=bool)
        for units in self.source.serving(cells, treated=treated):
            serving[self.cluster[units]] = True
        return int(serving.sum())

    def shares(self) -> Iterator[Share]:
        """Yield the influence of clusters, each of which occurs once for each cell that it moves."""
        if self.n_clusters == len(self.cluster):
            for units, cells, values in self.source.stretches():
                yield Share(self.cluster[units], cells, values)
        else:
            yield from self._by_cluster()

    def combined(self, cells: np.ndarray, groups: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield clusters, each once, and their influence (clusters by combinations) on combinations of cells.

        ``cells`` (cells by combinations) are the weights of the combinations; ``groups`` (groups by combinations) adds
        what each unit of treated weight in a group does to the combination.
        """
        left = np.ones(self.n_clusters, dtype=bool)
        for share in self.shares():
            left[share.clusters] = False
            yield share.clusters, share.values @ cells[share.cells] + self.mass[share.clusters] @ groups
        if left.any():
            yield np.flatnonzero(left), self.mass[left] @ groups

    def combine(self, cells: np.ndarray, groups: np.ndarray) -> np.ndarray:
        """Return the influence of all clusters, in their order, on combinations given as to ``combined``."""
        total = np.empty((self.n_clusters, cells.shape[1]))
        for clusters, influence in self.combined(cells, groups):
            total[clusters] = influence
        return total

    def covariance(self, cells: np.ndarray, groups: np.ndarray) -> np.ndarray:
        """Return the covariance of combinations, given as to ``combined``."""
        if self.n_cells > FEW_CELLS:
            return sum(influence.T @ influence for _, influence in self.combined(cells, groups))
        products = self._products
        across = groups.T @ products.groups_cells @ cells
        return cells.T @ products.cells @ cells + across + across.T + groups.T @ products.groups @ groups

    @cached_property
    def cell_variances(self) -> np.ndarray:
        """The variance of each cell; 0 where it is not estimated."""
        if self.n_cells <= FEW_CELLS:
            return np.diag(self._products.cells)
        variance = np.zeros(self.n_cells)
        for share in self.shares():
            variance[share.cells] += np.einsum("ij,ij->j", share.values, share.values)
        return variance

    def covariance_by_stratum(self, cells: np.ndarray, groups: np.ndarray) -> Spread:
        """Return the spread of combinations, given as to ``combined``, where cohorts may differ in their variance."""
        return spread_by_stratum(self.combine(cells, groups), self._stratum, self.n_units)

    @cached_property
    def _stratum(self) -> np.ndarray:
        return strata_of(self.cluster, self.block)

    @cached_property
    def _products(self) -> _Products:
        cells = np.zeros((self.n_cells, self.n_cells))
        groups_cells = np.zeros((self.mass.shape[1], self.n_cells))
        for share in self.shares():
            cells[np.ix_(share.cells, share.cells)] += share.values.T @ share.values
            groups_cells[:, share.cells] += self.mass[share.clusters].T @ share.values
        return _Products(cells, groups_cells, (self.mass.T @ self.mass).toarray())

    def _by_cluster(self) -> Iterator[Share]:
        """Yield clusters with all their units' influence, as many at a time as fit a stretch."""
        sums = [_sum_by_cluster(self.cluster[units], cells, values) for units, cells, values in self.source.stretches()]
        for start in range(0, self.n_clusters, STRETCH):
            stop = min(start + STRETCH, self.n_clusters)
            values = np.zeros((stop - start, self.n_cells))
            for share in sums:
                first, last = np.searchsorted(share.clusters, (start, stop))
                values[np.ix_(share.clusters[first:last] - start, share.cells)] += share.values[first:last]
            yield Share(np.arange(start, stop), np.arange(self.n_cells), values)


def _sum_by_cluster(cluster: np.ndarray, cells: np.ndarray, values: np.ndarray) -> Share:
    """Return the sums over the rows of each cluster, clusters in order."""
    found, position = np.unique(cluster, return_inverse=True)
    member = csr_array((np.ones(len(cluster)), (position, np.arange(len(cluster)))), (len(found), len(cluster)))
    return Share(found, cells, member @ values)
