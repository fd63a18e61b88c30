"""Effects in multiples of the smallest one worth having, so that outcomes of different units stand side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from tf_eval.cohort.words import in_sentence, listed
from tf_eval.release.shorthand import is_number
from tf_eval.report.figures.rows import LabelledRow
from tf_eval.report.style import BLUE, INK, QUIET, WIDTH, stacked, text_width
from tf_eval.report.unjudged import UNJUDGED, is_unjudged
from tf_eval.report.words import short_effect

LIMIT = 4.0  # multiples: beyond this an interval is drawn to the edge with an arrow
MARGIN, BELOW = 0.1, 0.5  # inches
SIZE = 10.5  # points
BAND = 0.28  # inches

Rows = Sequence[Mapping[str, Any]]

_FOUND = {
    "works": "better:",
    "promising": "promising:",
    "may do harm": "perhaps worse:",
    "no effect worth having": "too little to matter:",
    UNJUDGED: f"{UNJUDGED}:",
}


@dataclass(frozen=True)
class Sense:
    """Which way the axis runs: the side (-1 or 1) on which a change is the wanted one, and the names of its ends.

    Outcomes that are to rise are turned round (``turned``) only beside others that are to fall.
    """

    wanted: int
    ends: tuple[str, str]
    turned: bool = False


def sense_of(rows: Rows) -> Sense:
    """Return which way an axis of these outcomes runs."""
    directions = {row["good_direction"] for row in rows}
    if len(directions) > 1:
        return Sense(-1, ("as wanted", "not as wanted"), turned=True)
    return Sense(1 if directions == {"rise"} else -1, ("lower", "higher"))


def turned(row: Mapping[str, Any], sense: Sense) -> Mapping[str, Any]:
    """Return a row as it stands on such an axis."""
    if not sense.turned or row["good_direction"] == "fall":
        return row
    return {
        **row,
        "worth_effect": -row["worth_effect"],
        "worth_low": -row["worth_high"],
        "worth_high": -row["worth_low"],
    }


def can_be_drawn(row: Mapping[str, Any]) -> bool:
    """Return whether a row has its effect and both ends of its interval."""
    return all(is_number(row[f"worth_{name}"]) for name in ("effect", "low", "high"))


def found_words(rows: Rows, what: str) -> str:
    """Return which of the rows, by their labels, have a finding or changed without one.

    ``what`` they are called where some are not settled.
    The verdicts allow for how many outcomes are looked at; what the eye makes of the intervals does not.
    """
    labels: dict[str, list[str]] = {}
    for row in rows:
        found = UNJUDGED if is_unjudged(row) else row["verdict"]
        labels.setdefault(found, []).append(in_sentence(row["label"]))
    parts = [f"{words} {listed(labels[verdict])}" for verdict, words in _FOUND.items() if verdict in labels]
    open_still = len(labels.get("cannot tell", ()))
    if open_still:
        parts.append(f"{open_still} of {len(rows)} {what} not settled")
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]


def room(row: Mapping[str, Any]) -> float:
    """Return how wide a row's label may be: it ends before the number at the right of its first line begins."""
    return WIDTH - 2 * MARGIN - text_width(said(row), SIZE, weight="bold") - 0.15


def said(row: Mapping[str, Any]) -> str:
    """Return the number at the right of a row."""
    return short_effect(row["unit"], row["effect"])


def draw_value(axes: Axes, row: LabelledRow) -> None:
    """Write a row's number at the right of its label."""
    place = {"transform": axes.get_yaxis_transform(), "va": "center", "ha": "right"}
    axes.text(1, row.first_line, said(row.facts), fontsize=SIZE, fontweight="bold", color=INK, **place)


def draw_worth(axes: Axes, row: LabelledRow, *, filled: bool = True) -> None:
    """Draw a row's interval and, filled or hollow, its effect."""
    facts, place = row.facts, row.middle
    ends = [min(max(facts[name], -LIMIT), LIMIT) for name in ("worth_low", "worth_high")]
    axes.plot(ends, [place, place], color=BLUE, linewidth=3 if filled else 1.5)
    for end, limit, marker in ((facts["worth_low"], -LIMIT, "<"), (facts["worth_high"], LIMIT, ">")):
        if abs(end) > LIMIT and end * limit > 0:
            axes.plot(limit, place, marker, color=BLUE, markersize=8, clip_on=False)
    if abs(facts["worth_effect"]) <= LIMIT:
        draw_dot(axes, facts["worth_effect"], place, filled=filled)


def draw_dot(axes: Axes, effect: float, place: float, *, filled: bool) -> None:
    """Draw an effect as a dot: filled with a white rim, or hollow."""
    if filled:
        axes.plot(effect, place, "o", color=BLUE, markersize=9, markeredgecolor="white")
    else:
        axes.plot(effect, place, "o", color=BLUE, markerfacecolor="white", markersize=8, markeredgewidth=1.5)


def draw_scale(axes: Axes, sense: Sense, bottom: float) -> None:
    """Name the places of the axis that matter, and its ends; ``bottom`` is where the last row ends, in inches."""
    axes.set_xlim(-LIMIT, LIMIT)
    axes.set_ylim(bottom, 0)
    axes.set_yticks([])
    axes.set_xticks([-1, 0, 1], ["", "", ""])
    for place, lines in ((sense.wanted, ("worth", "having")), (0, ("0",)), (-sense.wanted, ("as much", "worse"))):
        anchor = {"xy": (place, 0), "xycoords": axes.get_xaxis_transform(), "ha": "center", "color": INK}
        stacked(axes, lines, anchor, size=10, top=-13)
    below = {"xycoords": "axes fraction", "textcoords": "offset points", "color": QUIET, "va": "top"}
    left, right = sense.ends
    axes.annotate(f"\u2190 {left}", (0, 0), xytext=(0, -8), **below)
    axes.annotate(f"{right} \u2192", (1, 0), xytext=(0, -8), ha="right", **below)
