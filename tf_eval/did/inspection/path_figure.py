"""The figure of mean outcomes of both arms over time."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.did.design import Design
from tf_eval.did.figure import BACKGROUND, FOCUS, TEXT, axis_name, explained, mark_times, step_of
from tf_eval.did.times import time_name
from tf_eval.matching.figure import given_axes

LINES = {
    "treated_mean": ("Treated", {"color": FOCUS, "marker": "o", "markersize": 4.5, "linewidth": 1.8}),
    "counterfactual_mean": ("Treated, without treatment (estimate)", {"color": FOCUS, "linestyle": (0, (4, 2))}),
    "comparison_mean": ("Comparison", {"color": TEXT, "marker": "s", "markersize": 4, "linewidth": 1.2}),
}
WIDE = 5.0  # inches in which the names of all lines stand side by side


def draw_paths(frame: pd.DataFrame, *, kind: str, time_unit: str, design: Design, ax: Axes | None = None) -> Axes:
    """Draw the means on ``ax`` or on a figure of its own; a time with few units of either arm leaves a gap."""
    ax = given_axes(ax, 7.5, 4.4)
    ax.set_xlabel(axis_name(kind, time_unit))
    ax.set_ylabel(f"Mean {design.outcome}", wrap=True)
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(colors=TEXT)
    if frame.empty:
        ax.text(0.5, 0.5, "No cell could be estimated", ha="center", transform=ax.transAxes)
    else:
        _draw(ax, frame, kind, time_unit, design)
    return ax


def _draw(ax: Axes, frame: pd.DataFrame, kind: str, time_unit: str, design: Design) -> None:
    is_shown = pd.Series(design.shown_rows(frame[["n_treated", "n_comparison"]]), index=frame.index)
    shown = frame.where(is_shown)
    ax.set_xlabel("\n".join([axis_name(kind, time_unit), *explained(~is_shown, design)]))
    times = frame.iloc[:, 0].to_numpy()
    for column, (name, style) in LINES.items():
        ax.plot(times, _from_last_before(shown, column), label=name, **style)
    if kind == "event_time":
        mark_times(ax, times, design)
        ax.axvline(-0.5, color=BACKGROUND, linewidth=1, zorder=0)
    else:
        names = [time_name(int(time), time_unit) for time in times]
        step = step_of(ax, names)
        ax.set_xticks(times[::step], names[::step])
    _name_lines(ax, 1.06 if kind == "event_time" else 1.0)


def _name_lines(ax: Axes, height: float) -> None:
    width = ax.figure.get_size_inches()[0] * ax.get_position().width
    ax.legend(
        loc="lower left",
        bbox_to_anchor=(0, height),
        ncols=len(LINES) if width > WIDE else 1,
        frameon=False,
        fontsize=8,
    )


def _from_last_before(shown: pd.DataFrame, column: str) -> np.ndarray:
    """Return a line's values; the one without treatment parts from the treated's at the last time before the start."""
    values = shown[column].to_numpy(copy=True)
    first = np.flatnonzero(np.isfinite(values))
    if column == "counterfactual_mean" and len(first) and first[0] > 0:
        values[first[0] - 1] = shown["treated_mean"].iloc[first[0] - 1]
    return values
