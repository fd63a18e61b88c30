"""Rows of a figure, each named by a label above what it shows: as many lines as the label needs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from tf_eval.report.style import INK, LEADING, PALE, POINTS, stacked, wrapped

GAP = 0.12  # inches between a row and the next label


@dataclass(frozen=True)
class LabelledRow:
    """One row, in inches from the top of its axes: ``first_line`` of its label, and ``middle`` where marks belong."""

    facts: Mapping[str, Any]
    lines: tuple[str, ...]
    size: float
    top: float
    band: float

    @property
    def first_line(self) -> float:
        return self.top + self.size * LEADING / POINTS / 2

    @property
    def middle(self) -> float:
        return self.top + _height(self.lines, self.size) + self.band / 2

    @property
    def bottom(self) -> float:
        return self.middle + self.band / 2 + GAP


def lay_rows(
    rows: Sequence[Mapping[str, Any]],
    *,
    room: Callable[[Mapping[str, Any]], float],
    size: float,
    band: float,
    top: float = 0.0,
) -> list[LabelledRow]:
    """Lay rows out below one another from ``top``.

    Arguments: each row holds a ``label``; ``room`` says how wide (inches) the label of a row may be; ``size`` is that
    of its letters in points; ``band`` is the height (inches) that the marks of a row need.
    """
    laid: list[LabelledRow] = []
    for facts in rows:
        lines = tuple(wrapped(facts["label"], width=room(facts), size=size))
        laid.append(LabelledRow(facts, lines, size, laid[-1].bottom if laid else top, band))
    return laid


def label_row(axes: Axes, row: LabelledRow) -> None:
    """Write the label of a row at the left edge of axes whose y axis is in inches from the top."""
    anchor = {"xy": (0, row.first_line), "xycoords": axes.get_yaxis_transform(), "ha": "left", "color": INK}
    stacked(axes, row.lines, anchor, size=row.size)


def shade_row(axes: Axes, row: LabelledRow, reach: float) -> None:
    """Shade what is too small to matter around no difference, behind the marks of a row and not behind its label."""
    top, bottom = row.middle - row.band / 2, row.middle + row.band / 2
    axes.fill_between([-reach, reach], top, bottom, color=PALE, zorder=0, linewidth=0)
    axes.vlines(0, top, bottom, color=INK, linewidth=1, zorder=1)


def _height(lines: Sequence[str], size: float) -> float:
    return len(lines) * size * LEADING / POINTS
