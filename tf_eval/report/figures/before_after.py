"""What before-and-after would have claimed, beside what the comparison shows."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.cohort.words import in_sentence
from tf_eval.release.shorthand import is_number
from tf_eval.report.figures.rows import LabelledRow, label_row, lay_rows
from tf_eval.report.style import (
    BLUE,
    GREY,
    POINTS,
    WIDTH,
    Drawing,
    inches,
    interval_on_bar,
    render,
    text_width,
    zero_line,
)
from tf_eval.report.words import interval_words, short_effect

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
        measure="Change from the year before to the year after the start (grey), and the same less the change of like "
        "families: the estimate (blue) with its 95% interval. A claim is more where it lies beyond that interval. Each "
        "outcome has its own scale.",
        alt=_alt(rows),
    )


def _headline(rows: Sequence[Mapping[str, Any]]) -> str:
    """Count as more only what lies beyond the interval: by chance alone the estimate may be the smaller."""
    known = [row for row in rows if is_number(row["ci_low"])]
    if not known:
        return "Before and after alone, beside what the comparison shows"
    more = sum(row["naive_change"] < row["ci_low"] for row in known)
    outcomes = "outcome" if len(known) == 1 else "outcomes"
    return (
        f"Before and after alone would have claimed more than the comparison does on {more} of {len(known)} {outcomes}"
    )


def _alt(rows: Sequence[Mapping[str, Any]]) -> str:
    parts = [
        f"{in_sentence(row['label'])}: before and after {short_effect(row['unit'], row['naive_change'])}, "
        f"estimate {short_effect(row['unit'], row['effect'])}{_interval(row)}"
        for row in rows
    ]
    return f"Pairs of bars. {'; '.join(parts)}."


def _interval(row: Mapping[str, Any]) -> str:
    return f" ({interval_words(row['unit'], row['ci_low'], row['ci_high'])})" if is_number(row["ci_low"]) else ""


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
    """How far an outcome's marks go to one side, as a share of the farthest of them."""
    return max(0.0, *(side * value for value in _values(row))) / _farthest(row)


def _values(row: Mapping[str, Any]) -> list[float]:
    return [row[name] for name in ("naive_change", "effect", "ci_low", "ci_high") if is_number(row[name])]


def _farthest(row: Mapping[str, Any]) -> float:
    return max(map(abs, _values(row))) or 1


def _bars(axes: Axes, row: Mapping[str, Any]) -> None:
    axes.set_axis_off()
    axes.set_ylim(-0.5, 1.5)
    zero_line(axes, vertical=True)
    farthest = _farthest(row)
    if is_number(row["ci_low"]):
        interval_on_bar(axes, row["ci_low"] / farthest, row["ci_high"] / farthest, 0)
    for height, (name, colour, words) in zip((1, 0), BARS, strict=True):
        axes.barh(height, row[name] / farthest, height=0.8, color=colour)
        place = {"xy": (1, height), "xycoords": axes.get_yaxis_transform(), "textcoords": "offset points"}
        axes.annotate(_said(row, name, words), xytext=(GAP * POINTS, 0), va="center", fontsize=SIZE, **place)


def _said(row: Mapping[str, Any], name: str, words: str) -> str:
    return f"{short_effect(row['unit'], row[name])} ({words})"
