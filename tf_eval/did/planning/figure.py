"""The picture of a plan: the smallest effect that would be found, by the number treated and the periods seen."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from tf_eval.did.figure import FOCUS, LETTER, TEXT, with_room
from tf_eval.matching.display import percent
from tf_eval.matching.figure import given_axes

COLOURS = (FOCUS, "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")
# Names of lines stand so far apart at least, as a share of the axis.
APART = 0.06
WIDE = 20  # times the smallest size: from here on the axis goes by ratios
NAME = {"textcoords": "offset points", "xytext": (-8, 0), "ha": "right", "va": "center", "fontsize": 9, "color": TEXT}


def draw_plan(
    table: pd.DataFrame, *, power: float, unit: str, time_unit: str, outcome: str, ax: Axes | None = None
) -> Axes:
    """Draw a line for each number of periods after the start, named where they are farthest apart."""
    ax = given_axes(ax, 7.5, 4.2)
    ax.set_xlabel(f"Treated {unit}")
    ax.set_ylabel(f"Effect on {outcome} found in {percent(power)} of studies", wrap=True)
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(colors=TEXT)
    table = table.dropna(subset=["minimum_detectable"]).sort_values(["periods_after", "n_treated"])
    if table.empty:
        ax.set(xticks=[], yticks=[])
        ax.text(0.5, 0.5, "No study could be planned", color=TEXT, ha="center", transform=ax.transAxes)
        return ax
    _draw_lines(ax, table)
    ax.set_ylim(bottom=0)
    firsts = table.drop_duplicates("periods_after")
    names = [f"{after} {time_unit}{'s' if after > 1 else ''}" for after in firsts["periods_after"]]
    _scale(ax, np.unique(table["n_treated"]), _margin(ax, names))
    _name_lines(ax, firsts.assign(name=names))
    if "simulated" in table:
        ax.text(1, 1.01, "Circles: simulated", color=TEXT, fontsize=9, ha="right", va="bottom", transform=ax.transAxes)
    return ax


def _margin(ax: Axes, names: Sequence[str]) -> float:
    """Return the room that the names of lines need beside the points, as a share of what these spread over."""
    width = ax.figure.get_size_inches()[0] * ax.get_position().width
    needed = LETTER * max(map(len, names)) + 0.11
    return min(needed / max(width - 2 * needed, 0.1), 1.0)


def _scale(ax: Axes, sizes: np.ndarray, margin: float) -> None:
    """Lay the sizes of studies along the axis, by their ratios where they are far apart, and name those with room."""
    is_wide = sizes[-1] > WIDE * sizes[0]
    ax.set_xscale("log" if is_wide else "linear")
    ax.margins(x=margin)
    names = np.array([f"{size:,}" for size in sizes])
    named = with_room(ax, sizes, names)
    ax.set_xticks(sizes[named], names[named])
    ax.xaxis.set_minor_locator(NullLocator())


def _draw_lines(ax: Axes, table: pd.DataFrame) -> None:
    for number, (_, line) in enumerate(table.groupby("periods_after")):
        colour = COLOURS[number % len(COLOURS)]
        ax.plot(line["n_treated"], line["minimum_detectable"], "o-", color=colour, markersize=4.5, linewidth=1.4)
        if "simulated" in line:
            ax.plot(line["n_treated"], line["simulated"], "o", color=colour, markerfacecolor="none", markersize=9)


def _name_lines(ax: Axes, firsts: pd.DataFrame) -> None:
    """Name each line at its first point, upwards in order of the effects, and make room for the names."""
    top = ax.get_ylim()[1]
    free, gap = 0.0, APART * top
    for row in firsts.sort_values("minimum_detectable").itertuples():
        height = max(row.minimum_detectable, free)
        free = height + gap
        ax.annotate(row.name, (row.n_treated, height), **NAME)
    ax.set_ylim(top=max(top, free))
