"""An average of effects without each start cohort in turn: does one of them carry the result?"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.did.aggregate import Combination
from tf_eval.did.alone import without_lone_ends
from tf_eval.did.design import Design
from tf_eval.did.estimate import Estimate
from tf_eval.did.estimates import Estimates
from tf_eval.did.group_time.cells import Cells
from tf_eval.did.inference.errors import Inference
from tf_eval.did.inspection.left_out_figure import draw_left_out
from tf_eval.did.inspection.starts import places_of, start_names
from tf_eval.did.plain import plain
from tf_eval.errors import NotEstimated
from tf_eval.matching.display import number

ONE_START = "a single start cohort makes the average: without it there is none"
NOTHING_LEFT = "without any one start cohort no average could be estimated"


@dataclass(frozen=True, eq=False, repr=False)
class LeaveOneOut:
    """An average (``effect``) and what it is ``without`` each start cohort, for m cohorts that count in it.

    weight        of each cohort in the average (m)
    change        of the average as the cohort is left out (m), with its ``change_error``: what both averages rest on
                  is in both of them, so it is much smaller than the error of either
    n_treated     units of the cohort, in its emptiest cell that serves (m)
    names         of the cohorts, as they are told (m)
    """

    effect: Estimate
    without: Estimates
    weight: np.ndarray
    change: np.ndarray
    change_error: np.ndarray
    n_treated: np.ndarray
    names: tuple[str, ...]

    @property
    def design(self) -> Design:
        return self.effect.design

    def table(self) -> pd.DataFrame:
        """Return one row per cohort left out: its weight, the average without it, and how much it moves."""
        own = {
            "weight": self.weight,
            "change": self.change,
            "change_std_error": self.change_error,
            "n_left_out": self.n_treated,
        }
        return pd.concat([self.without.table(), pd.DataFrame(own)], axis=1)

    @property
    def is_shown(self) -> np.ndarray:
        """Which of the averages may be told (m, a mask).

        What is left out is known from the two averages, so that neither it nor what is left may be of few units.
        """
        counts = self.table()[["n_left_out", "n_treated", "n_comparison"]]
        return self.design.shown_rows(counts) & self.effect.is_shown

    def summary(self) -> str:
        """Return how far the average moves without each cohort, in plain sentences; nothing of cohorts of few units."""
        had = np.flatnonzero(self.is_shown)
        if not len(had):
            return f"The effect on {self.design.outcome} without each start cohort is {self.design.not_shown}"
        most = max(had, key=lambda place: abs(self.change[place]))
        row, effects = self.without.rows[most], [self.without.rows[place].att for place in had]
        share = self.design.told_share(self.weight[most], self.effect.n_treated)
        return (
            f"The estimated effect on {self.design.outcome}, {self.effect.label}, is {number(self.effect.att)}. With "
            f"each of {len(self.names)} start cohorts left out in turn{self._told_hidden()} it runs from "
            f"{number(min(effects))} to {number(max(effects))}. Cohort {self.names[most]}, with "
            f"{share} of the weight, matters most{self._among_shown}: without it the effect is {number(row.att)}"
            f"{row.told_interval}.{self._direction()}"
        )

    @property
    def _among_shown(self) -> str:
        """What is left out of few units may matter more, and is not told."""
        return " of those shown" if self._told_hidden() else ""

    def _told_hidden(self) -> str:
        hidden = sum(isinstance(row, Estimate) for row in self.without) - int(self.is_shown.sum())
        return f" ({hidden} of them not shown, for {self.design.few})" if hidden else ""

    def to_dict(self) -> dict[str, Any]:
        rows = [plain(row) for row in self.table().astype(object).to_dict("records")]
        return {"effect": self.effect.to_dict(), "rows": rows}

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the average without each cohort beside that of all; none whose cohort is of few units."""
        table = without_lone_ends(self.table(), self.without.rows)
        return draw_left_out(table, names=self.names, effect=self.effect, is_shown=self.is_shown, ax=ax)

    def __repr__(self) -> str:
        return f"<LeaveOneOut: {self.design.outcome}, {len(self.names)} start cohorts; of all {self.effect!r}>"

    def _direction(self) -> str:
        turned = [
            name
            for name, row, is_shown in zip(self.names, self.without, self.is_shown, strict=True)
            if is_shown and row.att * self.effect.att < 0
        ]
        if turned:
            return f" It changes its sign without {' or without '.join(turned)}."
        return " It has the same sign without any one of them." if self.is_shown.all() else ""


def leave_out(
    inference: Inference, averaging: Callable[[Cells], Combination | None], label: str
) -> LeaveOneOut | NotEstimated:
    """Return the average over cells, and without each group that counts in it."""
    cells, whole = inference.cells, averaging(inference.cells)
    effect = inference.estimate(whole, label)
    if isinstance(effect, NotEstimated):
        return effect
    served = np.unique(cells.group[whole.cells != 0])
    if len(served) == 1:
        return NotEstimated(ONE_START)
    parts = [averaging(_without(cells, group)) for group in served]
    where = places_of(cells, served, inference.time_unit)
    without = inference.estimates("left_out", parts, where)
    if not any(isinstance(row, Estimate) for row in without):
        return NotEstimated(NOTHING_LEFT)
    changes = inference.estimates("left_out", [_less(part, whole) for part in parts], where)
    names, counted = start_names(cells, inference.time_unit), inference.counted_cells.n_treated
    return LeaveOneOut(
        effect=effect,
        without=without,
        weight=np.bincount(cells.group, whole.cells, minlength=len(names))[served],
        change=np.array([getattr(row, "att", np.nan) for row in changes]),
        change_error=np.array([getattr(row, "std_error", np.nan) for row in changes]),
        n_treated=np.array([counted[(cells.group == group) & (whole.cells != 0)].min() for group in served]),
        names=tuple(names[group] for group in served),
    )


def _without(cells: Cells, group: int) -> Cells:
    return replace(cells, att=np.where(cells.group == group, np.nan, cells.att))


def _less(part: Combination | None, whole: Combination) -> Combination | None:
    """Return how far an average of some cohorts is from that of all."""
    if part is None:
        return None
    return Combination(part.cells - whole.cells, part.groups - whole.groups, part.treated_share)
