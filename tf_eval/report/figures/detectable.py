"""What a study could have found: each outcome in multiples of its own smallest change worth having."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.cohort.words import in_sentence
from tf_eval.release.shorthand import is_number
from tf_eval.report.detectable import how_often, of_the_plan
from tf_eval.report.figures.rows import LabelledRow, label_row, lay_rows
from tf_eval.report.numerals import number
from tf_eval.report.style import BLUE, GREY, INK, QUIET, WIDTH, Drawing, bare, inches, render, text_width

EDGE = 6.0  # multiples: the axis goes no further
MARGIN, ABOVE, BELOW = 0.1, 0.3, 0.55  # inches
SIZE, SMALL = 10.5, 9.5  # points
BAND = 0.24  # inches

Rows = Sequence[Mapping[str, Any]]


def draw_detectable(payload: Mapping[str, Any]) -> Drawing | None:
    """Return a bar for each outcome; ``None`` where none may be shown."""
    rows = [row for row in of_the_plan(payload) if is_number(row["worth"])]
    if not rows:
        return None
    laid = lay_rows(rows, room=_room, size=SIZE, band=BAND)
    return Drawing(
        svg=render(_draw, laid, height=laid[-1].bottom + ABOVE + BELOW),
        headline=_headline(rows),
        measure=f"Changes in multiples of the smallest worth having. Those in the blue part a study of this size shows "
        f"{how_often(payload['power'])} over months {payload['follow_up']}.",
        alt=_alt(rows),
    )


def _headline(rows: Rows) -> str:
    enough = sum(row["large_enough"] for row in rows)
    return f"Large enough to find a change worth having in {enough} of {len(rows)} outcomes"


def _alt(rows: Rows) -> str:
    parts = [
        f"{in_sentence(row['label'])}: {_said(row)}, worth having from {number(row['smallest_worthwhile'])}"
        for row in rows
    ]
    return f"For each outcome, from which change on it is found. {'; '.join(parts)}."


def _said(row: Mapping[str, Any]) -> str:
    return f"found from {number(row['smallest_detectable'])}"


def _room(row: Mapping[str, Any]) -> float:
    """The label ends before the words at the right of its first line begin."""
    return WIDTH - 2 * MARGIN - text_width(_said(row), SIZE, weight="bold") - 0.15


def _draw(figure: Figure, rows: Sequence[LabelledRow]) -> None:
    axes = inches(figure, left=MARGIN, right=MARGIN, top=ABOVE, bottom=BELOW)
    bare(axes)
    edge = min(max(1.6, *(1.15 * row.facts["worth"] for row in rows)), EDGE)
    for row in rows:
        label_row(axes, row)
        place = {"transform": axes.get_yaxis_transform(), "va": "center", "ha": "right"}
        axes.text(1, row.first_line, _said(row.facts), fontsize=SIZE, fontweight="bold", color=INK, **place)
        _bar(axes, row, edge)
    axes.set_xlim(0, edge)
    axes.set_ylim(rows[-1].bottom, 0)
    axes.set_yticks([])
    axes.set_xticks(range(int(edge) + 1))
    axes.set_xlabel("times the smallest change worth having", color=QUIET)
    _key(axes)


def _bar(axes: Axes, row: LabelledRow, edge: float) -> None:
    """The line at 1 bears the smallest change worth having in the outcome's own unit."""
    found = min(row.facts["worth"], edge)
    top, bottom = row.middle - BAND / 2, row.middle + BAND / 2
    axes.fill_between([0, found], top, bottom, color=GREY, linewidth=0, zorder=1)
    axes.fill_between([found, edge], top, bottom, color=BLUE, linewidth=0, zorder=1)
    # Where the bar is of one colour all the way.
    colour, side, away = ("white", "left", 4) if found < 1 else (INK, "right", -4)
    axes.vlines(1, top, bottom, color=colour, linewidth=2, zorder=2)
    axes.annotate(
        number(row.facts["smallest_worthwhile"]),
        (1, row.middle),
        xytext=(away, 0),
        textcoords="offset points",
        va="center",
        ha=side,
        fontsize=SMALL,
        color=colour,
    )


def _key(axes: Axes) -> None:
    told = (("can be missed", 0, "left", QUIET), ("| worth having", 0.5, "center", INK), ("found", 1, "right", BLUE))
    for words, place, side, colour in told:
        at = {"xycoords": "axes fraction", "xytext": (0, 9), "textcoords": "offset points", "ha": side}
        axes.annotate(words, (place, 1), color=colour, fontsize=SIZE, fontweight="bold", annotation_clip=False, **at)
