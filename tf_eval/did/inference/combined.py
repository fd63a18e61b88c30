"""Influence on cells that are each a linear combination of other cells."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from tf_eval.did.inference.influence import Source


@dataclass(frozen=True, eq=False)
class Combined:
    """How units move combinations of the cells of a ``source``: ``weights`` are its cells by combinations."""

    source: Source
    weights: csr_array

    def stretches(self) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
        """Yield units, the combinations that they move, and by how much (units by those combinations)."""
        for units, cells, values in self.source.stretches():
            weights = self.weights[cells]
            moved = np.unique(weights.indices)
            yield units, moved, values @ weights[:, moved]

    def serving(self, cells: np.ndarray, *, treated: bool) -> Iterator[np.ndarray]:
        """Yield the units of an arm that serve in any of the combinations ``cells``."""
        parts = np.unique(self.weights[:, cells].nonzero()[0])
        yield from self.source.serving(parts, treated=treated)
