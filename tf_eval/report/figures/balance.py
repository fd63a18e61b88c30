"""The love plot: how alike the groups were, before and after matching or weighting."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.release.shorthand import is_number
from tf_eval.report.figures.rows import LabelledRow, label_row, lay_rows, shade_row
from tf_eval.report.numerals import number
from tf_eval.report.style import BLUE, ORANGE, QUIET, RULE, WIDTH, Drawing, bare, inches, render

MARGIN, ABOVE, BELOW = 0.22, 0.35, 0.5  # inches; the margin holds half a tick label
SIZE = 9.5  # points
BAND = 0.2  # inches


def draw_balance(payload: Mapping[str, Any]) -> Drawing | None:
    """Return the love plot, largest difference first; ``None`` where the differences are hidden."""
    rows = [row for row in payload["rows"] if is_number(row["after"])]
    if not rows:
        return None
    ordered = sorted(rows, key=lambda row: -abs(row["before"] if is_number(row["before"]) else 0))
    laid = lay_rows(ordered, room=lambda row: WIDTH - 2 * MARGIN, size=SIZE, band=BAND)
    return Drawing(
        svg=render(_draw, (laid, payload), height=laid[-1].bottom + ABOVE + BELOW),
        headline=_headline(rows, payload["adjusted_by"]),
        measure="Standardised difference between families with this support and like families, before the start. "
        f"In the shaded band (up to {number(payload['threshold'])}) the groups count as alike.",
        alt=_alt(rows, payload["adjusted_by"]),
    )


def _headline(rows: Sequence[Mapping[str, Any]], by: str) -> str:
    after, before = (
        max((abs(row[name]) for row in rows if is_number(row[name])), default=None) for name in ("after", "before")
    )
    if before is None:
        return f"Largest difference between the groups after {by}: {number(after)}"
    return f"Largest difference between the groups: {number(before)} before {by}, {number(after)} after"


def _alt(rows: Sequence[Mapping[str, Any]], by: str) -> str:
    widest = max(rows, key=lambda row: abs(row["after"]))
    return (
        f"Dot chart of {len(rows)} standardised differences before and after {by}. {_headline(rows, by)}. "
        f"The largest after {by} is {number(widest['after'])}, in: {widest['label']}."
    )


def _draw(figure: Figure, shown: tuple[Sequence[LabelledRow], Mapping[str, Any]]) -> None:
    rows, payload = shown
    axes = inches(figure, left=MARGIN, right=MARGIN, top=ABOVE, bottom=BELOW)
    bare(axes)
    for row in rows:
        label_row(axes, row)
        shade_row(axes, row, payload["threshold"])
        _differences(axes, row)
    axes.set_yticks([])
    axes.set_ylim(rows[-1].bottom, 0)
    axes.locator_params(axis="x", nbins=5)
    axes.set_xlabel("Standardised difference", color=QUIET)
    _legend(axes, payload["adjusted_by"])


def _differences(axes: Axes, row: LabelledRow) -> None:
    before, after = row.facts["before"], row.facts["after"]
    if is_number(before):
        axes.plot([before, after], [row.middle] * 2, color=RULE, linewidth=1.2, zorder=2)
        axes.plot(before, row.middle, "D", color="white", markeredgecolor=ORANGE, markeredgewidth=2, markersize=6.5)
    axes.plot(after, row.middle, "o", color=BLUE, markersize=8, zorder=4)


def _legend(axes: Axes, by: str) -> None:
    """Shapes as well as colours, named above the plot."""
    axes.annotate(f"\u25cf after {by}", (0, 1), xycoords="axes fraction", xytext=(0, 10), **_key(BLUE))
    axes.annotate("\u25c7 before", (0, 1), xycoords="axes fraction", xytext=(115, 10), **_key("#A04000"))


def _key(colour: str) -> dict[str, Any]:
    return {"textcoords": "offset points", "color": colour, "fontsize": 10.5, "annotation_clip": False}
