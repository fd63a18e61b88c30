"""Errors clustered two ways at once: what is shared within either kind of cluster counts, and once."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tf_eval.did.inference.influence import Influence, Source
from tf_eval.errors import ConfigError

NOTHING = 1e-12  # relative to a variance, what rounding leaves of nothing


@dataclass(frozen=True, eq=False, repr=False)
class TwoWayInfluence:
    """Influence by the clusters of two columns, and by their combinations (Cameron, Gelbach and Miller 2011).

    Variances are as ``two_way_variance`` has them, whatever else they are asked for with; where the sum of the
    covariances is none, its negative directions are set to nothing before the rest is brought to these variances.
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
        ways = [way.covariance(cells, groups) for way in (self.first, self.second, self.both)]
        values, vectors = np.linalg.eigh(ways[0] + ways[1] - ways[2])
        joint = (vectors * np.maximum(values, 0.0)) @ vectors.T
        return _with_variances(joint, two_way_variance(*map(np.diag, ways)))

    @cached_property
    def cell_variances(self) -> np.ndarray:
        """The variance of each cell; 0 where it is not estimated."""
        return two_way_variance(*(way.cell_variances for way in (self.first, self.second, self.both)))

    def combined(self, cells: np.ndarray, groups: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Refuse: what is drawn by cluster needs one kind of cluster."""
        raise ConfigError("simultaneous bands need errors that are clustered one way; name one cluster column.")

    def __repr__(self) -> str:
        return f"<TwoWayInfluence: of {self.n_cells:,} cells>"


def two_way_variance(first: np.ndarray, second: np.ndarray, both: np.ndarray) -> np.ndarray:
    """Return the variances of either way less that of both; the larger of either way where nothing would be left.

    A difference that is not above 0 is no sign of certainty: it comes of few clusters.
    """
    rest = first + second - both
    return np.where(rest > NOTHING * both, rest, np.maximum(first, second))


def _with_variances(joint: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Return a covariance with other variances and the same correlations; without any where ``joint`` has nothing."""
    own = np.diag(joint)
    told = own > NOTHING * variance
    scale = np.sqrt(np.divide(variance, own, out=np.zeros_like(own), where=told))
    return joint * np.outer(scale, scale) + np.diag(np.where(told, 0.0, variance))
