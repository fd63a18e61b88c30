"""How far the groups differ within each cell: a mark for every covariate level, the worst cell on top."""

import pandas as pd
from matplotlib.axes import Axes

from tf_eval.matching.display import SMALLEST_SHOWN
from tf_eval.matching.figure import (
    COMPARISON,
    INK,
    LETTER,
    QUIET,
    TREATED,
    axes_of,
    headline,
    in_lines,
    leave_empty,
    room_of,
    row_height,
)

BESIDE = 30  # letters in a line beside a mark
MOST_CELLS = 30  # as many as can be read on a page; the worst ones
MEASURE = (
    "Size of the difference within the cell, in standard deviations\n"
    f"(dashes: alike up to here; cells of at least {SMALLEST_SHOWN} rows and units of each arm)"
)


def plot_within(differences: pd.DataFrame, threshold: float, ax: Axes | None) -> Axes:
    """Draw one row for each cell of ``differences`` (the rows of the table that may be shown)."""
    sizes = differences[["cell", "label"]].assign(size=differences["smd"].abs())
    worst = sizes.sort_values(["size", "cell"], kind="stable").drop_duplicates("cell", keep="last", ignore_index=True)
    if worst.empty:
        return leave_empty(ax, "How alike the groups are within each cell")
    shown = worst.tail(MOST_CELLS).reset_index(drop=True)
    words = shown["label"].map(lambda label: in_lines(label, BESIDE)), shown["cell"].map(in_lines)
    ax = axes_of(ax, 8.0, 1.9 + row_height([*words[0], *words[1]]) * len(shown))
    place = pd.Series(shown.index, shown["cell"])
    every = sizes[sizes["cell"].isin(place.index)]
    ax.plot(every["size"], every["cell"].map(place), "|", color=QUIET, markersize=9)
    ax.plot(shown["size"], shown.index, "D", color=TREATED, markersize=7, zorder=3, clip_on=False)
    ax.axvline(threshold, color=COMPARISON, linestyle="--", linewidth=1.2, zorder=1)
    _frame(ax, shown["size"], *words, threshold)
    headline(ax, _message(worst, threshold), MEASURE)
    return ax


def _frame(ax: Axes, size: pd.Series, labels: pd.Series, cells: pd.Series, threshold: float) -> None:
    """Name the cells, and beside each mark its covariate, with as much room at the right as the longest name needs."""
    ax.set_yticks(size.index, cells)
    ax.set_ylim(-0.7, len(size) - 0.3)
    room = room_of(ax)
    longest = LETTER * max(len(line) for label in labels for line in label.split("\n")) + 0.2
    ax.set_xlim(0, max(size.max(), 1.3 * threshold) / max(1 - longest / room, 0.2))
    place = {"xytext": (9, 0), "textcoords": "offset points", "va": "center", "bbox": {"color": "white", "pad": 0.8}}
    for row, label in labels.items():
        ax.annotate(label, (size[row], row), fontsize=9, color=INK, **place).set_in_layout(False)


def _message(worst: pd.DataFrame, threshold: float) -> str:
    cells, alike = len(worst), int((worst["size"] <= threshold).sum())
    message = f"All characteristics are alike in {alike} of {cells} cells"
    return message if cells <= MOST_CELLS else f"{message}; the {MOST_CELLS} worst are shown"
