"""Who pays, who saves, and what is left for the purse and for all: step by step, from the top down."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.release.shorthand import is_number
from tf_eval.report.figures.rows import LabelledRow, label_row, lay_rows
from tf_eval.report.money import pounds, pounds_against, pounds_against_range, pounds_range
from tf_eval.report.style import BLUE, INK, ORANGE, QUIET, WIDTH, Drawing, bare, inches, render, text_width

MARGIN = 0.1  # inches
SIZE = 10.5  # points
BAND = 0.26  # inches
SCALE = 0.2  # inches below the last bar, for what its line is
PALE = 0.55  # so that an interval is seen on its bar

Rows = Sequence[Mapping[str, Any]]


def draw_waterfall(payload: Mapping[str, Any]) -> Drawing | None:
    """Return a bar for each agency and what is left; ranges alone where the verdict cannot tell; None where hidden."""
    rows = _rows(payload)
    if not all(is_number(row[end]) for row in rows for end in ("low", "high")):
        return None
    laid = lay_rows(rows, room=_room, size=SIZE, band=BAND, top=MARGIN)
    return Drawing(
        svg=render(_draw, laid, height=laid[-1].bottom + SCALE + MARGIN),
        headline=_headline(payload),
        measure=f"Pounds per family over {payload['months']} months, present value at {payload['prices_of']} prices. "
        "Lines: 95% intervals, of the effects alone.",
        alt=f"Who pays and who saves. {'; '.join(_told(row) for row in rows)}.",
    )


def _rows(payload: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what is paid, saved and left, each from where the one before it ended."""
    paid = [
        {"label": f"Paid by {row['agency']}", **dict.fromkeys(("mean", "low", "high"), -row["pays"])}
        for row in payload["agencies"]
        if row["pays"]
    ]
    saved = [{"label": _moved(row), **_ends(row)} for row in payload["agencies"] if (row["low"], row["high"]) != (0, 0)]
    level, rows = 0.0, []
    for row in (*paid, *saved):
        rows.append({**row, "start": 0.0 if payload["is_range"] else level})
        level += row["mean"] if is_number(row["mean"]) else 0.0
    purse = {"label": "Left for the public purse", **_ends(_purse(payload)), "start": 0.0}
    return [*rows, purse, {"label": "Left for everybody", **_ends(payload["left"]), "start": 0.0}]


def _moved(row: Mapping[str, Any]) -> str:
    """Return what an agency has of it: what is a loss as estimated is called none of its savings."""
    is_loss = is_number(row["mean"]) and row["mean"] < 0
    if row["is_public"]:
        return f"Costs {row['agency']} more" if is_loss else f"Saved by {row['agency']}"
    return f"{'Lost' if is_loss else 'Gained'} by {row['agency']}"


def _purse(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    return next(row for row in payload["measures"] if row["name"] == "net_fiscal")


def _ends(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("mean", "low", "high")}


def _headline(payload: Mapping[str, Any]) -> str:
    net = _purse(payload)
    if payload["is_range"]:
        told = f"what the public purse saves may lie anywhere {pounds_against_range(net)} than the support costs"
        return f"The evidence cannot tell: {told}"
    told = pounds_against(net["mean"], "the support costs")
    return f"The public purse saves {told}, or anything {pounds_against_range(net)}"


def _said(row: Mapping[str, Any]) -> str:
    if is_number(row["mean"]):
        return pounds(row["mean"])
    return pounds_range(row)


def _told(row: Mapping[str, Any]) -> str:
    interval = "" if row["low"] == row["high"] or not is_number(row["mean"]) else f" ({pounds_range(row)})"
    return f"{row['label']}: {_said(row)}{interval}"


def _room(row: Mapping[str, Any]) -> float:
    return WIDTH - 2 * MARGIN - text_width(_said(row), SIZE, weight="bold") - 0.15


def _draw(figure: Figure, rows: Sequence[LabelledRow]) -> None:
    axes = inches(figure, left=MARGIN, right=MARGIN, top=0.02, bottom=0.02)
    bare(axes)
    axes.set_axis_off()
    for row in rows:
        axes.vlines(0, row.middle - BAND / 2, row.middle + BAND / 2, color=INK, linewidth=1, zorder=1)
        label_row(axes, row)
        _value(axes, row)
        _bar(axes, row)
    axes.text(0, rows[-1].bottom + SCALE / 2, pounds(0), ha="center", va="center", fontsize=SIZE, color=QUIET)
    axes.use_sticky_edges = False  # bars that end at nought would put its line on the edge
    axes.margins(x=0.04)
    axes.set_ylim(rows[-1].bottom + SCALE, 0)


def _value(axes: Axes, row: LabelledRow) -> None:
    place = {"transform": axes.get_yaxis_transform(), "va": "center", "ha": "right"}
    axes.text(1, row.first_line, _said(row.facts), fontsize=SIZE, fontweight="bold", color=INK, **place)


def _bar(axes: Axes, row: LabelledRow) -> None:
    facts, start = row.facts, row.facts["start"]
    if is_number(facts["mean"]):
        colour = BLUE if facts["mean"] >= 0 else ORANGE
        axes.barh(row.middle, facts["mean"], left=start, height=BAND * 0.8, color=colour, alpha=PALE, linewidth=0)
        axes.plot([start, start], [row.middle - BAND / 2, row.middle + BAND / 2], color=QUIET, linewidth=0.8)
    if facts["low"] < facts["high"]:
        ends = [start + facts["low"], start + facts["high"]]
        colour, width = (INK, 1.6) if is_number(facts["mean"]) else (BLUE, 4)
        axes.plot(ends, [row.middle, row.middle], color=colour, linewidth=width)
