"""All outcomes of one intervention side by side, each in multiples of its own smallest worthwhile effect."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.cohort.words import in_sentence, listed
from tf_eval.release.shorthand import is_number
from tf_eval.report.figures.rows import LabelledRow, label_row, lay_rows, shade_row
from tf_eval.report.style import BLUE, INK, QUIET, WIDTH, Drawing, bare, inches, render, stacked, text_width
from tf_eval.report.words import outcome_name, short_effect, verdict_words

LIMIT = 4.0  # multiples: beyond this an interval is drawn to the edge with an arrow
MARGIN, BELOW = 0.1, 0.5  # inches
SIZE = 10.5  # points
BAND = 0.28  # inches

Rows = Sequence[Mapping[str, Any]]


def draw_forest(payload: Mapping[str, Any]) -> Drawing | None:
    """Return a dot with its interval for each outcome; ``None`` where no outcome can be drawn."""
    rows = [
        {**row, "label": outcome_name(row)}
        for row in payload["rows"]
        if all(is_number(row[f"worth_{name}"]) for name in ("effect", "low", "high"))
    ]
    if not rows:
        return None
    sense = sense_of(rows)
    laid = lay_rows([turned(row, sense) for row in rows], room=_room, size=SIZE, band=BAND)
    return Drawing(
        svg=render(_draw, (laid, sense), height=laid[-1].bottom + MARGIN + BELOW),
        headline=_headline(rows),
        measure="Effect with 95% interval on each outcome. The shaded band is too small to matter: its edges are the "
        "smallest effect worth having.",
        alt=_alt(rows),
    )


@dataclass(frozen=True)
class Sense:
    """Which way the axis runs: the side (-1 or 1) on which a change is the wanted one, and the names of its ends.

    Outcomes that are to rise are turned round (``turned``) only beside others that are to fall.
    """

    wanted: int
    ends: tuple[str, str]
    turned: bool = False


def sense_of(rows: Rows) -> Sense:
    """Return which way the axis of these outcomes runs."""
    directions = {row["good_direction"] for row in rows}
    if len(directions) > 1:
        return Sense(-1, ("as wanted", "not as wanted"), turned=True)
    return Sense(1 if directions == {"rise"} else -1, ("lower", "higher"))


def turned(row: Mapping[str, Any], sense: Sense) -> Mapping[str, Any]:
    """Return the row as it is drawn on such an axis."""
    if not sense.turned or row["good_direction"] == "fall":
        return row
    return {
        **row,
        "worth_effect": -row["worth_effect"],
        "worth_low": -row["worth_high"],
        "worth_high": -row["worth_low"],
    }


def _headline(rows: Rows) -> str:
    """The verdicts allow for how many outcomes are looked at; what the eye makes of the intervals does not."""
    labels: dict[str, list[str]] = {}
    for row in rows:
        labels.setdefault(row["verdict"], []).append(in_sentence(row["label"]))
    parts = [f"{words} {listed(labels[verdict])}" for verdict, words in _FOUND.items() if verdict in labels]
    open_still = len(labels.get("cannot tell", ()))
    if open_still:
        parts.append(f"{open_still} of {len(rows)} outcomes not settled")
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]


_FOUND = {
    "works": "better:",
    "promising": "promising:",
    "may do harm": "perhaps worse:",
    "no effect worth having": "too little to matter:",
}


def _alt(rows: Rows) -> str:
    parts = [
        f"{row['label']}: {short_effect(row['unit'], row['effect'])}, {verdict_words(row['verdict']).name.lower()}"
        for row in rows
    ]
    return f"Effects on {len(rows)} outcomes. {'; '.join(parts)}."


def _room(row: Mapping[str, Any]) -> float:
    """The label ends before the number at the right of its first line begins."""
    return WIDTH - 2 * MARGIN - text_width(_said(row), SIZE, weight="bold") - 0.15


def _said(row: Mapping[str, Any]) -> str:
    return short_effect(row["unit"], row["effect"])


def _draw(figure: Figure, shown: tuple[Sequence[LabelledRow], Sense]) -> None:
    rows, sense = shown
    axes = inches(figure, left=MARGIN, right=MARGIN, top=MARGIN, bottom=BELOW)
    bare(axes)
    for row in rows:
        label_row(axes, row)
        _value(axes, row)
        shade_row(axes, row, 1)
        draw_interval(axes, row.facts, row.middle)
    axes.set_xlim(-LIMIT, LIMIT)
    axes.set_ylim(rows[-1].bottom, 0)
    axes.set_yticks([])
    axes.set_xticks([-1, 0, 1], ["", "", ""])
    draw_scale(axes, sense)


def draw_scale(axes: Axes, sense: Sense) -> None:
    """Name the places and the ends of the axis below it."""
    for place, lines in ((sense.wanted, ("worth", "having")), (0, ("0",)), (-sense.wanted, ("as much", "worse"))):
        anchor = {"xy": (place, 0), "xycoords": axes.get_xaxis_transform(), "ha": "center", "color": INK}
        stacked(axes, lines, anchor, size=10, top=-13)
    below = {"xycoords": "axes fraction", "textcoords": "offset points", "color": QUIET, "va": "top"}
    left, right = sense.ends
    axes.annotate(f"\u2190 {left}", (0, 0), xytext=(0, -8), **below)
    axes.annotate(f"{right} \u2192", (1, 0), xytext=(0, -8), ha="right", **below)


def _value(axes: Axes, row: LabelledRow) -> None:
    place = {"transform": axes.get_yaxis_transform(), "va": "center", "ha": "right"}
    axes.text(1, row.first_line, _said(row.facts), fontsize=SIZE, fontweight="bold", color=INK, **place)


def draw_interval(axes: Axes, facts: Mapping[str, Any], place: float, *, color: str = BLUE) -> None:
    """Draw an effect with its interval; what lies beyond ``LIMIT`` is an arrow at the edge."""
    ends = [min(max(facts[name], -LIMIT), LIMIT) for name in ("worth_low", "worth_high")]
    axes.plot(ends, [place, place], color=color, linewidth=3)
    for end, limit, marker in ((facts["worth_low"], -LIMIT, "<"), (facts["worth_high"], LIMIT, ">")):
        if abs(end) > LIMIT and end * limit > 0:
            axes.plot(limit, place, marker, color=color, markersize=8, clip_on=False)
    if abs(facts["worth_effect"]) <= LIMIT:
        axes.plot(facts["worth_effect"], place, "o", color=color, markersize=9, markeredgecolor="white")
