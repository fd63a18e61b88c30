"""The figure of a decomposition: estimates against weights, by kind of comparison."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.did.figure import FOCUS, TEXT

COLOURS, MARKERS = (FOCUS, "#28A197", "#F46A25"), ("o", "s", "X")


def draw_comparisons(
    comparisons: pd.DataFrame, kinds: Sequence[str], coefficient: float, outcome: str, ax: Axes | None = None
) -> Axes:
    """Draw comparisons on ``ax`` or on a figure of its own: weight across, estimate upwards, a line at the coefficient.

    Kinds differ by marker as well as by colour, and are named above the plot with their share of the weight.
    """
    ax = ax if ax is not None else Figure(figsize=(7.5, 4.6), layout="constrained").add_subplot()
    for kind, colour, marker in zip(kinds, COLOURS, MARKERS, strict=True):
        some = comparisons[comparisons["kind"] == kind]
        name = f"{kind.capitalize()} ({some['weight'].sum():.0%} of the weight)"
        ax.scatter(some["weight"], some["estimate"], color=colour, marker=marker, s=42, label=name, zorder=3)
    ax.axhline(0, color=TEXT, linewidth=0.8, zorder=1)
    ax.axhline(coefficient, color=TEXT, linewidth=1, linestyle="--", zorder=2)
    ax.annotate("Their mean: the coefficient", (1, coefficient), xycoords=("axes fraction", "data"), **_LABEL)
    ax.set_xlim(left=0)
    ax.margins(x=0.1)
    ax.set_xlabel("Weight in the two-way fixed-effects coefficient")
    ax.set_ylabel(f"Estimate of the comparison, {outcome}")
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), frameon=False, fontsize=9, borderaxespad=0.2)
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(colors=TEXT)
    return ax


_LABEL = {"textcoords": "offset points", "xytext": (0, 3), "ha": "right", "fontsize": 9, "color": TEXT}
