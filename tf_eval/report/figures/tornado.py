"""Which assumption moves what is left for the purse most: the largest on top."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from tf_eval.cohort.words import in_sentence
from tf_eval.release.shorthand import is_number
from tf_eval.report.figures.rows import LabelledRow, label_row, lay_rows
from tf_eval.report.money import pounds_moved
from tf_eval.report.style import BLUE, INK, ORANGE, WIDTH, Drawing, bare, inches, render

MARGIN = 0.1  # inches
SIDE = 0.75  # inches at either side, for what stands at the end of a bar
SIZE = 10.5  # points
BAND = 0.24  # inches
MOST = 8  # assumptions that are drawn; the table has all


def draw_tornado(payload: Mapping[str, Any]) -> Drawing | None:
    """Return a bar for each assumption from one of its ends to the other; ``None`` where they are hidden."""
    rows = [_row(swing) for swing in payload["swings"] if is_number(swing["at_low"]) and is_number(swing["at_high"])]
    shown = [row for row in rows if row["at_low"] or row["at_high"]][:MOST]
    if not shown:
        return None
    laid = lay_rows(shown, room=lambda row: WIDTH - 2 * MARGIN, size=SIZE, band=BAND, top=MARGIN)
    return Drawing(
        svg=render(_draw, laid, height=laid[-1].bottom + MARGIN),
        headline=f"What moves the result most: {in_sentence(payload['swings'][0]['name'])}",
        measure="By how many pounds what is left for the public purse moves with each assumption, all others as they "
        "are. Orange: at the first end named; blue: at the second.",
        alt=f"Bars, the longest first. {'; '.join(_told(row) for row in shown)}.",
    )


def _row(swing: Mapping[str, Any]) -> dict[str, Any]:
    return {**swing, "label": f"{swing['name']}: {swing['low']} to {swing['high']}"}


def _told(row: Mapping[str, Any]) -> str:
    return f"{row['label']}: {pounds_moved(row['at_low'])} to {pounds_moved(row['at_high'])}"


def _draw(figure: Figure, rows: Sequence[LabelledRow]) -> None:
    names = inches(figure, left=MARGIN, right=MARGIN, top=0, bottom=0)
    names.set_axis_off()
    names.set_ylim(rows[-1].bottom, 0)
    axes = inches(figure, left=MARGIN + SIDE, right=MARGIN + SIDE, top=0, bottom=0)
    bare(axes)
    axes.set_axis_off()
    axes.set_ylim(rows[-1].bottom, 0)
    for row in rows:
        label_row(names, row)
        for name, colour in (("at_low", ORANGE), ("at_high", BLUE)):
            axes.barh(row.middle, row.facts[name], height=BAND, color=colour)
        for end in _ends(row.facts):
            said = {"xy": (end, row.middle), "xytext": (4 if end > 0 else -4, 0), "textcoords": "offset points"}
            side = "left" if end > 0 else "right"
            axes.annotate(
                pounds_moved(end), ha=side, va="center", fontsize=SIZE, color=INK, annotation_clip=False, **said
            )
        axes.vlines(0, row.middle - BAND / 2, row.middle + BAND / 2, color=INK, linewidth=1)


def _ends(facts: Mapping[str, Any]) -> list[float]:
    """Return the furthest end to either side; both may lie on one."""
    values = (facts["at_low"], facts["at_high"])
    return [end for end in (min(values), max(values)) if end and (end < 0) == (end == min(values))]
