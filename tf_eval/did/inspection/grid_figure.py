"""The figure of a grid of cells: colours for values, hatching for what is not shown, a line where treatment starts."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, ListedColormap, Normalize
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from tf_eval.did.figure import BACKGROUND, FOCUS, TEXT
from tf_eval.did.inspection.grid import BASE, FEW, MISSING, SHOWN, Grid
from tf_eval.did.inspection.starts import height_of, named_rows
from tf_eval.matching.display import numbers_alike
from tf_eval.matching.figure import given_axes

SIGNED = LinearSegmentedColormap.from_list("signed", ["#A23E00", "#F47738", "#F5F5F5", "#5694CA", FOCUS])
AMOUNT = LinearSegmentedColormap.from_list("amount", ["#EAF0F6", "#5694CA", FOCUS])
HIDDEN = {
    BASE: ("Base period: 0", "#F5F5F5", "..."),
    FEW: ("Not shown: {few}", BACKGROUND, "//"),
    MISSING: ("Not estimated", "#FFFFFF", "xx"),
}
# In inches: what a number needs in a cell, and what a letter, the colours' scale and the axis take beside the cells.
NUMBER_WIDTH, NUMBER_HEIGHT, LETTER, BESIDE = 0.52, 0.18, 0.075, 1.7
MANY = 14
KEY = {"frameon": False, "fontsize": 8, "borderaxespad": 0.3, "columnspacing": 1.2, "handlelength": 1.5}


def draw_grid(grid: Grid, *, label: str, signed: bool, axis: str, few: str = "", ax: Axes | None = None) -> Axes:
    """Draw a grid on ``ax`` or on a figure of its own; ``signed`` values are coloured around 0.

    ``few`` says on how little those cells rest that are not shown. Numbers stand in the cells where these are large
    enough to hold them.
    """
    ax = given_axes(ax, *_size(grid))
    scale = _scale(grid, signed)
    _fill(ax, grid, scale)
    _write_numbers(ax, grid, scale)
    _mark_start(ax, grid)
    _name_axes(ax, grid, axis)
    _explain(ax, grid, few)
    if (grid.state == SHOWN).any():
        ax.figure.colorbar(scale, ax=ax, pad=0.02, aspect=30).set_label(label, wrap=True)
    return ax


def _size(grid: Grid) -> tuple[float, float]:
    """Return width and height, in inches, of a figure in which every cell has room."""
    rows, columns = grid.values.shape
    each = max(0.3, 0.06 + height_of(grid.rows))
    height = float(np.clip(2.0 + each * rows, 2.8, 11))
    return float(np.clip(_beside(grid, (height - 0.9) / rows) + 0.6 * columns, 6.5, 11)), height


def _beside(grid: Grid, height: float) -> float:
    """Return about how many inches the names of rows, each of some height, and the scale of colours take."""
    longest = max(len(line) for name in named_rows(grid.rows, height)[1] for line in name.splitlines())
    return BESIDE + LETTER * longest


def _room(ax: Axes, grid: Grid) -> np.ndarray:
    """Return about how many inches there are for a cell, across and upwards, before anything is laid out."""
    given = ax.figure.get_size_inches() * ax.get_position().size / (0.775, 0.77)
    rows, columns = grid.values.shape
    height = max(float(given[1]) - 0.9, 0.5) / rows
    return np.array([(given[0] - _beside(grid, height)) / columns, height])


def _scale(grid: Grid, signed: bool) -> ScalarMappable:
    values = grid.values[grid.state == SHOWN]
    highest = float(np.abs(values).max()) if values.size and np.any(values) else 1.0
    return ScalarMappable(Normalize(-highest if signed else 0.0, highest), SIGNED if signed else AMOUNT)


def _fill(ax: Axes, grid: Grid, scale: ScalarMappable) -> None:
    rows, columns = grid.values.shape
    edges = np.arange(columns + 1) - 0.5, np.arange(rows + 1) - 0.5
    line = {"edgecolors": "white", "linewidth": 0.8 if max(rows, columns) <= MANY else 0.2}
    shown = np.ma.masked_where(grid.state != SHOWN, grid.values)
    ax.pcolormesh(*edges, shown, cmap=scale.cmap, norm=scale.norm, **line)
    for state, (_, colour, hatch) in HIDDEN.items():
        if (grid.state == state).any():
            there = np.ma.masked_where(grid.state != state, np.zeros(grid.values.shape))
            ax.pcolor(*edges, there, cmap=ListedColormap([colour]), hatch=hatch, edgecolors="#8A8A8A", linewidth=0)
    ax.set_xlim(edges[0][0], edges[0][-1])
    ax.set_ylim(edges[1][-1], edges[1][0])


def _write_numbers(ax: Axes, grid: Grid, scale: ScalarMappable) -> None:
    if (_room(ax, grid) < (NUMBER_WIDTH, NUMBER_HEIGHT)).any():
        return
    places = np.nonzero(grid.state == SHOWN)
    values = grid.values[places]
    for row, column, value, told in zip(*places, values, numbers_alike(values), strict=True):
        ax.text(column, row, told, ha="center", va="center", fontsize=8, color=_ink(scale.to_rgba(value)))


def _ink(colour: tuple[float, ...]) -> str:
    """Return white for what is written on dark colours (by relative luminance), else the colour of text."""
    return "white" if np.dot(colour[:3], (0.299, 0.587, 0.114)) < 0.55 else TEXT


def _mark_start(ax: Axes, grid: Grid) -> None:
    """Draw the border between the cells before treatment and those since, down the rows."""
    if not _has_before(grid):
        return
    rows = np.arange(len(grid.rows))
    x = np.repeat(grid.start - 0.5, 2)
    y = np.column_stack([rows - 0.5, rows + 0.5]).ravel()
    ax.plot(x, y, color=TEXT, linewidth=2, solid_capstyle="butt", clip_on=False)


def _has_before(grid: Grid) -> bool:
    return bool((grid.start > 0).any())


def _name_axes(ax: Axes, grid: Grid, axis: str) -> None:
    needed = LETTER * (max(map(len, grid.columns)) + 1)
    step = int(np.ceil(max(needed / max(_room(ax, grid)[0], 0.02), len(grid.columns) / MANY)))
    ax.set_xticks(range(0, len(grid.columns), step), grid.columns[::step])
    ax.set_yticks(*named_rows(grid.rows, _room(ax, grid)[1]))
    ax.tick_params(colors=TEXT, length=0, labelsize=8 if max(grid.values.shape) > MANY else 9)
    ax.set_xlabel(axis)
    ax.set_ylabel("Start cohort")
    ax.spines[:].set_visible(False)


def _explain(ax: Axes, grid: Grid, few: str) -> None:
    start = Line2D([], [], color=TEXT, linewidth=2, label="Treatment starts")
    handles: list = [start] if _has_before(grid) else []
    handles += [
        Patch(facecolor=colour, hatch=hatch, edgecolor="#8A8A8A", linewidth=0, label=words.format(few=few))
        for state, (words, colour, hatch) in HIDDEN.items()
        if (grid.state == state).any()
    ]
    if handles:
        # From the right, where on narrow axes there is room above the names of rows.
        ax.legend(handles=handles, loc="lower right", bbox_to_anchor=(1, 1.0), ncols=2, **KEY)
