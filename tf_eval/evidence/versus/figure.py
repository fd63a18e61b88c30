"""The figure of two interventions on several outcomes: how far they are apart, in two ways."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from tf_eval.errors import NotEstimated
from tf_eval.evidence.versus.side_by_side import SideBySideOutcome
from tf_eval.matching.figure import INK, QUIET, TREATED, axes_of, headline, in_lines, row_height

APART = 0.16  # of a row: how far each way of comparing lies from its middle


def draw_apart(rows: Sequence[SideBySideOutcome], titles: Sequence[str], ax: Axes | None = None) -> Axes:
    """Draw a row for each outcome from the top down; to the left the first is better. What rests on few stays empty."""
    names = [in_lines(row.outcome.label) for row in rows]
    ax = axes_of(ax, 8.0, 1.8 + 1.4 * row_height(names) * len(names))
    ax.axvspan(-1, 1, color=QUIET, alpha=0.15, linewidth=0)
    ax.axvline(0, color=INK, linewidth=1, zorder=1)
    for place, row in enumerate(rows):
        if not row.is_shown or isinstance(row.headline.direct, NotEstimated):
            ax.text(0, place, " not shown" if not row.is_shown else " not estimated", va="center", color=INK)
            continue
        _draw(ax, place, row)
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    measure = (
        f"{titles[0]} less {titles[1]} with 95% intervals, in multiples of the smallest difference worth having; to "
        "the left the first is better. Filled: among families that might have had either. Hollow: each on its own."
    )
    headline(ax, f"{titles[0]} or {titles[1]}", measure)
    return ax


def _draw(ax: Axes, place: int, row: SideBySideOutcome) -> None:
    turn = 1.0 if row.outcome.good_direction == "fall" else -1.0
    for size, away, face in ((row.headline.direct, -APART, TREATED), (row.headline.own, APART, "white")):
        if isinstance(size, NotEstimated):
            continue
        low, value, high = (turn * number / row.smallest_worthwhile for number in (size.low, size.value, size.high))
        ax.plot([low, high], [place + away] * 2, color=TREATED, linewidth=2)
        ax.plot(value, place + away, "o", color=TREATED, markerfacecolor=face, markersize=6)
