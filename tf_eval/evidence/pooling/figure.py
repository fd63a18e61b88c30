"""The forest: places with their intervals, the mean as a diamond, and what another place may expect."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from tf_eval.did.figure import BACKGROUND, FOCUS, TEXT
from tf_eval.evidence.pooling.words import Told
from tf_eval.matching.display import numbers_alike
from tf_eval.matching.figure import axes_of, in_lines, row_height

AXIS_HEIGHT = 1.0  # inches that the axis takes below the rows
LARGEST_MARK, SMALLEST_MARK = 9.0, 3.0  # points
HALF_DIAMOND = 0.28  # of a row


def draw_forest(pooled: Told, ax: Axes | None = None) -> Axes:
    """Draw the places from the top down, the mean below them, and what another place may expect at the bottom."""
    table, has_mean = pooled.table(), len(pooled.places) > 1
    below = [name for name, is_there in (("Mean", has_mean), ("Another place", pooled.prediction)) if is_there]
    ax = _rows([*table["place"].map(str), *below], ax)
    marks = SMALLEST_MARK + (LARGEST_MARK - SMALLEST_MARK) * np.sqrt(table["weight"] / table["weight"].max())
    for row, (line, size) in enumerate(zip(table.itertuples(), marks, strict=True)):
        ax.plot([line.ci_low, line.ci_high], [row, row], color=FOCUS, linewidth=1.4, zorder=2)
        ax.plot(line.effect, row, "s", color=FOCUS, markersize=size, zorder=2)
    told = table[["effect", "ci_low", "ci_high"]].to_numpy().tolist()
    if has_mean:
        told.append(_draw_mean(ax, len(table), pooled))
        ax.axvline(pooled.found.effect, color=TEXT, linewidth=0.8, linestyle="--", zorder=1)
        ax.axhline(len(table) - 0.5, color=BACKGROUND, linewidth=1, zorder=0)
    if pooled.prediction:
        told.append(_draw_prediction(ax, len(table) + 1, pooled))
    _tell(ax, told)
    _name_axis(ax, [pooled])
    return ax


def draw_groups(pooled: Sequence[Told], groups: int, ax: Axes | None = None) -> Axes:
    """Draw the mean of each group, with what another place may expect as a line through it.

    Of so many ``groups`` those that are not there could not be estimated.
    """
    ax = _rows([", ".join(map(str, each.where.values())) for each in pooled], ax)
    _tell(ax, [_draw_mean(ax, row, each) for row, each in enumerate(pooled)])
    for row, each in enumerate(pooled):
        if each.prediction:
            _draw_prediction(ax, row, each)
    _name_axis(ax, pooled)
    if len(pooled) < groups:
        ax.set_xlabel(f"{ax.get_xlabel()}\nNot estimated: {groups - len(pooled)} of {groups}.")
    return ax


def _rows(names: Sequence[str], ax: Axes | None) -> Axes:
    names = [in_lines(name) for name in names]
    ax = axes_of(ax, 7.5, AXIS_HEIGHT + row_height(names) * max(len(names), 1))
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.set_yticks(range(len(names)), names)
    ax.axvline(0, color=TEXT, linewidth=1, zorder=1)
    return ax


def _draw_mean(ax: Axes, row: int, pooled: Told) -> tuple[float, float, float]:
    """Draw the diamond, and return the mean and the ends of its interval."""
    found = pooled.found
    across = [found.ci_low, found.effect, found.ci_high, found.effect]
    ax.fill(across, [row, row - HALF_DIAMOND, row, row + HALF_DIAMOND], color=TEXT, linewidth=0, zorder=3)
    return found.effect, found.ci_low, found.ci_high


def _draw_prediction(ax: Axes, row: int, pooled: Told) -> tuple[float, float]:
    ax.plot(pooled.prediction, [row, row], color=TEXT, linewidth=1.4, marker="|", markersize=8, zorder=2)
    return pooled.prediction


def _tell(ax: Axes, rows: Sequence[Sequence[float]]) -> None:
    """Write each row's numbers, (effect,) low and high, beside it, all with as many decimals."""
    style = {"transform": ax.get_yaxis_transform(), "color": TEXT, "fontsize": 9, "va": "center"}
    told = iter(numbers_alike(value for row in rows for value in row))
    for place, row in enumerate(rows):
        *effect, low, high = [next(told) for _ in row]
        ends = f"{low} to {high}"
        ax.text(1.02, place, f"{effect[0]} ({ends})" if effect else ends, **style)


def _name_axis(ax: Axes, pooled: Sequence[Told]) -> None:
    units = {each.unit for each in pooled}
    unit = f", {units.pop()}" if len(units) == 1 and units != {""} else ""
    level = f" ({pooled[0].design.level} intervals)" if pooled else ""
    ax.set_xlabel(f"Effect{unit}{level}", color=TEXT)
