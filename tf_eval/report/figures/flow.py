"""The flow of families through the study, both arms side by side."""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from tf_eval.report.numerals import number
from tf_eval.report.style import BLUE, INK, PALE, QUIET, RULE, Drawing, inches, render

STEP_HEIGHT = 1.16  # inches
BOX = 0.62  # of a step's height

Rows = Sequence[Mapping[str, Any]]


def draw_flow(payload: Mapping[str, Any]) -> Drawing | None:
    """Return one column of boxes for each arm; ``None`` where there is no step."""
    arms = arms_of(payload)
    if not arms:
        return None
    steps = max(len(rows) for rows in arms.values())
    return Drawing(
        svg=render(_draw, arms, height=0.35 + STEP_HEIGHT * steps),
        headline=_headline(arms),
        measure="Families left after each step, and families excluded between steps. Counts are rounded.",
        alt=_alt(arms),
    )


def arms_of(payload: Mapping[str, Any]) -> dict[str, Rows]:
    """Return the steps of each arm, in the order in which the arms appear."""
    arms = dict.fromkeys(row["arm"] for row in payload["rows"])
    return {arm: [row for row in payload["rows"] if row["arm"] == arm] for arm in arms}


def _headline(arms: Mapping[str, Rows]) -> str:
    ends = [f"{number(rows[-1]['families'])} {arm.lower()}" for arm, rows in arms.items()]
    return f"{' and '.join(ends)} families are in the answer"


def _alt(arms: Mapping[str, Rows]) -> str:
    parts = [
        f"{arm} families: " + ", then ".join(f"{number(row['families'])} ({row['step']})" for row in rows)
        for arm, rows in arms.items()
    ]
    return f"Flow diagram. {'. '.join(parts)}."


def _draw(figure: Figure, arms: Mapping[str, Rows]) -> None:
    axes = inches(figure, left=0.05, right=0.05, top=0.05, bottom=0.02)
    steps = max(len(rows) for rows in arms.values())
    axes.set_axis_off()
    axes.set_xlim(0, len(arms))
    axes.set_ylim(steps, -0.28)
    for column, (arm, rows) in enumerate(arms.items()):
        axes.text(column + 0.04, -0.16, arm, fontweight="bold", va="center", fontsize=12)
        for place, row in enumerate(rows):
            _step(axes, column, place, row, last=place == len(rows) - 1)


def _step(axes: Axes, column: int, place: int, row: Mapping[str, Any], *, last: bool) -> None:
    if place:
        _excluded(axes, column, place, row)
    ink = "white" if last else INK
    edge = {"boxstyle": "square,pad=0", "linewidth": 0, "facecolor": BLUE if last else PALE}
    axes.add_patch(FancyBboxPatch((column + 0.03, place), 0.92, BOX, **edge))
    axes.text(
        column + 0.08, place + 0.2, number(row["families"]), va="center", fontweight="bold", fontsize=13, color=ink
    )
    words = "\n".join(wrap(row["step"], 26)[:2])
    axes.text(column + 0.08, place + 0.44, words, va="center", fontsize=9, color=ink, linespacing=1.15)


def _excluded(axes: Axes, column: int, place: int, row: Mapping[str, Any]) -> None:
    axes.plot([column + 0.12] * 2, [place - 1 + BOX, place - 0.02], color=RULE, linewidth=2)
    reason = f" {row['reason']}" if row["reason"] else " excluded"
    words = "\n".join(wrap(f"\u2212 {number(row['excluded'])}{reason}", 24)[:2])
    middle = place - (1 - BOX) / 2
    axes.text(column + 0.16, middle, words, va="center", fontsize=9, color=QUIET, linespacing=1.1)
