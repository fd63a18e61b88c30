"""The picture of effects by dose."""

import pandas as pd
from matplotlib.axes import Axes

from tf_eval.did.design import Design
from tf_eval.did.figure import BACKGROUND, FOCUS, TEXT
from tf_eval.matching.figure import given_axes, leave_empty


def draw_response(table: pd.DataFrame, dose: str, design: Design, ax: Axes | None = None) -> Axes:
    """Draw each band's effect at its mean dose, with its interval, and dotted lines where bands part."""
    shown = table[design.shown_rows(table[["n_treated", "n_comparison"]])]
    if not len(shown):
        return leave_empty(ax, f"The effect on {design.outcome} by {dose}", design.smallest_shown)
    ax = given_axes(ax, 7.5, 4.2)
    place = shown["mean_dose"]
    for cut in table["up_to"].iloc[:-1]:
        ax.axvline(cut, color=BACKGROUND, linewidth=1, linestyle=":", zorder=1)
    reach = [shown["att"] - shown["ci_low"], shown["ci_high"] - shown["att"]]
    ax.errorbar(place, shown["att"], yerr=reach, fmt="o", color=FOCUS, markersize=5, linewidth=1.6, zorder=3)
    ax.axhline(0, color=TEXT, linewidth=1, zorder=1)
    ax.set_xlim(left=0)
    axis = f"Mean {dose} of a band (dotted: where bands part)" if len(table) > 1 else f"Mean {dose}"
    ax.set_xlabel(axis, wrap=True)
    ax.set_ylabel(f"Estimated effect on {design.outcome}", wrap=True)
    ax.set_title("Exploratory: doses were chosen, not drawn by lot", loc="left", fontsize=9, color=TEXT)
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(colors=TEXT)
    return ax
