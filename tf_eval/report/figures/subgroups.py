"""One outcome by part: the effect in each as estimated by itself, and drawn to the mean of the parts."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.cohort.words import in_sentence, listed
from tf_eval.release.shorthand import is_number
from tf_eval.report.figures.bands import label_ends
from tf_eval.report.figures.rows import LabelledRow, label_row, lay_rows
from tf_eval.report.numerals import signed
from tf_eval.report.style import BLUE, GREY, INK, QUIET, RULE, WIDTH, Drawing, bare, inches, render, text_width
from tf_eval.report.words import capital, interval_words, short_effect, unit_words

MARGIN, BELOW = 0.1, 0.52  # inches
SIZE = 10.5  # points
BAND = 0.24  # inches
RULE_ROOM = 0.12  # inches between subgroups
APART = 0.06  # inches that what was estimated stands above what is left of it

Rows = Sequence[Mapping[str, Any]]


def draw_subgroups(rows: Rows) -> Drawing | None:
    """Return a row for each part of an outcome's subgroups; ``None`` where not even two parts have a number.

    Arguments: ``rows`` of the payload, all of one outcome.
    """
    kinds = [[_part(part, row) for part in row["parts"] if is_number(part["ci_low"])] for row in rows]
    parts = [part for kind in kinds for part in kind]
    if len(parts) < 2:
        return None
    laid = _lay([kind for kind in kinds if kind])
    unit = rows[0]["unit"]
    axis = unit_words(unit).axis
    return Drawing(
        svg=render(_draw, (laid, unit), height=laid[-1][-1].bottom + MARGIN + BELOW),
        headline=f"{rows[0]['label']}: {_found(rows)}",
        measure=f"Effect in each part {'in' if axis == 'percentage points' else 'counted'} {axis}, with 95% intervals. "
        f"Hollow: as estimated by itself.{_drawn_in(parts)}",
        alt=_alt(parts, rows),
    )


def _part(part: Mapping[str, Any], row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**part, "label": capital(part["part"]), "unit": row["unit"]}


def _lay(kinds: Sequence[Rows]) -> list[list[LabelledRow]]:
    """Lay the parts of each subgroup out below one another, with room for a rule between subgroups."""
    laid: list[list[LabelledRow]] = []
    for parts in kinds:
        top = laid[-1][-1].bottom + RULE_ROOM if laid else 0.0
        laid.append(lay_rows(parts, room=_room, size=SIZE, band=BAND, top=top))
    return laid


def _found(rows: Rows) -> str:
    differing, alike = ([_between(row) for row in rows if row["differs"] is differs] for differs in (True, False))
    if differing:
        return f"differs {listed(differing)}"
    return f"no difference beyond chance {', nor '.join(alike)}" if alike else "not compared by part"


def _between(row: Mapping[str, Any]) -> str:
    return f"between {row['subgroup']}" if row["others"] is None else f"between {row['subgroup']} and others"


def _drawn_in(parts: Rows) -> str:
    if not any(is_number(part["shrunk"]) for part in parts):
        return ""
    return (
        " Filled, and with its number: drawn to the mean of its kind, because what stands out among several is partly "
        "chance."
    )


def _alt(parts: Rows, rows: Rows) -> str:
    told = [
        f"{part['part']}: {short_effect(part['unit'], part['effect'])} "
        f"({interval_words(part['unit'], part['ci_low'], part['ci_high'])}){_drawn_to(part)}"
        for part in parts
    ]
    return f"Effect on {in_sentence(rows[0]['label'])} in {len(parts)} parts. {'; '.join(told)}."


def _drawn_to(part: Mapping[str, Any]) -> str:
    return f", drawn to the mean {short_effect(part['unit'], part['shrunk'])}" if is_number(part["shrunk"]) else ""


def _room(part: Mapping[str, Any]) -> float:
    """The label ends before the number at the right of its first line begins."""
    return WIDTH - 2 * MARGIN - text_width(_said(part), SIZE, weight="bold") - 0.15


def _said(part: Mapping[str, Any]) -> str:
    return signed(part["shrunk"] if is_number(part["shrunk"]) else part["effect"])


def _draw(figure: Figure, shown: tuple[Sequence[Sequence[LabelledRow]], str]) -> None:
    kinds, unit = shown
    rows = [row for kind in kinds for row in kind]
    axes = inches(figure, left=MARGIN, right=MARGIN, top=MARGIN, bottom=BELOW)
    bare(axes)
    for row in rows:
        label_row(axes, row)
        place = {"transform": axes.get_yaxis_transform(), "va": "center", "ha": "right"}
        axes.text(1, row.first_line, _said(row.facts), fontsize=SIZE, fontweight="bold", color=INK, **place)
        _marks(axes, row)
    for kind in kinds[1:]:
        axes.axhline(kind[0].top - RULE_ROOM / 2, color=RULE, linewidth=0.8)
    axes.set_ylim(rows[-1].bottom, 0)
    axes.set_yticks([])
    words = unit_words(unit)
    label_ends(axes, words.less, words.more)


def _marks(axes: Axes, row: LabelledRow) -> None:
    facts, has_shrunk = row.facts, is_number(row.facts["shrunk"])
    axes.vlines(0, row.middle - BAND / 2, row.middle + BAND / 2, color=INK, linewidth=1, zorder=1)
    top = row.middle - APART * has_shrunk
    axes.plot([facts["ci_low"], facts["ci_high"]], [top, top], color=GREY if has_shrunk else BLUE, linewidth=1.5)
    edge = QUIET if has_shrunk else BLUE
    axes.plot(facts["effect"], top, "o", color=edge, markerfacecolor="white", markersize=7, markeredgewidth=1.5)
    if has_shrunk:
        below = row.middle + APART
        axes.plot([facts["shrunk_low"], facts["shrunk_high"]], [below, below], color=BLUE, linewidth=3)
        axes.plot(facts["shrunk"], below, "o", color=BLUE, markersize=9, markeredgecolor="white")
