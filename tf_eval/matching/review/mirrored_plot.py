"""Shares of bins, of the treated upwards and of the comparison rows downwards, before and after matching."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, PercentFormatter, StrMethodFormatter

from tf_eval.matching.display import SMALLEST_SHOWN
from tf_eval.matching.everyone import Everyone
from tf_eval.matching.figure import COMPARISON, INK, TREATED, axes_of
from tf_eval.matching.review.bins import Bins

ARMS = ((True, 1, TREATED, "Treated"), (False, -1, COMPARISON, "Comparison"))
ROOM = 1.4  # for the names of the arms, above and below bars that may be as tall everywhere
LEFT_EMPTY = f"(bins of fewer than {SMALLEST_SHOWN} rows or units are left empty)"


def draw_mirrored(everyone: Everyone, bins: Bins, ax: Axes | None) -> Axes:
    """Draw the treated upwards and the comparison rows downwards: bars for those matched, an outline for all."""
    ax = axes_of(ax, 8.0, 4.6)
    for arm, side, colour, name in ARMS:
        rows = np.flatnonzero(everyone.treated == arm)
        weights = everyone.weight, np.ones(len(everyone.weight))
        matched, everybody = (bins.shares(rows, weight, everyone.unit) for weight in weights)
        ax.stairs(side * matched, bins.edges, fill=True, color=colour)
        ax.stairs(side * everybody, bins.edges, color=INK, linewidth=1.3, linestyle="--")
        _name_arm(ax, name, 0.97 if arm else 0.03)
    ax.axhline(0, color=INK, linewidth=0.8)
    _frame(ax)
    return ax


def _name_arm(ax: Axes, name: str, height: float) -> None:
    ax.text(
        0.98,
        height,
        f"{name}\nbars: matched; dashes: all",
        transform=ax.transAxes,
        ha="right",
        va="top" if height > 0.5 else "bottom",
        fontsize=10,
        color=INK,
    )


def _frame(ax: Axes) -> None:
    tallest = max(abs(end) for end in ax.get_ylim())
    ax.set_ylim(-ROOM * tallest, ROOM * tallest)
    ax.xaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
    percent = PercentFormatter(1.0, decimals=0)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda share, _: percent.format_pct(abs(share), 1.0)))
    ax.set_ylabel("Share of the group", color=INK, fontsize=10)
