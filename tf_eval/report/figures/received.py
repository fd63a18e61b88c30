"""For which months each agency sent records: a line through the county's time for each of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from tf_eval.report.figures.rows import LabelledRow, label_row, lay_rows
from tf_eval.report.problem_words import agency_words, records_words
from tf_eval.report.style import BLUE, GREY, INK, WIDTH, Drawing, bare, inches, render

MARGIN, FOOT = 0.05, 0.28  # inches
SIZE, SMALL = 10.5, 9.5  # points
BAND, THICK = 0.16, 0.13  # inches


def draw_received(payload: Mapping[str, Any]) -> Drawing | None:
    """Return a line for each agency and time that its records cover; ``None`` where none says what it covers."""
    rows = [{**row, "label": named(row, payload)} for row in payload["covered"]]
    if not rows:
        return None
    laid = lay_rows(rows, room=lambda row: WIDTH - 2 * MARGIN, size=SIZE, band=BAND)
    return Drawing(
        svg=render(_draw, (laid, payload), height=laid[-1].bottom + FOOT),
        headline=_headline(rows, payload),
        measure="Dark: months that the agency's records cover, as it says. Grey: months that they do not.",
        alt=f"Lines of months. {'; '.join(_told(row) for row in rows)}.",
    )


def named(row: Mapping[str, Any], payload: Mapping[str, Any]) -> str:
    """Return an agency's name, with its kinds of records where these do not all cover the same time."""
    name = agency_words(row["agency"])
    several = sum(other["agency"] == row["agency"] for other in payload["covered"]) > 1
    return f"{name}: {records_words(row['kinds'])}" if several else name


def _headline(rows: Sequence[Mapping[str, Any]], payload: Mapping[str, Any]) -> str:
    agencies = dict.fromkeys(row["agency"] for row in rows)
    partly = {row["agency"] for row in rows if row["end"] - row["start"] < payload["months"]}
    whole = len(agencies) - len(partly)
    who = f"all {whole} agencies" if not partly else f"{whole} of {len(agencies)} agencies"
    return f"Records of {who} cover every month, {payload['first']} to {payload['last']}"


def _told(row: Mapping[str, Any]) -> str:
    return f"{row['label']}: {row['first']} to {row['last']}"


def _draw(figure: Figure, shown: tuple[Sequence[LabelledRow], Mapping[str, Any]]) -> None:
    rows, payload = shown
    axes = inches(figure, left=MARGIN, right=MARGIN, top=0, bottom=0)
    bare(axes)
    axes.set_axis_off()
    axes.set_xlim(0, payload["months"])
    axes.set_ylim(rows[-1].bottom + FOOT, 0)
    for row in rows:
        label_row(axes, row)
        axes.barh(row.middle, payload["months"], height=THICK, color=GREY)
        axes.barh(row.middle, row.facts["end"] - row.facts["start"], left=row.facts["start"], height=THICK, color=BLUE)
    for month, side in ((payload["first"], "left"), (payload["last"], "right")):
        place = 0 if side == "left" else payload["months"]
        axes.text(place, rows[-1].bottom + 0.1, month, ha=side, va="center", color=INK, fontsize=SMALL)
