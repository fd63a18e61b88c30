"""The figure of a league table: what was estimated, what is left of it, and which ranks each may have."""

import math
from collections.abc import Sequence

from matplotlib.axes import Axes

from tf_eval.evidence.league.standing import Standing
from tf_eval.matching.figure import INK, QUIET, TREATED, axes_of, headline, in_lines, row_height

APART = 0.16  # of a row: how far what was estimated stands above what is left of it


def draw_league(standings: Sequence[Standing], title: str, measure: str, ax: Axes | None = None) -> Axes:
    """Draw one row for each intervention, from the top down, in the order given."""
    names = [in_lines(row.intervention) for row in standings]
    ax = axes_of(ax, 7.5, 1.6 + row_height(names) * len(names))
    for place, row in enumerate(standings):
        has_shrunk = not math.isnan(row.shrunk)
        top = place - APART if has_shrunk else place
        ax.plot([row.ci_low, row.ci_high], [top, top], color=QUIET, linewidth=1)
        ax.plot(row.value, top, "o", color=QUIET, markerfacecolor="white", markersize=5)
        if has_shrunk:
            ax.plot([row.shrunk_low, row.shrunk_high], [place + APART] * 2, color=TREATED, linewidth=2)
            ax.plot(row.shrunk, place + APART, "o", color=TREATED, markersize=5)
        ax.text(1.01, place, row.told_ranks, transform=ax.get_yaxis_transform(), va="center", color=INK, fontsize=10)
    ax.axvline(0, color=INK, linewidth=1, zorder=1)
    ax.set_ylim(len(standings) - 0.5, -0.5)
    ax.set_yticks(range(len(standings)), names)
    headline(ax, title, measure)
    return ax
