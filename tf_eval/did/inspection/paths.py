"""Mean outcomes of the treated and of their comparison, weighted as the estimate weighs them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.did.aggregate import weighted_mean
from tf_eval.did.design import Design
from tf_eval.did.group_time.cells import Cells
from tf_eval.did.group_time.trace import Trace
from tf_eval.did.inference.errors import Inference
from tf_eval.did.inspection.comparison import counted_rows
from tf_eval.did.inspection.path_figure import draw_paths
from tf_eval.did.plain import plain
from tf_eval.did.times import time_name, with_dates
from tf_eval.errors import NotEstimated, is_among, unknown
from tf_eval.matching.display import number, so_many

TIMES = {"event_time": "event_time", "calendar_period": "period"}  # the words, and the cells' own
MEANS = ("treated_mean", "comparison_mean", "counterfactual_mean")
COUNTS = ("n_treated", "n_comparison")
LEAVING = " Units leave the comparison as they start, which moves its mean; comparison='never_treated' keeps it."
CHANGING = " Other cohorts are seen at other times, which moves both means; balanced=n keeps them since the start."


@dataclass(frozen=True, eq=False, repr=False)
class Paths:
    """Raw mean outcomes by event time or calendar period (``kind``); ``frame`` has a row for each (see ``table``)."""

    kind: str
    frame: pd.DataFrame
    notes: tuple[str, ...]
    time_unit: str
    design: Design

    def table(self) -> pd.DataFrame:
        """Return one row per time.

        ``treated_mean`` is over cohorts by treated weight. ``comparison_mean`` is of the comparison units of the same
        cells, each by what it counts in the effect (negative for some where there is a model of outcomes), and so on
        the level of these units: only its changes are compared. ``counterfactual_mean`` is the treated's less the
        effects since the start; missing where there are none yet.
        """
        return with_dates(self.frame, self.time_unit)

    def summary(self) -> str:
        if self.frame.empty:
            return NotEstimated("no group-period cell could be estimated").summary()
        first, last = self.frame.iloc[0], self.frame.iloc[-1]
        if not self.design.shown_rows(self.frame.loc[[first.name, last.name], list(COUNTS)]).all():
            return f"The course of {self.design.outcome} is {self.design.not_shown}"
        ends = [f"{self._word} {time_name(int(row.iloc[0]), self.time_unit)}" for row in (first, last)]
        return (
            f"The treated's mean {self.design.outcome} went from {number(first['treated_mean'])} in {ends[0]} to "
            f"{number(last['treated_mean'])} in {ends[1]}, that of their comparison units, as the estimate weighs "
            f"them, from {number(first['comparison_mean'])} to {number(last['comparison_mean'])}. Their levels may "
            f"differ; the estimate holds if they would have changed {self.design.alike}.{''.join(self.notes)}"
        )

    def to_dict(self) -> dict[str, Any]:
        return {"kind": self.kind, "rows": [plain(row) for row in self.table().to_dict("records")]}

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw both means, and what the treated's is estimated to have been without treatment; none of few units."""
        return draw_paths(self.frame, kind=self.kind, time_unit=self.time_unit, design=self.design, ax=ax)

    def __repr__(self) -> str:
        return f"<Paths: {self.design.outcome} by {self.kind.replace('_', ' ')}, {so_many(len(self.frame), 'time')}>"

    @property
    def _word(self) -> str:
        return f"event {self.time_unit}" if self.kind == "event_time" else self.time_unit


def path_problems(by: str, balanced: int | None, *, is_stacked: bool) -> list[str]:
    """Say what is wrong with the options of paths; of rows stacked in event time no calendar is known."""
    if not is_among(by, TIMES):
        return [unknown("by", by, TIMES)]
    if by == "calendar_period" and is_stacked:
        return ["the rows are stacked in event time; the calendar period of a cell is not known."]
    if by == "calendar_period" and balanced is not None:
        return ["balanced is for event times; leave it out."]
    return []


def follow_paths(inference: Inference, trace: Trace, kind: str, among: np.ndarray, *, balanced: bool) -> Paths:
    """Return the paths over the cells in ``among`` (a mask), whose units are counted as those of their effects are."""
    cells, design, time_unit = inference.cells, inference.design, inference.time_unit
    compared, name = _comparison_means(cells, trace), TIMES[kind]
    times = getattr(cells, name)
    rows = [
        {name: int(time), **row}
        for time in np.unique(times)
        for row in _at(inference, compared, among & (times == time))
    ]
    notes = [LEAVING] if _is_left(cells, design) else []
    if kind == "event_time" and not balanced and len(cells.group_adopted) > 1:
        notes.append(CHANGING)
    return Paths(kind, pd.DataFrame(rows, columns=[name, *MEANS, *COUNTS]), tuple(notes), time_unit, design)


def _is_left(cells: Cells, design: Design) -> bool:
    """Say whether units may leave the comparison: where there are several starts, or those of units of a match."""
    waits = design.comparison == "not_yet_treated" and design.method != "stacked"
    return waits and (len(np.unique(cells.group_adopted)) > 1 or design.treated is not None)


def _at(inference: Inference, compared: np.ndarray, members: np.ndarray) -> Iterator[dict[str, float]]:
    """Yield the means over some cells, if any of them is estimated."""
    cells = inference.cells
    combination = weighted_mean(cells, members)
    if combination is None:
        return
    used = np.flatnonzero(combination.cells)
    weight, treated = combination.cells[used], cells.treated_mean[used]
    since = cells.event_time[used] >= 0
    effect = np.where(since, cells.att[used], 0.0)
    n_treated, n_comparison = inference.counted(used)
    yield {
        "treated_mean": float(weight @ treated),
        "comparison_mean": float(weight @ compared[used]),
        "counterfactual_mean": float(weight @ (treated - effect)) if since.any() else np.nan,
        "n_treated": n_treated,
        "n_comparison": n_comparison,
    }


def _comparison_means(cells: Cells, trace: Trace) -> np.ndarray:
    """Return the mean outcome of each cell's comparison units in its period, by what they count in the effect."""
    means = np.full(len(cells), np.nan)
    for one in trace.served:
        after, total = one.contrast.after, np.zeros(len(one.cells))
        for some, _, counts in counted_rows(trace, one):
            total += counts @ (trace.ledger.levels[some][:, after] + trace.ledger.panel.level[some][:, None])
        means[one.cells] = total
    return means
