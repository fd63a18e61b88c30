"""Errors clustered two ways at once: what is shared within either kind of cluster counts, and once."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tf_eval.did.inference.influence import Influence, Source
from tf_eval.errors import ConfigError


@dataclass(frozen=True, eq=False, repr=False)
class TwoWayInfluence:
    """Influence by the clusters of two columns, and by their combinations (Cameron, Gelbach and Miller 2011).

    Variances are those of either way less that of ``both``; where the sum is no covariance, its negative directions
    are set to nothing.
    """

    first: Influence
    second: Influence
    both: Influence

    @property
    def source(self) -> Source:
        return self.first.source

    @property
    def n_cells(self) -> int:
        return self.first.n_cells

    @property
    def n_clusters(self) -> int:
        return min(self.first.n_clusters, self.second.n_clusters)

    def n_treated_clusters(self, cells: np.ndarray | None = None) -> int:
        return min(way.n_treated_clusters(cells) for way in (self.first, self.second))

    def has_one_treated_cluster(self, cells: np.ndarray) -> bool:
        return any(way.has_one_treated_cluster(cells) for way in (self.first, self.second))

    def n_comparison_clusters(self, cells: np.ndarray) -> int:
        return min(way.n_comparison_clusters(cells) for way in (self.first, self.second))

    def covariance(self, cells: np.ndarray, groups: np.ndarray) -> np.ndarray:
        """Return the covariance of combinations, given as to ``Influence.combined``."""
        first, second, both = (way.covariance(cells, groups) for way in (self.first, self.second, self.both))
        values, vectors = np.linalg.eigh(first + second - both)
        return (vectors * np.maximum(values, 0.0)) @ vectors.T

    @cached_property
    def cell_variances(self) -> np.ndarray:
        """The variance of each cell; 0 where it is not estimated."""
        return np.maximum(self.first.cell_variances + self.second.cell_variances - self.both.cell_variances, 0.0)

    def combined(self, cells: np.ndarray, groups: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Refuse: what is drawn by cluster needs one kind of cluster."""
        raise ConfigError("simultaneous bands need errors that are clustered one way; name one cluster column.")

    def __repr__(self) -> str:
        return f"<TwoWayInfluence: of {self.n_cells:,} cells>"
