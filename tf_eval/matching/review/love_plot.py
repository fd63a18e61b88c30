"""The love plot: how far the groups differ on each covariate, before and after matching (Love 2004)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.matching.figure import (
    COMPARISON,
    GRID,
    INK,
    QUIET,
    TREATED,
    axes_of,
    headline,
    in_lines,
    row_height,
)

MARKS = {
    "before": {"marker": "o", "color": COMPARISON, "markerfacecolor": "white", "markeredgewidth": 1.8},
    "after": {"marker": "D", "color": TREATED},
}
MEASURE = "Size of the difference between the groups, in standard deviations"


def plot_love(differences: pd.DataFrame, threshold: float, limit: float, ax: Axes | None, by: str) -> Axes:
    """Draw one row for each line of ``differences``, the largest difference before matching on top."""
    sizes = differences[["smd_before", "smd_after"]].assign(
        label=differences["label"].map(in_lines),
        before=differences["smd_before"].abs(),
        after=differences["smd_after"].abs(),
    )
    ax = axes_of(ax, 8.0, 2.0 + row_height(sizes["label"]) * len(sizes))
    sizes = sizes.sort_values(["before", "label"], kind="stable", ignore_index=True)
    ax.hlines(sizes.index, sizes[["before", "after"]].min(axis=1), sizes[["before", "after"]].max(axis=1), color=GRID)
    for when, mark in MARKS.items():
        ax.plot(sizes[when], sizes.index, linestyle="none", markersize=7, zorder=3, clip_on=False, **mark)
    _frame(ax, sizes, limit)
    # The words of the two rules stand one below the other, so that they stay apart however close the rules are.
    _rule(ax, limit, f"{limit:g}: largest allowed", ":", foot=-1.1, rows=len(sizes))
    _rule(ax, threshold, f"{threshold:g}: alike up to here", "--", foot=-1.8, rows=len(sizes))
    _name_marks(ax, sizes.iloc[-1], len(sizes), by)
    headline(ax, _message(sizes, threshold, by), MEASURE)
    return ax


def _message(sizes: pd.DataFrame, threshold: float, by: str) -> str:
    before, after = ((sizes[when] <= threshold).sum() for when in MARKS)
    return f"{after} of {len(sizes)} characteristics are alike after {by}, {before} before"


def _frame(ax: Axes, sizes: pd.DataFrame, limit: float) -> None:
    ax.set_yticks(sizes.index, sizes["label"])
    ax.tick_params(axis="y", pad=9)
    ax.set_ylim(-2.0, len(sizes) + 0.8)
    ax.set_xlim(0, 1.08 * max(float(np.nanmax(sizes[["before", "after"]].to_numpy())), 1.3 * limit))


def _rule(ax: Axes, at: float, words: str, style: str, foot: float, rows: int) -> None:
    ax.vlines(at, foot, rows - 0.6, color=QUIET, linestyle=style, linewidth=1.2, zorder=1)
    side = -1 if at > 0.5 * ax.get_xlim()[1] else 1
    place = {"xytext": (5 * side, 0), "textcoords": "offset points", "ha": "left" if side > 0 else "right"}
    ax.annotate(words, (at, foot), fontsize=9, color=INK, va="bottom", **place)


def _name_marks(ax: Axes, top: pd.Series, rows: int, by: str) -> None:
    """Name the two marks of the topmost row beside them: no legend to look up.

    The inner mark is named above the row; the outer one to its right, or where there is no room above the other name,
    so that the two stay apart however close the marks are.
    """
    inner, outer = sorted(MARKS, key=lambda when: top[when])
    place = {"textcoords": "offset points", "fontsize": 10, "color": INK, "bbox": {"color": "white", "pad": 0.8}}
    ax.annotate(f"{inner} {by}", (top[inner], rows - 1), xytext=(-4, 9), **place)
    if top[outer] < 0.6 * ax.get_xlim()[1]:
        ax.annotate(f"{outer} {by}", (top[outer], rows - 1), xytext=(9, 0), va="center", **place)
    else:
        ax.annotate(f"{outer} {by}", (top[outer], rows - 1), xytext=(4, 23), ha="right", **place)
