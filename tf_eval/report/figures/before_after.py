"""What before-and-after would have claimed, beside what the comparison shows."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.cohort.words import in_sentence
from tf_eval.release.shorthand import is_number
from tf_eval.report.figures.rows import LabelledRow, label_row, lay_rows
from tf_eval.report.style import BLUE, GREY, POINTS, WIDTH, Drawing, inches, render, text_width, zero_line
from tf_eval.report.words import short_effect

MARGIN = 0.05  # inches
SIZE = 10.5  # points
BAND = 0.5  # inches
GAP = 0.1  # inches between bars and words
BARS = (("naive_change", GREY, "before and after"), ("effect", BLUE, "estimate"))


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
    outcomes = "outcome" if len(rows) == 1 else "outcomes"
    return (
        f"Before and after alone would have claimed more than the comparison does on {more} of {len(rows)} {outcomes}"
    )


def _alt(rows: Sequence[Mapping[str, Any]]) -> str:
    parts = [
        f"{in_sentence(row['label'])}: before and after {short_effect(row['unit'], row['naive_change'])}, "
        f"estimate {short_effect(row['unit'], row['effect'])}"
        for row in rows
    ]
    return f"Pairs of bars. {'; '.join(parts)}."


def _draw(figure: Figure, rows: Sequence[LabelledRow]) -> None:
    """Bars at the left, on a zero that all outcomes share; what they say in a column at the right."""
    names = inches(figure, left=MARGIN, right=MARGIN, top=0, bottom=0)
    names.set_axis_off()
    names.set_ylim(rows[-1].bottom, 0)
    column = max(text_width(_said(row.facts, name, words), SIZE) for row in rows for name, _, words in BARS)
    left, right = (max(_reach(row.facts, side) for row in rows) for side in (-1, 1))
    for row in rows:
        label_row(names, row)
        top, bottom = row.middle - BAND / 2, rows[-1].bottom - row.middle - BAND / 2
        axes = inches(figure, left=MARGIN, right=MARGIN + column + GAP, top=top, bottom=bottom)
        axes.set_xlim(-left, right if left or right else 1)
        _bars(axes, row.facts)


def _reach(row: Mapping[str, Any], side: int) -> float:
    """How far an outcome's bars go to one side, in lengths of its longer bar."""
    values = [row[name] for name, _, _ in BARS]
    return max(0.0, *(side * value for value in values)) / (max(map(abs, values)) or 1)


def _bars(axes: Axes, row: Mapping[str, Any]) -> None:
    axes.set_axis_off()
    axes.set_ylim(-0.5, 1.5)
    zero_line(axes, vertical=True)
    longest = max(abs(row[name]) for name, _, _ in BARS) or 1
    for height, (name, colour, words) in zip((1, 0), BARS, strict=True):
        axes.barh(height, row[name] / longest, height=0.8, color=colour)
        place = {"xy": (1, height), "xycoords": axes.get_yaxis_transform(), "textcoords": "offset points"}
        axes.annotate(_said(row, name, words), xytext=(GAP * POINTS, 0), va="center", fontsize=SIZE, **place)


def _said(row: Mapping[str, Any], name: str, words: str) -> str:
    return f"{short_effect(row['unit'], row[name])} ({words})"
