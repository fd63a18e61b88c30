"""From influence of units to influence of the clusters that errors are asked for, of one kind or two."""

import numpy as np
from scipy.sparse import csr_array

from tf_eval.did.inference.influence import Influence, Source
from tf_eval.did.inference.two_way import TwoWayInfluence

AnyInfluence = Influence | TwoWayInfluence


def influence_of_clusters(
    source: Source, clusters: tuple[np.ndarray, ...], block: np.ndarray, mass: csr_array, n_cells: int
) -> AnyInfluence:
    """Return the influence by cluster.

    Args:
        source: knows how units move cells.
        clusters: one or two codes of each unit, each from 0 on without gaps.
        block: code of each unit's cohort.
        mass: units by groups, the treated weight that a unit brings to a group.
        n_cells: how many cells there are.
    """
    ways = list(clusters)
    if len(ways) == 2:
        ways.append(np.unique(np.column_stack(ways), axis=0, return_inverse=True)[1].ravel())
    each = [Influence(source, codes, block, _by_cluster(mass, codes), n_cells) for codes in ways]
    return each[0] if len(each) == 1 else TwoWayInfluence(*each)


def _by_cluster(mass: csr_array, cluster: np.ndarray) -> csr_array:
    """Return the sums of the units' rows, clusters by groups."""
    units = len(cluster)
    member = csr_array((np.ones(units), (cluster, np.arange(units))), (int(cluster.max()) + 1, units))
    return csr_array(member @ mass)
