"""Combinations of cells: which cells make an aggregate, with what weights, and what the weights' own error adds.

A group counts by its treated weight, as in Callaway and Sant'Anna (2021, section 3). That weight is estimated, so each
combination carries beside its weights on cells a slope on the groups' treated weight.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tf_eval.did.cells import Cells


@dataclass(frozen=True, eq=False)
class Combination:
    """``cells`` are weights on cells (sum 1); ``groups`` the change of the aggregate per unit of treated weight.

    ``treated_share`` is the share of the treated weight, among those asked for, that could be estimated.
    """

    cells: np.ndarray
    groups: np.ndarray
    treated_share: float


def weighted_mean(cells: Cells, members: np.ndarray) -> Combination | None:
    """Return the mean over the estimated cells in ``members`` (a mask), by treated weight; None if there is none."""
    chosen = np.flatnonzero(members & cells.estimated)
    weight = cells.group_weight[cells.group[chosen]]
    total = weight.sum()
    if total == 0:
        return None
    weights = np.zeros(len(cells))
    weights[chosen] = weight / total
    distance = (cells.att[chosen] - weights[chosen] @ cells.att[chosen]) / total
    slopes = np.bincount(cells.group[chosen], distance, minlength=len(cells.group_weight))
    served = np.unique(cells.group[chosen])
    return Combination(weights, slopes, float(cells.group_weight[served].sum() / cells.group_weight.sum()))


def plain_mean(combinations: Sequence[Combination | None]) -> Combination | None:
    """Return the mean of combinations, leaving out those which could not be had; None if none could."""
    had = [combination for combination in combinations if combination is not None]
    if not had:
        return None
    return Combination(
        np.mean([combination.cells for combination in had], axis=0),
        np.mean([combination.groups for combination in had], axis=0),
        float(sum(combination.treated_share for combination in had) / len(combinations)),
    )


def at_event_time(cells: Cells, event_time: int, among: np.ndarray | None = None) -> Combination | None:
    members = cells.event_time == event_time
    return weighted_mean(cells, members if among is None else members & among)


def over_event_times(cells: Cells, first: int, last: int) -> Combination | None:
    """Return the mean over event times ``first`` to ``last`` of the effect at each of them."""
    return plain_mean([at_event_time(cells, event_time) for event_time in range(first, last + 1)])


def of_group(cells: Cells, group: int) -> Combination | None:
    """Return the mean effect on one group over the periods since its adoption."""
    return weighted_mean(cells, (cells.group == group) & (cells.event_time >= 0))


def over_groups(cells: Cells) -> Combination | None:
    """Return the mean over groups, by treated weight, of each group's own mean effect since adoption."""
    post = cells.estimated & (cells.event_time >= 0)
    periods = np.bincount(cells.group[post], minlength=len(cells.group_weight))
    served = periods > 0
    total = cells.group_weight[served].sum()
    if total == 0:
        return None
    weights = np.zeros(len(cells))
    weights[post] = (cells.group_weight / total)[cells.group[post]] / periods[cells.group[post]]
    means = np.bincount(cells.group[post], cells.att[post], minlength=len(periods)) / np.maximum(periods, 1)
    slopes = np.where(served, (means - weights[post] @ cells.att[post]) / total, 0.0)
    return Combination(weights, slopes, float(total / cells.group_weight.sum()))


def in_period(cells: Cells, period: int) -> Combination | None:
    """Return the mean effect in one calendar period over the groups treated by then."""
    return weighted_mean(cells, (cells.period == period) & (cells.event_time >= 0))


def counted_units(cells: Cells, combination: Combination) -> tuple[int, int]:
    """Return how many treated and comparison units serve: per group (or set) as many as in its fullest cell."""
    used = np.flatnonzero(combination.cells)
    treated, comparison = {}, {}
    for cell in used:
        group = cells.group[cell]
        treated[group] = max(treated.get(group, 0), int(cells.n_treated[cell]))
        label = cells.group_set[group]
        comparison[label] = max(comparison.get(label, 0), int(cells.n_comparison[cell]))
    return sum(treated.values()), sum(comparison.values())
