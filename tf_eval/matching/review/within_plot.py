"""How far the groups differ within each cell: a mark for every covariate level, the worst cell on top."""

import pandas as pd
from matplotlib.axes import Axes

from tf_eval.matching.display import SMALLEST_SHOWN
from tf_eval.matching.figure import COMPARISON, INK, QUIET, TREATED, axes_of, headline

ROW_HEIGHT = 0.3
MOST_CELLS = 30  # as many as can be read on a page; the worst ones
MEASURE = (
    "Size of the difference within the cell, in standard deviations\n"
    f"(dashes: alike up to here; cells of at least {SMALLEST_SHOWN} rows and units of each arm)"
)


def plot_within(differences: pd.DataFrame, threshold: float, ax: Axes | None) -> Axes:
    """Draw one row for each cell of ``differences`` (the rows of the table that may be shown)."""
    sizes = differences[["cell", "label"]].assign(size=differences["smd"].abs())
    worst = sizes.sort_values(["size", "cell"], kind="stable").drop_duplicates("cell", keep="last", ignore_index=True)
    shown = worst.tail(MOST_CELLS).reset_index(drop=True)
    ax = axes_of(ax, 8.0, 1.9 + ROW_HEIGHT * len(shown))
    place = pd.Series(shown.index, shown["cell"])
    every = sizes[sizes["cell"].isin(place.index)]
    ax.plot(every["size"], every["cell"].map(place), "|", color=QUIET, markersize=9)
    ax.plot(shown["size"], shown.index, "D", color=TREATED, markersize=7, zorder=3, clip_on=False)
    ax.axvline(threshold, color=COMPARISON, linestyle="--", linewidth=1.2, zorder=1)
    _frame(ax, shown, threshold)
    headline(ax, _message(worst, threshold), MEASURE)
    return ax


def _frame(ax: Axes, shown: pd.DataFrame, threshold: float) -> None:
    ax.set_yticks(shown.index, shown["cell"])
    ax.set_ylim(-0.7, len(shown) - 0.3)
    ax.set_xlim(0, 1.35 * max(shown["size"].max(), 1.3 * threshold) if len(shown) else 1)
    for row, cell in shown.iterrows():
        at = (cell["size"], row)
        place = {
            "xytext": (9, 0),
            "textcoords": "offset points",
            "va": "center",
            "bbox": {"color": "white", "pad": 0.8},
        }
        ax.annotate(cell["label"], at, fontsize=9, color=INK, **place)


def _message(worst: pd.DataFrame, threshold: float) -> str:
    cells, alike = len(worst), int((worst["size"] <= threshold).sum())
    message = f"All characteristics are alike in {alike} of {cells} cells"
    return message if cells <= MOST_CELLS else f"{message}; the {MOST_CELLS} worst are shown"
