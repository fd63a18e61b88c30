"""The same effect by several ways of estimating it, the planned one first."""

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.cohort.words import in_sentence
from tf_eval.release.shorthand import is_number
from tf_eval.report.figures.bands import label_ends
from tf_eval.report.figures.rows import LabelledRow, label_row, lay_rows
from tf_eval.report.numerals import confidence
from tf_eval.report.style import BLUE, GREY, INK, WIDTH, Drawing, bare, inches, render
from tf_eval.report.words import interval_words, short_effect, unit_words

MARGIN, BELOW = 0.1, 0.52  # inches
SIZE = 10.5  # points
BAND = 0.24  # inches


def draw_ways(payload: Mapping[str, Any]) -> Drawing | None:
    """Return a dot with its interval for each way; ``None`` where not even two have one."""
    rows = [row for row in payload["rows"] if is_number(row["ci_low"])]
    if len(rows) < 2:
        return None
    named = [{**row, "label": f"{row['way'].capitalize()}: right if {row['assumes']}"} for row in rows]
    laid = lay_rows(named, room=lambda row: WIDTH - 2 * MARGIN, size=SIZE, band=BAND)
    axis = unit_words(payload["unit"]).axis
    return Drawing(
        svg=render(_draw, (laid, payload["unit"]), height=laid[-1].bottom + MARGIN + BELOW),
        headline=f"{payload['label']}: {_found(payload['agree'], len(rows))}",
        measure=f"Effect {'in' if axis == 'percentage points' else 'counted'} {axis}, with 95% intervals. "
        f"Whether ways differ is judged by {confidence(payload['level'])} intervals of their distances, which the "
        "table has: they are wider because several such tests are made.",
        alt=_alt(rows, payload),
    )


def _found(agree: bool | None, many: int) -> str:
    if agree is None:  # of a way that is hidden nothing is told
        return f"the effect in {many} ways"
    return f"the ways differ by {'no more' if agree else 'more'} than chance would make them"


def _alt(rows: list[Mapping[str, Any]], payload: Mapping[str, Any]) -> str:
    unit = payload["unit"]
    parts = [
        f"{row['way']}: {short_effect(unit, row['effect'])} ({interval_words(unit, row['ci_low'], row['ci_high'])})"
        for row in rows
    ]
    return f"Effect on {in_sentence(payload['label'])} in {len(rows)} ways. {'; '.join(parts)}."


def _draw(figure: Figure, shown: tuple[list[LabelledRow], str]) -> None:
    rows, unit = shown
    axes = inches(figure, left=MARGIN, right=MARGIN, top=MARGIN, bottom=BELOW)
    bare(axes)
    for place, row in enumerate(rows):
        label_row(axes, row)
        _interval(axes, row, is_planned=place == 0)
    axes.set_ylim(rows[-1].bottom, 0)
    axes.set_yticks([])
    words = unit_words(unit)
    label_ends(axes, words.less, words.more)


def _interval(axes: Axes, row: LabelledRow, *, is_planned: bool) -> None:
    facts, place = row.facts, row.middle
    axes.vlines(0, place - BAND / 2, place + BAND / 2, color=INK, linewidth=1, zorder=1)
    axes.plot([facts["ci_low"], facts["ci_high"]], [place, place], color=BLUE if is_planned else GREY, linewidth=3)
    axes.plot(facts["effect"], place, "o", color=BLUE, markersize=9, markeredgecolor="white")
