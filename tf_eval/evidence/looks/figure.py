"""The picture of an effect over its looks."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from tf_eval.did.figure import BACKGROUND, FOCUS, TEXT
from tf_eval.evidence.looks.design import LooksDesign
from tf_eval.matching.figure import given_axes

ROOM = 1.25  # of the reach of what has to be seen


def draw_looks(table: pd.DataFrame, design: LooksDesign, ax: Axes | None = None) -> Axes:
    """Draw the interval over all looks (thin) around that of each look alone (thick); wide early ones run off."""
    ax = given_axes(ax, 7.5, 4.2)
    ax.vlines(table["look"], table["low"], table["high"], color=FOCUS, linewidth=1, zorder=2)
    ax.vlines(table["look"], table["naive_low"], table["naive_high"], color=BACKGROUND, linewidth=4, zorder=1)
    ax.plot(table["look"], table["value"], "o", color=FOCUS, markersize=4.5, zorder=3)
    ax.axhline(0, color=TEXT, linewidth=1, zorder=1)
    seen = pd.concat([table[["naive_low", "naive_high"]].stack(), table[["low", "high"]].iloc[-1], pd.Series([0.0])])
    middle, reach = (seen.max() + seen.min()) / 2, ROOM * (seen.max() - seen.min()) / 2
    ax.set_ylim(middle - reach, middle + reach)
    ax.set_xlim(0.5, (design.planned or table["look"].max()) + 0.5)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlabel(
        f"Look\nThin: {design.level} interval that holds over all looks; thick: of that look alone.", wrap=True
    )
    ax.set_ylabel("Estimated effect")
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(colors=TEXT)
    return ax
