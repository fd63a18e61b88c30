"""The figure of hidden bias: what is left of each effect if the groups drifted apart ever further."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from tf_eval.errors import NotEstimated
from tf_eval.matching.figure import COMPARISON, INK, QUIET, TREATED, axes_of, in_lines, leave_empty, row_height


def draw_bounds(rows: Sequence[Any], ax: Axes | None = None) -> Axes:
    """Draw for each outcome the planned interval, then those under each bound, in smallest worthwhile changes."""
    lines = [line for row in rows for line in _lines(row)]
    if not lines:
        return leave_empty(ax, "What would have to be hidden")
    names = [in_lines(name) for name, *_ in lines]
    ax = axes_of(ax, 8.5, 1.2 + row_height(names) * len(names))
    ax.axvline(0, color=INK, linewidth=1, zorder=1)
    for place, (_, low, high, value) in enumerate(lines):
        colour = TREATED if value is not None else COMPARISON
        ax.plot([low, high], [place, place], color=colour, linewidth=2, zorder=2)
        if value is not None:
            ax.plot(value, place, "o", color=colour, markersize=6, zorder=3)
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_xlabel("Effect, in multiples of the smallest change worth having", color=QUIET)
    return ax


def _lines(row: Any) -> list[tuple[str, float, float, float | None]]:
    size, worth = row.measured.headline, row.measured.smallest_worthwhile
    if isinstance(size, NotEstimated):
        return []
    bounds = [
        (f"drift of {bound:g} times the largest before", low / worth, high / worth, None)
        for bound, low, high in row.intervals
    ]
    return [(f"{row.outcome.label}, as planned", size.low / worth, size.high / worth, size.value / worth), *bounds]
