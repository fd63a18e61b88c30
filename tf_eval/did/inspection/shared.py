"""How clusters move averages of several results, where some of them may be in more than one."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from tf_eval.did.aggregate import Average, Combination, read_average
from tf_eval.did.design import STACK_COLUMNS, Design
from tf_eval.did.estimate import Estimate
from tf_eval.did.inference.errors import Inference
from tf_eval.did.inference.influence import Influence
from tf_eval.did.inference.strata import Spread, spread_by_stratum, strata_of
from tf_eval.did.inference.two_way import TwoWayInfluence
from tf_eval.did.result import GroupTimeATT
from tf_eval.errors import NotEstimated
from tf_eval.matching.restriction import MATCHED_ROW

# Columns that number the rows or sets of each match by itself: the same number is somebody else in another match.
OF_ONE_MATCH = ("set_id", MATCHED_ROW, STACK_COLUMNS["unit"])


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


class Averaged(NamedTuple):
    """An average of a result: the combination of its cells, None where there is none, and what was estimated."""

    combination: Combination | None
    estimate: Estimate | NotEstimated


def inference_of(effect: GroupTimeATT) -> Inference:
    return Inference(effect.design, effect.cells, effect.influence, effect.time_unit)


def average_of(effect: GroupTimeATT, average: str | tuple[int, int] | Average) -> Averaged:
    """Return an average of a result, asked for as ``read_average`` has it."""
    averaging, label = read_average(average, effect.time_unit)
    combination = averaging(effect.cells)
    return Averaged(combination, inference_of(effect).estimate(combination, label))


def sides_of(effect: GroupTimeATT, combination: Combination) -> Iterator[Side]:
    """Yield the kinds of clusters of a result: one, or with two columns either and their pairs."""
    weights = combination.cells[:, None], combination.groups[:, None]
    for influence, labels in kinds_of(effect):
        yield Side(influence, labels, influence.combine(*weights)[:, 0])


def kinds_of(effect: GroupTimeATT) -> list[tuple[Influence, pd.Index]]:
    """Return the kinds of clusters of a result with what the data call them."""
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


def not_recognised(one: GroupTimeATT, other: GroupTimeATT, way_out: str) -> list[str]:
    """Say why the clusters of one result could not be told among those of the other; ``way_out``: what else to do."""
    if one.panel is None or other.panel is None:
        return [f"nobody is recognised in cross-sections; take panels{way_out}"]
    called = [effect.design.clusters or (effect.design.unit,) for effect in (one, other)]
    if called[0] != called[1]:
        return [f"errors are clustered by {called[0]} in one and {called[1]} in the other; name the same{way_out}"]
    if any(_numbers_rows(effect.design) for effect in (one, other)):
        return [f"rows and sets are numbered within each match; cluster by the unit that was matched{way_out}"]
    return []


def _numbers_rows(design: Design) -> bool:
    """Whether clusters are rows or sets of a match, which another match numbers anew."""
    if design.counted is None:
        return False
    return design.unit != design.counted if not design.clusters else bool(set(design.clusters) & set(OF_ONE_MATCH))
