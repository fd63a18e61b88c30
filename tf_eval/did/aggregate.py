"""Combinations of cells: which cells make an aggregate, with what weights, and what the weights' own error adds.

A group counts by its treated weight, as in Callaway and Sant'Anna (2021, section 3). That weight is estimated, so each
combination carries beside its weights on cells a slope on the groups' treated weight.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from tf_eval.did.group_time.cells import REFERENCE, Cells
from tf_eval.errors import unknown
from tf_eval.matching.arguments import is_whole
from tf_eval.matching.display import NOTHING

EVER_SINCE = "over all periods since the start"


@dataclass(frozen=True, eq=False)
class Combination:
    """``cells`` are weights on cells; ``groups`` the change of the aggregate per unit of treated weight.

    ``treated_share`` is the share of the treated weight, among those asked for, that could be estimated; of a mean that
    ``is_over_times``, event times or periods that count alike, the mean of theirs.
    """

    cells: np.ndarray
    groups: np.ndarray
    treated_share: float
    is_over_times: bool = False


Average = Callable[[Cells], Combination | None]


def is_mean(weights_sum: float) -> bool:
    """Say whether weights of such a sum make a mean."""
    return math.isclose(weights_sum, 1, abs_tol=NOTHING)


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
        is_over_times=len(combinations) > 1,
    )


def at_event_time(cells: Cells, event_time: int, among: np.ndarray | None = None) -> Combination | None:
    members = cells.event_time == event_time
    return weighted_mean(cells, members if among is None else members & among)


def over_event_times(cells: Cells, first: int, last: int) -> Combination | None:
    """Return the mean over event times ``first`` to ``last`` of the effect at each of them; a base has none."""
    measured = cells.reason != REFERENCE
    return plain_mean([at_event_time(cells, event_time, measured) for event_time in range(first, last + 1)])


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


def over_periods(cells: Cells) -> Combination | None:
    """Return the plain mean over calendar periods of the mean effect in each of them."""
    periods = np.unique(cells.period[cells.event_time >= 0])
    return plain_mean([in_period(cells, period) for period in periods])


# The ways to make one average of all cells since adoption.
OVERALL: dict[str, Average] = {
    "simple": lambda cells: weighted_mean(cells, cells.event_time >= 0),
    "event_time": lambda cells: over_event_times(cells, 0, int(cells.event_time.max())),
    "cohort": over_groups,
    "calendar_period": over_periods,
}


def average_problems(average: str | tuple[int, int] | Average) -> list[str]:
    """Say what is wrong with how an average is asked for, and what to write."""
    if callable(average) or (isinstance(average, str) and average in OVERALL):
        return []
    if isinstance(average, str):
        return [unknown("average", average, OVERALL)]
    pair = isinstance(average, tuple | list) and len(average) == 2 and all(map(is_whole, average))
    runs = pair and average[0] <= average[1]
    return [] if runs else ["average is a word, a pair of event times such as (0, 5), or what makes one of cells."]


def read_average(asked: str | tuple[int, int] | Average, time_unit: str) -> tuple[Average, str]:
    """Return what makes an average of cells, and its label.

    It is asked for by a word of ``OVERALL``, as a pair of event times (first, last; both included), or as itself.
    """
    if isinstance(asked, str):
        return OVERALL[asked], EVER_SINCE
    if callable(asked):
        return asked, "over the cells asked for"
    first, last = asked
    return partial(over_event_times, first=first, last=last), f"{time_unit}s {first} to {last}"


def moments(cells: Cells, combination: Combination) -> list[np.ndarray]:
    """Return the cells that serve, moment by moment; units are counted within a moment.

    A moment is an event time; of a mean over groups in one calendar period, it is that period.
    """
    used = np.flatnonzero(combination.cells)
    if not len(used):
        return []
    one_period = (cells.period[used] == cells.period[used[0]]).all()
    times = cells.period[used] if one_period else cells.event_time[used]
    return [used[times == time] for time in np.unique(times)]


def counted_units(cells: Cells, moment: np.ndarray) -> tuple[int, int]:
    """Return how many treated and comparison units serve in the cells of one moment.

    Treated are the sum over groups. Groups of one set share its comparison units, so of these a set brings as many as
    the group with the most.
    """
    comparison: dict[Any, int] = {}
    for cell in moment:
        label = cells.group_set[cells.group[cell]]
        comparison[label] = max(comparison.get(label, 0), int(cells.n_comparison[cell]))
    return int(cells.n_treated[moment].sum()), sum(comparison.values())
