"""The p-values that hidden differences could have made, by their strength."""

from typing import Protocol

import pandas as pd
from matplotlib.axes import Axes

from tf_eval.matching.display import number
from tf_eval.matching.figure import GRID, INK, QUIET, TREATED, axes_of, headline


class Asked(Protocol):
    """What the figure says of the question."""

    outcome: str
    alternative: str
    level: float


def plot_bounds(bounds: pd.DataFrame, tip: float | None, asked: Asked, ax: Axes | None) -> Axes:
    """Draw the band of p-values over gamma, the threshold, and the gamma at which it is passed."""
    ax = axes_of(ax, 7.5, 4.2)
    ax.fill_between(bounds["gamma"], bounds["p_low"], bounds["p_high"], color=GRID, alpha=0.6, linewidth=0)
    ax.plot(bounds["gamma"], bounds["p_high"], color=TREATED, linewidth=2)
    ax.plot(bounds["gamma"], bounds["p_low"], color=QUIET, linewidth=1.2)
    _draw_threshold(ax, 1 - asked.level, tip, bounds["gamma"].max())
    ax.set_ylim(0, 1)
    ax.set_ylabel("One-sided p-value (line: largest possible)", color=INK, fontsize=10)
    headline(ax, _message(tip, asked), "Gamma: factor by which a hidden difference may change the odds of treatment")
    return ax


def _draw_threshold(ax: Axes, chance: float, tip: float | None, last: float) -> None:
    words = {"textcoords": "offset points", "fontsize": 9, "color": INK}
    ax.axhline(chance, color=INK, linestyle="--", linewidth=1)
    ax.annotate(f"p {chance:.2g}", (last, chance), xytext=(0, 4), ha="right", **words)
    if tip is not None and tip <= last:
        ax.plot(tip, chance, "o", color=TREATED, markersize=8, zorder=3)
        ax.annotate(number(tip), (tip, chance), xytext=(-4, 9), ha="right", **words)


def _message(tip: float | None, asked: Asked) -> str:
    if tip is None:
        return f"Chance alone could have made {asked.outcome} {asked.alternative}"
    return f"A hidden factor of {number(tip)} could by itself make {asked.outcome} {asked.alternative}"
