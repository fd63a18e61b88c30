"""The picture of a plan: the smallest effect that would be found, by the number treated and the periods seen."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from tf_eval.did.figure import FOCUS, TEXT, with_room
from tf_eval.matching.display import percent

COLOURS = (FOCUS, "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")
# Names of lines stand so far apart at least, as a share of the axis.
APART = 0.06
WIDE = 20  # times the smallest size: from here on the axis goes by ratios
NAME = {"textcoords": "offset points", "xytext": (-8, 0), "ha": "right", "va": "center", "fontsize": 9, "color": TEXT}


def draw_plan(
    table: pd.DataFrame, *, power: float, unit: str, time_unit: str, outcome: str, ax: Axes | None = None
) -> Axes:
    """Draw a line for each number of periods after the start, named where they are farthest apart."""
    ax = ax if ax is not None else Figure(figsize=(7.5, 4.2), layout="constrained").add_subplot()
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
    _scale(ax, np.unique(table["n_treated"]))
    _name_lines(ax, table.drop_duplicates("periods_after"), time_unit)
    if "simulated" in table:
        ax.text(1, 1.01, "Circles: simulated", color=TEXT, fontsize=9, ha="right", va="bottom", transform=ax.transAxes)
    return ax


def _scale(ax: Axes, sizes: np.ndarray) -> None:
    """Lay the sizes of studies along the axis, by their ratios where they are far apart, and name those with room."""
    is_wide = sizes[-1] > WIDE * sizes[0]
    ax.set_xscale("log" if is_wide else "linear")
    ax.margins(x=0.16)
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


def _name_lines(ax: Axes, firsts: pd.DataFrame, time_unit: str) -> None:
    """Name each line at its first point, upwards in order of the effects, and make room for the names."""
    top = ax.get_ylim()[1]
    free, gap = 0.0, APART * top
    for row in firsts.sort_values("minimum_detectable").itertuples():
        height = max(row.minimum_detectable, free)
        free = height + gap
        ax.annotate(
            f"{row.periods_after} {time_unit}{'s' if row.periods_after > 1 else ''}", (row.n_treated, height), **NAME
        )
    ax.set_ylim(top=max(top, free))
