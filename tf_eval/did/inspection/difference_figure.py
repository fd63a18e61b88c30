"""The figure of a difference: two effects and how much they differ, each with its interval."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.did.design import Design
from tf_eval.did.figure import BACKGROUND, FOCUS, TEXT
from tf_eval.did.inspection.starts import wrapped
from tf_eval.matching.figure import given_axes


def draw_difference(table: pd.DataFrame, design: Design, ax: Axes | None = None) -> Axes:
    """Draw the rows of ``table`` from the top down; none where either effect rests on few units."""
    ax = given_axes(ax, 7.5, 2.6)
    can_see = bool(design.shown_rows(table[["n_treated", "n_comparison"]].iloc[:2]).all())
    for place, (_, row) in enumerate(table.iterrows()):
        if can_see:
            _draw_row(ax, place, row, TEXT if place < len(table) - 1 else FOCUS)
    if not can_see:
        ax.text(0.5, 0.5, f"Not shown: {design.few}", ha="center", transform=ax.transAxes)
    ax.axvline(0, color=TEXT, linewidth=1, zorder=1)
    ax.axhline(len(table) - 1.5, color=BACKGROUND, linewidth=1, zorder=0)
    ax.set_ylim(len(table) - 0.5, -0.5)
    ax.set_yticks(range(len(table)), [wrapped(name) for name in [*table["name"].iloc[:2], "Difference"]])
    ax.set_xlabel(f"Estimated effect on {design.outcome}", wrap=True)
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(colors=TEXT)
    return ax


def _draw_row(ax: Axes, place: int, row: pd.Series, colour: str) -> None:
    reach = np.nan_to_num(np.array([[row["att"] - row["ci_low"]], [row["ci_high"] - row["att"]]], dtype=float))
    ax.errorbar(row["att"], place, xerr=reach, fmt="o", color=colour, markersize=5, linewidth=1.6, zorder=2)
