"""How long a gap in each kind of records has to last to be noticed: in the whole county, and in a single district."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from tf_eval.release.shorthand import is_number
from tf_eval.report.figures.rows import LabelledRow, label_row, lay_rows
from tf_eval.report.problem_words import kind_words
from tf_eval.report.style import BLUE, GREY, INK, POINTS, WIDTH, Drawing, bare, inches, render, text_width

MARGIN, GAP = 0.1, 0.1  # inches
SIZE = 10.5  # points
BAND, THICK = 0.2, 0.14  # inches
MOST_SHOWN = 10  # kinds, those least seen; the table has all
NEVER = "or never"


def draw_unseen(payload: Mapping[str, Any]) -> Drawing | None:
    """Return a bar for each kind of which a single missing month may not be seen; ``None`` where there is none."""
    found = _rows(payload["rows"])
    rows = sorted(found, key=lambda row: (not row["never"], -row["most"]))[:MOST_SHOWN]
    if not rows:
        return None
    laid = lay_rows(rows, room=lambda row: WIDTH - 2 * MARGIN, size=SIZE, band=BAND)
    few = f" The {MOST_SHOWN} least seen are shown." if len(found) > MOST_SHOWN else ""
    return Drawing(
        svg=render(_draw, laid, height=laid[-1].bottom),
        headline=f"{len(found)} kind{'s' * (len(found) > 1)} of records could miss a month somewhere unnoticed",
        measure="Months in a row that have to be missing before it is noticed: dark in the whole county, grey in the "
        f"district in which it takes longest.{few}",
        alt=f"Bars of months. {'; '.join(row['label'] + ': ' + _said(row) for row in rows)}.",
    )


def _rows(power: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the kinds that are counted by month of which one missing month may not be seen everywhere."""
    kinds = dict.fromkeys((row["agency"], row["table_name"], row["kind"]) for row in power if row["kind"])
    every = [_row(kind, [row for row in power if _kind(row) == kind]) for kind in kinds]
    return [row for row in every if row["never"] or row["most"] > 1]


def _kind(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["agency"], row["table_name"], row["kind"]


def _row(kind: tuple[str, str, str], places: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    known = [place["gap_periods"] for place in places if is_number(place["gap_periods"])]
    (county,) = (place["gap_periods"] for place in places if place["district"] is None)
    never = len(known) < len(places)
    return {"label": kind_words(*kind[1:]), "county": county, "most": max(known, default=0), "never": never}


def _said(row: Mapping[str, Any]) -> str:
    if not row["most"]:
        return "never"
    months = f"{row['most']} month{'s' * (row['most'] > 1)}"
    least = f"{row['county']} to " if is_number(row["county"]) and row["county"] < row["most"] else ""
    return f"{least}{months}{f' {NEVER}' * row['never']}"


def _draw(figure: Figure, rows: Sequence[LabelledRow]) -> None:
    right = MARGIN + GAP + max(text_width(_said(row.facts), SIZE) for row in rows)
    axes = inches(figure, left=MARGIN, right=right, top=0, bottom=0)
    bare(axes)
    axes.set_axis_off()
    axes.set_xlim(0, max(row.facts["most"] for row in rows) or 1)
    axes.set_ylim(rows[-1].bottom, 0)
    for row in rows:
        label_row(axes, row)
        axes.barh(row.middle, row.facts["most"], height=THICK, color=GREY)
        axes.barh(row.middle, row.facts["county"] or 0, height=THICK, color=BLUE)
        place = {"xy": (row.facts["most"], row.middle), "xytext": (GAP * POINTS, 0), "textcoords": "offset points"}
        axes.annotate(_said(row.facts), va="center", fontsize=SIZE, color=INK, annotation_clip=False, **place)
