"""The picture of a plan: the smallest effect that would be found, by the number treated and the periods seen."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.did.figure import FOCUS, TEXT

COLOURS = (FOCUS, "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")


def draw_plan(
    table: pd.DataFrame, *, power: float, unit: str, time_unit: str, outcome: str, ax: Axes | None = None
) -> Axes:
    """Draw a line for each number of periods after the start, named at its end; simulated effects as open circles."""
    ax = ax if ax is not None else Figure(figsize=(7.5, 4.2), layout="constrained").add_subplot()
    for number, (after, line) in enumerate(table.groupby("periods_after")):
        line, colour = line.sort_values("n_treated"), COLOURS[number % len(COLOURS)]
        ax.plot(line["n_treated"], line["minimum_detectable"], "o-", color=colour, markersize=4.5, linewidth=1.4)
        if "simulated" in line:
            ax.plot(line["n_treated"], line["simulated"], "o", color=colour, markerfacecolor="none", markersize=9)
        _name(ax, line, f"{after} {time_unit}{'s' if after > 1 else ''}")
    ax.set_ylim(bottom=0)
    ax.margins(x=0.16)
    ax.set_xlabel(f"Treated {unit}")
    ax.set_ylabel(f"Effect on {outcome} found in {power:.0%} of studies")
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(colors=TEXT)
    return ax


def _name(ax: Axes, line: pd.DataFrame, name: str) -> None:
    known = line.dropna(subset=["minimum_detectable"])
    if len(known):
        end = known.iloc[-1]
        place = {"textcoords": "offset points", "xytext": (8, 0), "va": "center", "fontsize": 9, "color": TEXT}
        ax.annotate(name, (end["n_treated"], end["minimum_detectable"]), **place)
