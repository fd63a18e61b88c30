"""The picture of a distribution: who reaches each threshold, beside who would have without treatment."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from tf_eval.did.design import Design
from tf_eval.did.figure import BACKGROUND, FOCUS, TEXT
from tf_eval.matching.display import as_given
from tf_eval.matching.figure import given_axes, leave_empty

ASIDE = 0.12  # by how much the two marks stand beside the threshold's place


def draw_distribution(table: pd.DataFrame, outcome: str, design: Design, ax: Axes | None = None) -> Axes:
    """Draw shares by threshold, the index; the interval of the effect stands about the share that is expected."""
    if table["share_treated"].isna().all():
        return leave_empty(ax, f"How {outcome} is distributed", design.smallest_shown)
    ax = given_axes(ax, 7.5, 4.2)
    place = np.arange(len(table))
    low, high = (table["share_treated"] - table[end] for end in ("ci_high", "ci_low"))
    ax.vlines(place + ASIDE, low, high, color=TEXT, linewidth=1.4, zorder=1)
    if "band_low" in table:
        ends = [table["share_treated"] - table[end] for end in ("band_high", "band_low")]
        ax.vlines(place + ASIDE, *ends, color=TEXT, linewidth=0.6, zorder=1)
    expected = {"color": BACKGROUND, "markeredgecolor": TEXT, "markersize": 6, "label": "Expected without it"}
    ax.plot(place + ASIDE, table["share_expected"], "D", **expected)
    ax.plot(place - ASIDE, table["share_treated"], "o", color=FOCUS, markersize=7, label="With treatment")
    known = table["share_treated"].notna()
    ax.set_xticks(place[known], [as_given(threshold) for threshold in table.index[known]])
    few = f"\n(nothing is shown where fewer than {design.smallest_shown} of the treated reach it, or miss it)"
    ax.set_xlabel(f"{outcome}, at least{'' if known.all() else few}")
    ax.set_ylabel("Share of the treated")
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_ylim(bottom=min(0.0, float(low.min())))
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, frameon=False, fontsize=9, borderaxespad=0.2)
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(colors=TEXT)
    return ax
