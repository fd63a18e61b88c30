"""Cells: the effect on every group (set, adopted) in every period, as every estimator gives it.

Callaway and Sant'Anna (2021, Journal of Econometrics 225) call it ATT(g, t).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tf_eval.did.group_time.groups import Group
from tf_eval.did.reading.panel import Panel

REFERENCE = "reference period: zero by construction"
# The error of such a cell would leave out what one unit cannot show: how far units differ. In an aggregate over groups
# the differences between the groups show it, through the error of the groups' weights, so the cell serves there.
SINGLE = "a single treated or comparison unit: no error of its own"


@dataclass(frozen=True, eq=False, repr=False)
class Cells:
    """Arrays with one value per cell, and per group its set, adoption and treated weight.

    ``att`` is NaN exactly where a cell is not estimated; ``reason`` says why, and is None where nothing is to be said.
    """

    group: np.ndarray
    period: np.ndarray
    event_time: np.ndarray
    att: np.ndarray
    treated_mean: np.ndarray
    n_treated: np.ndarray
    n_comparison: np.ndarray
    reason: np.ndarray
    group_set: tuple
    group_adopted: np.ndarray
    group_weight: np.ndarray

    @property
    def estimated(self) -> np.ndarray:
        return np.isfinite(self.att)

    def __len__(self) -> int:
        return len(self.att)

    def __repr__(self) -> str:
        return f"<Cells: {len(self):,}, {int(self.estimated.sum()):,} of them estimated>"


def empty_cells(panel: Panel, groups: Sequence[Group], group_weight: np.ndarray) -> Cells:
    """Return the cells of all groups, none of them estimated yet."""
    number = np.repeat(np.arange(len(groups)), [len(group.after) for group in groups])
    adopted = np.array([int(group.adopted) for group in groups])
    period = panel.periods[np.concatenate([group.after for group in groups])]
    nothing = np.full(len(number), np.nan)
    return Cells(
        group=number,
        period=period,
        event_time=period - adopted[number],
        att=nothing,
        treated_mean=nothing.copy(),
        n_treated=np.zeros(len(number), dtype=np.int64),
        n_comparison=np.zeros(len(number), dtype=np.int64),
        reason=np.full(len(number), None, dtype=object),
        group_set=tuple(panel.set_labels[group.treated.set_code] for group in groups),
        group_adopted=adopted,
        group_weight=group_weight,
    )
