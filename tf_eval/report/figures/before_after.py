"""What before-and-after would have claimed, beside what the comparison shows."""

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.release.shorthand import is_number
from tf_eval.report.style import BLUE, GREY, INK, Drawing, inches, render, zero_line
from tf_eval.report.words import in_sentence, short_effect

ROW_HEIGHT = 0.95


def draw_before_after(payload: Mapping[str, Any]) -> Drawing | None:
    """Return two bars for each outcome, each outcome on its own scale; ``None`` where there is no number."""
    rows = [row for row in payload["rows"] if is_number(row["naive_change"]) and is_number(row["effect"])]
    if not rows:
        return None
    return Drawing(
        svg=render(_draw, rows, height=0.1 + ROW_HEIGHT * len(rows)),
        headline=_headline(rows),
        measure="Change from the year before to the year after the start (grey), and the part of it that similar "
        "families without this support did not share (blue). Each outcome has its own scale.",
        alt=_alt(rows),
    )


def _headline(rows: list[Mapping[str, Any]]) -> str:
    larger = sum(abs(row["naive_change"]) > abs(row["effect"]) for row in rows)
    every = "every outcome" if len(rows) > 1 else "this outcome"
    where = every if larger == len(rows) else f"{larger} of {len(rows)} outcomes"
    return f"Looking only at before and after would have overstated the change in {where}"


def _alt(rows: list[Mapping[str, Any]]) -> str:
    parts = [
        f"{in_sentence(row['label'])}: before and after {short_effect(row['unit'], row['naive_change'])}, "
        f"estimate {short_effect(row['unit'], row['effect'])}"
        for row in rows
    ]
    return f"Pairs of bars. {'; '.join(parts)}."


def _draw(figure: Figure, rows: list[Mapping[str, Any]]) -> None:
    for place, row in enumerate(rows):
        top, bottom = 0.32 + ROW_HEIGHT * place, ROW_HEIGHT * (len(rows) - place - 1) + 0.15
        axes = inches(figure, left=0.05, right=0.05, top=top, bottom=bottom)
        _outcome(axes, row)


def _outcome(axes: Axes, row: Mapping[str, Any]) -> None:
    axes.set_axis_off()
    reach = max(abs(row["naive_change"]), abs(row["effect"])) or 1
    axes.set_xlim(-reach, 1.7 * reach)
    axes.set_ylim(-0.5, 1.5)
    zero_line(axes, vertical=True)
    axes.set_title(row["label"], loc="left", fontsize=11, fontweight="bold", pad=4)
    for height, name, colour, words in ((1, "naive_change", GREY, "before and after"), (0, "effect", BLUE, "estimate")):
        axes.barh(height, row[name], height=0.8, color=colour)
        said = f"{short_effect(row['unit'], row[name])} ({words})"
        axes.text(max(row[name], 0) + 0.03 * reach, height, said, va="center", color=INK, fontsize=10)
