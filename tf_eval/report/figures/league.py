"""The interventions of a site on one outcome: as estimated, less what is luck, and the ranks that each may have."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.release.shorthand import is_number
from tf_eval.report.figures.bands import label_ends
from tf_eval.report.figures.rows import LabelledRow, label_row, lay_rows
from tf_eval.report.style import BLUE, INK, ORANGE, QUIET, WIDTH, Drawing, bare, inches, render, text_width
from tf_eval.report.together import league_words, ranks_words
from tf_eval.report.words import short_effect, unit_words

MARGIN, ABOVE, BELOW = 0.1, 0.38, 0.52  # inches
SIZE = 10.5  # points
BAND = 0.3  # inches
APART = 0.07  # inches from the middle of a row to either interval


def draw_league(payload: Mapping[str, Any]) -> Drawing | None:
    """Return two intervals for each intervention; ``None`` where fewer than two have an estimate."""
    rows = [row for row in payload["rows"] if is_number(row["ci_low"])]
    if len(rows) < 2:
        return None
    laid = lay_rows([{**row, "label": row["intervention"]} for row in rows], room=_room, size=SIZE, band=BAND)
    axis = unit_words(payload["unit"]).axis
    shrunk = any(is_number(row["shrunk"]) for row in rows)
    luck = " Below it, less what is luck in so many." if shrunk else ""
    return Drawing(
        svg=render(_draw, (laid, payload["unit"], shrunk), height=laid[-1].bottom + ABOVE + BELOW),
        headline=league_words(payload),
        measure=f"Effect {'in' if axis == 'percentage points' else 'counted'} {axis}, with 95% intervals.{luck} "
        "At the right the places that each may have.",
        alt=_alt(rows, payload),
    )


def _alt(rows: Sequence[Mapping[str, Any]], payload: Mapping[str, Any]) -> str:
    parts = [
        f"{row['intervention']}: {short_effect(payload['unit'], row['effect'])}"
        + (f", may be number {ranks_words(row)}" if ranks_words(row) else "")
        for row in rows
    ]
    return f"{payload['label']}: {len(rows)} interventions. {'; '.join(parts)}."


def _room(row: Mapping[str, Any]) -> float:
    """The label ends before the ranks at the right of its line begin."""
    return WIDTH - 2 * MARGIN - text_width(ranks_words(row), SIZE, weight="bold") - 0.15


def _draw(figure: Figure, shown: tuple[Sequence[LabelledRow], str, bool]) -> None:
    rows, unit, shrunk = shown
    axes = inches(figure, left=MARGIN, right=MARGIN, top=ABOVE, bottom=BELOW)
    bare(axes)
    for row in rows:
        label_row(axes, row)
        _ranks(axes, row)
        axes.vlines(0, row.middle - BAND / 2, row.middle + BAND / 2, color=INK, linewidth=1, zorder=1)
        _interval(axes, row, ("effect", "ci_low", "ci_high"), row.middle - APART, hollow=shrunk)
        if is_number(row.facts["shrunk"]):
            _interval(axes, row, ("shrunk", "shrunk_low", "shrunk_high"), row.middle + APART, hollow=False)
    axes.set_ylim(rows[-1].bottom, 0)
    axes.set_yticks([])
    words = unit_words(unit)
    label_ends(axes, words.less, words.more)
    if shrunk:
        _key(axes)


def _ranks(axes: Axes, row: LabelledRow) -> None:
    place = {"transform": axes.get_yaxis_transform(), "va": "center", "ha": "right"}
    axes.text(1, row.first_line, ranks_words(row.facts), fontsize=SIZE, fontweight="bold", color=INK, **place)


def _interval(axes: Axes, row: LabelledRow, names: tuple[str, str, str], place: float, *, hollow: bool) -> None:
    value, low, high = (row.facts[name] for name in names)
    colour = ORANGE if hollow else BLUE
    axes.plot([low, high], [place, place], color=colour, linewidth=1.5 if hollow else 3)
    axes.plot(
        value,
        place,
        "D" if hollow else "o",
        color="white" if hollow else BLUE,
        markersize=6 if hollow else 8,
        markeredgecolor=ORANGE if hollow else "white",
        markeredgewidth=1.5,
    )


def _key(axes: Axes) -> None:
    told = (("\u25c7 as estimated", 0, "#A04000"), ("\u25cf less what is luck", 110, BLUE))
    for words, right, colour in told:
        place = {"xycoords": "axes fraction", "xytext": (right, 12), "textcoords": "offset points"}
        axes.annotate(words, (0, 1), color=colour, fontsize=10.5, annotation_clip=False, **place)
    place = {"xycoords": "axes fraction", "xytext": (0, 12), "textcoords": "offset points"}
    axes.annotate("place", (1, 1), color=QUIET, fontsize=10.5, ha="right", annotation_clip=False, **place)
