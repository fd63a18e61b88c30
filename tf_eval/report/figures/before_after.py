"""What before-and-after would have claimed, beside what the comparison shows."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.release.shorthand import is_number
from tf_eval.report.figures.rows import LabelledRow, label_row, lay_rows
from tf_eval.report.style import BLUE, GREY, INK, WIDTH, Drawing, inches, render, zero_line
from tf_eval.report.words import in_sentence, short_effect

MARGIN = 0.05  # inches
SIZE = 10.5  # points
BAND = 0.5  # inches


def draw_before_after(payload: Mapping[str, Any]) -> Drawing | None:
    """Return two bars for each outcome, each outcome on its own scale; ``None`` where there is no number."""
    rows = [row for row in payload["rows"] if is_number(row["naive_change"]) and is_number(row["effect"])]
    if not rows:
        return None
    laid = lay_rows(rows, room=lambda row: WIDTH - 2 * MARGIN, size=SIZE, band=BAND)
    return Drawing(
        svg=render(_draw, laid, height=laid[-1].bottom),
        headline=_headline(rows),
        measure="Change from the year before to the year after the start (grey), and the part of it that like "
        "families without this support did not share (blue). Each outcome has its own scale.",
        alt=_alt(rows),
    )


def _headline(rows: Sequence[Mapping[str, Any]]) -> str:
    more = sum(row["naive_change"] < row["effect"] for row in rows)
    where = f"{more} of {len(rows)} outcomes" if len(rows) > 1 else f"{more} of 1 outcome"
    return f"Before and after alone would have claimed more than the comparison does on {where}"


def _alt(rows: Sequence[Mapping[str, Any]]) -> str:
    parts = [
        f"{in_sentence(row['label'])}: before and after {short_effect(row['unit'], row['naive_change'])}, "
        f"estimate {short_effect(row['unit'], row['effect'])}"
        for row in rows
    ]
    return f"Pairs of bars. {'; '.join(parts)}."


def _draw(figure: Figure, rows: Sequence[LabelledRow]) -> None:
    names = inches(figure, left=MARGIN, right=MARGIN, top=0, bottom=0)
    names.set_axis_off()
    names.set_ylim(rows[-1].bottom, 0)
    for row in rows:
        label_row(names, row)
        top, bottom = row.middle - BAND / 2, rows[-1].bottom - row.middle - BAND / 2
        _bars(inches(figure, left=MARGIN, right=MARGIN, top=top, bottom=bottom), row.facts)


def _bars(axes: Axes, row: Mapping[str, Any]) -> None:
    """Each outcome has a scale of its own; the words stand right of the longer bar."""
    axes.set_axis_off()
    reach = max(abs(row["naive_change"]), abs(row["effect"])) or 1
    axes.set_xlim(-reach, 1.9 * reach)
    axes.set_ylim(-0.5, 1.5)
    zero_line(axes, vertical=True)
    for height, name, colour, words in ((1, "naive_change", GREY, "before and after"), (0, "effect", BLUE, "estimate")):
        axes.barh(height, row[name], height=0.8, color=colour)
        said = f"{short_effect(row['unit'], row[name])} ({words})"
        axes.text(max(row[name], 0) + 0.03 * reach, height, said, va="center", color=INK, fontsize=10)
