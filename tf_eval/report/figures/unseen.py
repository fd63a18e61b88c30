"""How long a gap in each kind of records has to last to be noticed: in the whole county, and in a single district."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from tf_eval.report.figures.rows import LabelledRow, label_row, lay_rows
from tf_eval.report.problem_power import TERMLY, gap_words, released_power, thin_kinds
from tf_eval.report.problem_words import kind_words
from tf_eval.report.style import BLUE, GREY, INK, POINTS, WIDTH, Drawing, bare, inches, render, text_width

MARGIN, GAP = 0.1, 0.1  # inches
SIZE = 10.5  # points
BAND, THICK = 0.2, 0.14  # inches
MOST_SHOWN = 10  # kinds, those least seen; the table has all
BEYOND = 1.15  # times the longest gap that is ever noticed: how far a bar goes where none is


def draw_unseen(payload: Mapping[str, Any]) -> Drawing | None:
    """Return a bar for each kind of which a single missing month may not be seen; ``None`` where there is none.

    Attendance is counted by term, and so in the headline alone.
    """
    thin = thin_kinds(released_power(payload["rows"]))
    rows = [_row(places) for places in thin if not (places.table_name == TERMLY).any()][:MOST_SHOWN]
    if not rows:
        return None
    laid = lay_rows(rows, room=lambda row: WIDTH - 2 * MARGIN, size=SIZE, band=BAND)
    return Drawing(
        svg=render(_draw, laid, height=laid[-1].bottom),
        headline=f"{len(thin)} kind{'s' * (len(thin) > 1)} of records could miss a month somewhere unnoticed",
        measure=_measure(rows, len(thin)),
        alt=f"Bars of months. {'; '.join(row['label'] + ': ' + row['said'] for row in rows)}.",
    )


def _measure(rows: Sequence[Mapping[str, Any]], kinds: int) -> str:
    never = any(row["never"] for row in rows)
    return (
        "Months in a row that have to be missing before it is noticed: dark in the whole county, grey in the "
        "district in which it takes longest."
        + " Never: not even two years in a row would be noticed; such a bar goes to the end." * never
        + f" The {len(rows)} least seen are shown." * (len(rows) < kinds)
    )


def _row(places: pd.DataFrame) -> dict[str, Any]:
    """Return what is drawn of a kind; where a gap is never noticed its length is missing."""
    gaps = places.gap_periods.astype(float)
    county, most = gaps[places.district.isna()].max(), gaps.max(skipna=False)
    ((table, kind),) = set(zip(places.table_name, places.kind, strict=True))
    return {
        "label": kind_words(table, kind),
        "county": county,
        "most": most,
        "never": pd.isna(most),
        "said": gap_words([county, most] if len(places) > 1 else [county], "month"),
    }


def _draw(figure: Figure, rows: Sequence[LabelledRow]) -> None:
    right = MARGIN + GAP + max(text_width(row.facts["said"], SIZE) for row in rows)
    axes = inches(figure, left=MARGIN, right=right, top=0, bottom=0)
    bare(axes)
    axes.set_axis_off()
    lengths = [row.facts[name] for row in rows for name in ("county", "most")]
    longest = pd.Series(lengths).max()
    end = 1 if pd.isna(longest) else longest * (BEYOND if any(row.facts["never"] for row in rows) else 1)
    axes.set_xlim(0, end)
    axes.set_ylim(rows[-1].bottom, 0)
    for row in rows:
        label_row(axes, row)
        most, county = (end if pd.isna(row.facts[name]) else row.facts[name] for name in ("most", "county"))
        axes.barh(row.middle, most, height=THICK, color=GREY)
        axes.barh(row.middle, county, height=THICK, color=BLUE)
        place = {"xy": (most, row.middle), "xytext": (GAP * POINTS, 0), "textcoords": "offset points"}
        axes.annotate(row.facts["said"], va="center", fontsize=SIZE, color=INK, annotation_clip=False, **place)
