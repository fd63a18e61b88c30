"""The picture of how far an effect stands: its interval under parallel trends, then under ever larger violations."""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.did.figure import BACKGROUND, FOCUS, TEXT
from tf_eval.matching.display import number


def draw_bounds(table: pd.DataFrame, *, breakdown: float, axis: str, outcome: str, ax: Axes | None = None) -> Axes:
    """Draw intervals by bound; the first row of ``table``, of parallel trends, stands to the left of them in grey.

    Thick lines are the effects that a bound allows had the estimates no error.
    """
    ax = ax if ax is not None else Figure(figsize=(7.5, 4.2), layout="constrained").add_subplot()
    bounds = table["bound"].to_numpy()
    step = _step(bounds[1:])
    places = np.append(bounds[1:].min() - step, bounds[1:])
    colours = [BACKGROUND, *[FOCUS] * (len(places) - 1)]
    ax.vlines(places, table["ci_low"], table["ci_high"], color=colours, linewidth=1.6, zorder=2)
    ax.vlines(places[1:], table["identified_low"][1:], table["identified_high"][1:], color=FOCUS, linewidth=5, zorder=2)
    ax.plot(places[0], table["identified_low"].iloc[0], "o", color=BACKGROUND, markersize=5)
    ax.axhline(0, color=TEXT, linewidth=1, zorder=1)
    ax.set_xticks(places, ["Parallel\ntrends", *(f"{bound:.3g}" for bound in bounds[1:])])
    if math.isfinite(breakdown) and breakdown <= places[-1] + step / 2:
        _mark_breakdown(ax, breakdown)
    ax.set_xlabel(axis)
    ax.set_ylabel(f"Estimated effect on {outcome}", wrap=True)
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(colors=TEXT)
    return ax


def _step(bounds: np.ndarray) -> float:
    """Return how far apart bounds stand, or 1 where there is but one."""
    gaps = np.diff(np.unique(bounds))
    return float(np.median(gaps)) if len(gaps) else 1.0


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
