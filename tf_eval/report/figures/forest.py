"""All outcomes of one intervention side by side, each in multiples of its own smallest worthwhile effect."""

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.release.shorthand import is_number
from tf_eval.report.style import BLUE, INK, PALE, QUIET, Drawing, bare, inches, render, stacked
from tf_eval.report.words import in_sentence, short_effect, verdict_words

LIMIT = 4.0  # multiples: beyond this an interval is drawn to the edge with an arrow
ROW_HEIGHT = 0.62


def draw_forest(payload: Mapping[str, Any]) -> Drawing | None:
    """Return a dot with its interval for each outcome; ``None`` where no outcome can be drawn."""
    rows = [
        row for row in payload["rows"] if all(is_number(row[f"worth_{name}"]) for name in ("effect", "low", "high"))
    ]
    if not rows:
        return None
    return Drawing(
        svg=render(_draw, rows, height=0.6 + ROW_HEIGHT * len(rows)),
        headline=_headline(rows),
        measure="Effect with 95% interval on each outcome. The shaded band is too small to matter: its edges are the "
        "smallest effect worth having.",
        alt=_alt(rows),
    )


def _headline(rows: list[Mapping[str, Any]]) -> str:
    better = [in_sentence(row["label"]) for row in rows if row["worth_high"] < 0]
    worse = [in_sentence(row["label"]) for row in rows if row["worth_low"] > 0]
    parts = [f"{_listed(labels)} clearly {way}" for labels, way in ((better, "lower"), (worse, "higher")) if labels]
    text = "; ".join(parts) or "no outcome clearly changed"
    return text[:1].upper() + text[1:]


def _listed(labels: list[str]) -> str:
    if len(labels) > 2:
        return f"{len(labels)} outcomes"
    return " and ".join(labels)


def _alt(rows: list[Mapping[str, Any]]) -> str:
    parts = [
        f"{row['label']}: {short_effect(row['unit'], row['effect'])}, {verdict_words(row['verdict']).name.lower()}"
        for row in rows
    ]
    return f"Effects on {len(rows)} outcomes. {'; '.join(parts)}."


def _draw(figure: Figure, rows: list[Mapping[str, Any]]) -> None:
    axes = inches(figure, left=0.1, right=0.1, top=0.05, bottom=0.5)
    bare(axes)
    for place, row in enumerate(rows):
        _row(axes, place, row)
    axes.set_xlim(-LIMIT, LIMIT)
    axes.set_ylim(len(rows) - 0.5, -0.75)
    axes.set_yticks([])
    axes.set_xticks([-1, 0, 1], ["", "", ""])
    for place, lines in ((-1, ("worth", "having")), (0, ("0",)), (1, ("as much", "worse"))):
        anchor = {"xy": (place, 0), "xycoords": axes.get_xaxis_transform(), "ha": "center", "color": INK}
        stacked(axes, lines, anchor, size=10, top=-13)
    below = {"xycoords": "axes fraction", "textcoords": "offset points", "color": QUIET, "va": "top"}
    axes.annotate("\u2190 lower", (0, 0), xytext=(0, -8), **below)
    axes.annotate("higher \u2192", (1, 0), xytext=(0, -8), ha="right", **below)


def _row(axes: Axes, place: int, row: Mapping[str, Any]) -> None:
    axes.fill_between([-1, 1], place - 0.14, place + 0.3, color=PALE, zorder=0, linewidth=0)
    axes.vlines(0, place - 0.14, place + 0.3, color=INK, linewidth=1, zorder=1)
    ends = [min(max(row[name], -LIMIT), LIMIT) for name in ("worth_low", "worth_high")]
    axes.plot(ends, [place, place], color=BLUE, linewidth=3)
    for end, limit, marker in ((row["worth_low"], -LIMIT, "<"), (row["worth_high"], LIMIT, ">")):
        if abs(end) > LIMIT and end * limit > 0:
            axes.plot(limit, place, marker, color=BLUE, markersize=8, clip_on=False)
    if abs(row["worth_effect"]) <= LIMIT:
        axes.plot(row["worth_effect"], place, "o", color=BLUE, markersize=9, markeredgecolor="white")
    axes.text(-LIMIT, place - 0.33, row["label"], va="center", color=INK)
    said = short_effect(row["unit"], row["effect"])
    axes.text(LIMIT, place - 0.33, said, va="center", ha="right", color=INK, fontweight="bold")
