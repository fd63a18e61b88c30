"""Rows of standardised differences, two marks to a row, around no difference at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.release.shorthand import is_number
from tf_eval.report.figures.rows import LabelledRow, label_row, lay_rows, shade_row
from tf_eval.report.style import BLUE, ORANGE, QUIET, RULE, WIDTH, bare, inches, render

MARGIN, ABOVE, BELOW = 0.22, 0.35, 0.5  # inches; the margin holds half a tick label
SIZE = 10.5  # points
BAND = 0.17  # inches


@dataclass(frozen=True)
class Mark:
    """One of the two marks of a row: the name of its number in the row, and what the key says it is."""

    name: str
    words: str


def differences_svg(rows: Sequence[Mapping[str, Any]], full: Mark, hollow: Mark, *, reach: float) -> str:
    """Return the SVG of rows in their order, those with the largest hollow mark first.

    Arguments: each row holds a ``label`` and the numbers that the marks name, of which the hollow one may be missing;
    a difference up to ``reach`` is too small to matter.
    """
    ordered = sorted(rows, key=lambda row: -abs(row[hollow.name] if is_number(row[hollow.name]) else 0))
    laid = lay_rows(ordered, room=lambda row: WIDTH - 2 * MARGIN, size=SIZE, band=BAND)

    def draw(figure: Figure, rows: Sequence[LabelledRow]) -> None:
        axes = inches(figure, left=MARGIN, right=MARGIN, top=ABOVE, bottom=BELOW)
        bare(axes)
        for row in rows:
            label_row(axes, row)
            shade_row(axes, row, reach)
            _marks(axes, row, full, hollow)
        _scale(axes, rows[-1].bottom)
        _key(axes, full, hollow)

    return render(draw, laid, height=laid[-1].bottom + ABOVE + BELOW)


def _marks(axes: Axes, row: LabelledRow, full: Mark, hollow: Mark) -> None:
    there, here = row.facts[hollow.name], row.facts[full.name]
    if is_number(there):
        axes.plot([there, here], [row.middle] * 2, color=RULE, linewidth=1.2, zorder=2)
        axes.plot(there, row.middle, "D", color="white", markeredgecolor=ORANGE, markeredgewidth=2, markersize=6.5)
    axes.plot(here, row.middle, "o", color=BLUE, markersize=8, zorder=4)


def _scale(axes: Axes, bottom: float) -> None:
    axes.set_yticks([])
    axes.set_ylim(bottom, 0)
    axes.locator_params(axis="x", nbins=5)
    axes.set_xlabel("Standardised difference", color=QUIET)


def _key(axes: Axes, full: Mark, hollow: Mark) -> None:
    """Shapes as well as colours, named above the plot."""
    told = ((f"\u25cf {full.words}", 0, BLUE), (f"\u25c7 {hollow.words}", 115, "#A04000"))
    for words, right, colour in told:
        place = {"xycoords": "axes fraction", "xytext": (right, 10), "textcoords": "offset points"}
        axes.annotate(words, (0, 1), color=colour, fontsize=10.5, annotation_clip=False, **place)
