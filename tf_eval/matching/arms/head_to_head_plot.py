"""The differences of several arms, each beside its interval."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import StrMethodFormatter

from tf_eval.matching.display import SMALLEST_SHOWN
from tf_eval.matching.figure import INK, QUIET, TREATED, axes_of, headline, in_lines, row_height

ROW_HEIGHT = 0.5


def plot_head_to_head(differences: pd.DataFrame, outcome: str, level: float, ax: Axes | None) -> Axes:
    """Draw a row for each two arms; one without estimate, or of fewer than 10 rows or units, stays empty."""
    named = (differences["first"].astype(str) + " rather than " + differences["second"].astype(str)).map(in_lines)
    ax = axes_of(ax, 8.0, 1.8 + max(ROW_HEIGHT, row_height(named)) * len(differences))
    ax.axvline(0, color=INK, linewidth=0.8, zorder=1)
    shown = differences["reason"].isna() & (
        differences[["n_first_units", "n_second_units"]].astype(float).min(axis=1) >= SMALLEST_SHOWN
    )
    drawn = differences[shown]
    heights = -drawn.index
    ax.hlines(heights, drawn["simultaneous_low"], drawn["simultaneous_high"], color=QUIET, linewidth=1.2)
    ax.hlines(heights, drawn["ci_low"], drawn["ci_high"], color=TREATED, linewidth=3.5)
    ax.plot(drawn["estimate"], heights, "o", color=TREATED, markersize=9, zorder=3)
    ax.set_yticks(-differences.index, named.where(shown, named + "\n(not shown)"))
    ax.set_ylim(-len(differences) + 0.4, 0.6)
    ax.xaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
    measure = f"Difference in {outcome} (thick: {level:.0%} interval; thin: for all pairs together)"
    headline(ax, f"Effect on {outcome}: each arm against each other", measure)
    return ax
