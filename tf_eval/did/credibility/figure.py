"""The picture of how far an effect stands: its interval under parallel trends, then under ever larger violations."""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.did.figure import EARLIER, FOCUS, TEXT, with_room
from tf_eval.matching.display import number
from tf_eval.matching.figure import given_axes

THICK = "Thick lines: the effects that a bound allows had the estimates no error."
ROOM = 0.12  # that parallel trends have to the left of the bounds, as a share of these


def draw_bounds(table: pd.DataFrame, *, breakdown: float, axis: str, outcome: str, ax: Axes | None = None) -> Axes:
    """Draw intervals by bound; the first row of ``table``, of parallel trends, stands to the left of them in grey."""
    ax = given_axes(ax, 7.5, 4.2)
    bounds = table["bound"].to_numpy()
    step = _step(bounds[1:])
    places = np.append(bounds[1:].min() - step, bounds[1:])
    colours = [EARLIER, *[FOCUS] * (len(places) - 1)]
    ax.vlines(places, table["ci_low"], table["ci_high"], color=colours, linewidth=1.6, zorder=2)
    ax.vlines(places[1:], table["identified_low"][1:], table["identified_high"][1:], color=FOCUS, linewidth=5, zorder=2)
    ax.plot(places[0], table["identified_low"].iloc[0], "o", color=EARLIER, markersize=5)
    ax.axhline(0, color=TEXT, linewidth=1, zorder=1)
    _name_bounds(ax, places)
    if math.isfinite(breakdown) and breakdown <= places[-1] + step / 2:
        _mark_breakdown(ax, breakdown)
    ax.set_xlabel(f"{axis}\n{THICK}")
    ax.set_ylabel(f"Estimated effect on {outcome}", wrap=True)
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(colors=TEXT)
    return ax


def _step(bounds: np.ndarray) -> float:
    """Return how far apart bounds stand, with room for a name, or 1 where there is but one."""
    gaps = np.diff(np.unique(bounds))
    return max(float(np.median(gaps)), ROOM * float(np.ptp(bounds))) if len(gaps) else 1.0


def _name_bounds(ax: Axes, places: np.ndarray) -> None:
    """Name parallel trends, at the first of the places, and the bounds that have room."""
    bounds = np.unique(places[1:])
    names = np.array([f"{bound:.3g}" for bound in bounds])
    named = with_room(ax, bounds, names)
    ax.set_xticks([places[0], *bounds[named]], ["Parallel\ntrends", *names[named]])


def _mark_breakdown(ax: Axes, breakdown: float) -> None:
    ax.axvline(breakdown, color=TEXT, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    ax.text(
        breakdown,
        1.01,
        f"Includes 0 from {number(breakdown)} on",
        color=TEXT,
        fontsize=9,
        ha="center",
        va="bottom",
        transform=ax.get_xaxis_transform(),
    )
