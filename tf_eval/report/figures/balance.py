"""The love plot: how alike the groups were, before and after matching."""

from collections.abc import Mapping
from textwrap import wrap
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.release.shorthand import is_number
from tf_eval.report.numerals import number
from tf_eval.report.style import BLUE, INK, ORANGE, PALE, QUIET, RULE, Drawing, bare, inches, render, stacked, zero_line

ROW_HEIGHT = 0.36
LINE = 29  # characters
LABEL = 9.2  # points


def draw_balance(payload: Mapping[str, Any]) -> Drawing | None:
    """Return the love plot, largest difference first; ``None`` where the differences are hidden."""
    rows = [row for row in payload["rows"] if is_number(row["after"])]
    if not rows:
        return None
    shown = {**payload, "rows": sorted(rows, key=lambda row: -abs(row["before"] if is_number(row["before"]) else 0))}
    return Drawing(
        svg=render(_draw, shown, height=0.9 + ROW_HEIGHT * len(rows)),
        headline=_headline(payload, rows),
        measure="Standardised difference between supported and comparison families before their index date. "
        f"In the shaded band (up to {number(payload['threshold'])}) the groups count as alike.",
        alt=_alt(payload, rows),
    )


def _headline(payload: Mapping[str, Any], rows: list[Mapping[str, Any]]) -> str:
    apart = sum(abs(row["after"]) > payload["threshold"] for row in rows)
    if not apart:
        return f"After matching the groups are alike in all {len(rows)} things compared"
    return f"After matching the groups still differ in {apart} of {len(rows)} things compared"


def _alt(payload: Mapping[str, Any], rows: list[Mapping[str, Any]]) -> str:
    widest = max(rows, key=lambda row: abs(row["after"]))
    return (
        f"Dot chart of {len(rows)} standardised differences before and after matching. {_headline(payload, rows)}. "
        f"The largest after matching is {number(widest['after'])}, in: {widest['label']}."
    )


def _draw(figure: Figure, payload: Mapping[str, Any]) -> None:
    rows, threshold = payload["rows"], payload["threshold"]
    axes = inches(figure, left=1.95, right=0.15, top=0.35, bottom=0.5)
    bare(axes)
    axes.axvspan(-threshold, threshold, color=PALE, zorder=0, linewidth=0)
    zero_line(axes, vertical=True)
    for place, row in enumerate(rows):
        _row(axes, place, row)
    axes.set_yticks([])
    axes.set_ylim(len(rows) - 0.5, -0.7)
    axes.locator_params(axis="x", nbins=5)
    axes.set_xlabel("Standardised difference", color=QUIET)
    _legend(axes)


def _row(axes: Axes, place: int, row: Mapping[str, Any]) -> None:
    lines = wrap(row["label"], LINE)[:2]
    anchor = {"xy": (-0.03, place), "xycoords": axes.get_yaxis_transform(), "ha": "right", "color": INK}
    stacked(axes, lines, anchor, size=LABEL, top=1.15 * LABEL * (len(lines) - 1) / 2)
    if is_number(row["before"]):
        axes.plot([row["before"], row["after"]], [place, place], color=RULE, linewidth=1.2, zorder=2)
        axes.plot(row["before"], place, "D", color="white", markeredgecolor=ORANGE, markeredgewidth=2, markersize=6.5)
    axes.plot(row["after"], place, "o", color=BLUE, markersize=8, zorder=4)


def _legend(axes: Axes) -> None:
    """Shapes as well as colours, named above the plot."""
    axes.annotate("\u25cf after matching", (0, 1), xycoords="axes fraction", xytext=(-70, 8), **_key(BLUE))
    axes.annotate("\u25c7 before", (0, 1), xycoords="axes fraction", xytext=(45, 8), **_key("#A04000"))


def _key(colour: str) -> dict[str, Any]:
    return {"textcoords": "offset points", "color": colour, "fontsize": 10.5, "annotation_clip": False}
