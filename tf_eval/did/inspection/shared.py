"""How clusters move the difference of two averages, where some of them may be in both."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from tf_eval.did.aggregate import Combination
from tf_eval.did.inference.influence import Influence
from tf_eval.did.inference.strata import Spread, spread_by_stratum, strata_of
from tf_eval.did.inference.two_way import TwoWayInfluence
from tf_eval.did.result import GroupTimeATT


class Side(NamedTuple):
    """One kind of clusters of a result: their influence, what the data call them, and how they move an average."""

    influence: Influence
    labels: pd.Index
    moves: np.ndarray


class Both(NamedTuple):
    """Clusters of either side: ``moves`` of the difference, how many serve in both, and ``place`` of the other's."""

    moves: np.ndarray
    n_shared: int
    place: np.ndarray


def sides_of(effect: GroupTimeATT, combination: Combination) -> Iterator[Side]:
    """Yield the kinds of clusters of a result: one, or with two columns either and their pairs."""
    weights = combination.cells[:, None], combination.groups[:, None]
    for influence, labels in _kinds(effect):
        yield Side(influence, labels, influence.combine(*weights)[:, 0])


def _kinds(effect: GroupTimeATT) -> list[tuple[Influence, pd.Index]]:
    influence = effect.influence
    ways = (influence.first, influence.second) if isinstance(influence, TwoWayInfluence) else (influence,)
    # Cross-sections keep no labels: their clusters are known by their codes, and nobody is looked for among others.
    labels = effect.panel.cluster_labels if effect.panel is not None else [np.arange(way.n_clusters) for way in ways]
    kinds = [(way, pd.Index(names)) for way, names in zip(ways, labels, strict=True)]
    if isinstance(influence, TwoWayInfluence):
        first = np.unique(influence.both.cluster, return_index=True)[1]
        pairs = [names[way.cluster[first]] for way, names in zip(ways, labels, strict=True)]
        kinds.append((influence.both, pd.MultiIndex.from_arrays(pairs)))
    return kinds


def put_together(one: Side, other: Side, *, independent: bool) -> Both:
    """Return how each cluster moves the one average less the other; ``independent``: no cluster is in both."""
    count = len(one.moves)
    place = np.full(len(other.moves), -1) if independent else one.labels.get_indexer(other.labels)
    own = place < 0
    serve_in_both = ~own & (other.moves != 0) & (one.moves[place] != 0)
    place[own] = count + np.arange(own.sum())
    moves = np.zeros(count + int(own.sum()))
    moves[:count] = one.moves
    moves[place] -= other.moves
    return Both(moves, int(serve_in_both.sum()), place)


def spread_of(one: Side, other: Side, both: Both) -> Spread:
    """Return the spread of the difference where clusters of different cohorts, in either, may differ in variance."""
    pattern, units = np.full((len(both.moves), 2), -1), np.zeros(len(both.moves))
    for column, (side, place) in enumerate(((one, np.arange(len(one.moves))), (other, both.place))):
        pattern[place, column] = strata_of(side.influence.cluster, side.influence.block)
        units[place] += side.influence.n_units
    stratum = np.unique(pattern, axis=0, return_inverse=True)[1].ravel()
    return spread_by_stratum(both.moves[:, None], stratum, units)
