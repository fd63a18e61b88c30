"""The figure of a decomposition: estimates against weights, by kind of comparison."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from tf_eval.did.design import Design
from tf_eval.did.figure import FOCUS, TEXT
from tf_eval.matching.display import coarse
from tf_eval.matching.figure import given_axes, leave_empty

COLOURS, MARKERS = (FOCUS, "#28A197", "#F46A25"), ("o", "s", "X")


def draw_comparisons(
    comparisons: pd.DataFrame, kinds: Sequence[str], coefficient: float, design: Design, ax: Axes | None = None
) -> Axes:
    """Draw comparisons on ``ax`` or on a figure of its own: weight across, estimate upwards, a line at the coefficient.

    Kinds differ by marker as well as by colour, and are named above the plot with their share of the weight, as is the
    line. Of groups of few units nothing is drawn, and the weights of the others, which leave theirs, only roughly.
    """
    counts = comparisons[["n_treated", "n_comparison"]]
    is_shown = design.shown_rows(counts)
    if not is_shown.any():
        return leave_empty(ax, f"What two-way fixed effects compare, {design.outcome},", design.smallest_shown)
    ax = given_axes(ax, 7.5, 4.6)
    weight = comparisons["weight"]
    if not is_shown.all():
        weight = pd.Series(coarse(weight.to_numpy(), counts.min(axis=1).to_numpy()), index=weight.index)
    for kind, colour, marker in zip(kinds, COLOURS, MARKERS, strict=True):
        is_kind = comparisons["kind"] == kind
        name = (
            f"{kind.capitalize()} ({weight[is_kind].sum():.0%} of the weight)" if is_shown.all() else kind.capitalize()
        )
        some = is_kind & is_shown
        ax.scatter(weight[some], comparisons["estimate"][some], color=colour, marker=marker, s=42, label=name, zorder=3)
    ax.axhline(0, color=TEXT, linewidth=0.8, zorder=1)
    ax.axhline(coefficient, color=TEXT, linewidth=1, linestyle="--", zorder=2, label="Their mean: the coefficient")
    ax.set_xlim(left=0)
    ax.margins(x=0.1)
    few = "" if is_shown.all() else f"\n(rounded; groups of fewer than {design.smallest_shown} units are not shown)"
    ax.set_xlabel(f"Weight in the two-way fixed-effects coefficient{few}")
    ax.set_ylabel(f"Estimate of the comparison, {design.outcome}", wrap=True)
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), frameon=False, fontsize=9, borderaxespad=0.2)
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(colors=TEXT)
    return ax
