"""Families identified in each district, and what the county's number comes to there by arithmetic."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from tf_eval.release.shorthand import is_number
from tf_eval.report.figures.rows import LabelledRow, label_row, lay_rows
from tf_eval.report.numerals import number
from tf_eval.report.style import BLUE, GREY, ORANGE, POINTS, WIDTH, Drawing, inches, render, text_width

MARGIN = 0.05  # inches
SIZE = 10.5  # points
BAR = 0.2  # inches of a row for each of its bars
GAP = 0.1  # inches between bars and words
BARS = (("identified", BLUE, "qualify"), ("extrapolated", GREY, "even share"), ("allocated", ORANGE, "allocated"))


def draw_allocation(payload: Mapping[str, Any]) -> Drawing | None:
    """Return up to three bars for each district and period; ``None`` where there are no two numbers to compare."""
    rows = [{**row, "label": named(row)} for row in payload["rows"] if _bars_of(row)]
    if sum(len(_bars_of(row)) for row in rows) < 2:
        return None
    band = BAR * max(len(_bars_of(row)) for row in rows)
    laid = lay_rows(rows, room=lambda row: WIDTH - 2 * MARGIN, size=SIZE, band=band)
    return Drawing(
        svg=render(_draw, laid, height=laid[-1].bottom),
        headline=_headline(rows, payload["allocated"]),
        measure=_measure(rows),
        alt=_alt(rows),
    )


def _measure(rows: Sequence[Mapping[str, Any]]) -> str:
    found = {name for row in rows for name, *_ in _bars_of(row)}
    return (
        "Families that meet the written criteria"
        + ", beside an even share of the number allocated, by families with children" * ("extrapolated" in found)
        + ", and the number allocated to a district" * ("allocated" in found)
        + "."
    )


def named(row: Mapping[str, Any]) -> str:
    """Return a row's district with its period."""
    return f"{row['district']}, {row['period']}" if row["period"] else str(row["district"])


def _headline(rows: Sequence[Mapping[str, Any]], allocated: object) -> str:
    told = [row for row in rows if is_number(row["difference"])]
    more = sum(row["difference"] > 0 for row in told)
    place = "period" if any(row["period"] for row in rows) else "district"
    if told:
        where = f"every {place}" if more == len(told) > 1 else f"{more} of {len(told)} {place}s"
        return f"In {where} more families qualify than an even share of the {number(allocated)} allocated"
    for row in rows:
        if is_number(row["allocated"]) and is_number(row["identified"]):
            return f"{row['label']}: {number(row['identified'])} qualify, {number(row['allocated'])} were allocated"
    return f"Families that qualify, by {place}"


def _alt(rows: Sequence[Mapping[str, Any]]) -> str:
    parts = [f"{row['label']}: {', '.join(_said(row, *bar[::2]) for bar in _bars_of(row))}" for row in rows]
    return f"Bar chart of numbers of families. {'; '.join(parts)}."


def _bars_of(row: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    return [bar for bar in BARS if is_number(row[bar[0]])]


def _said(row: Mapping[str, Any], name: str, words: str) -> str:
    return f"{number(row[name])} {words}"


def _draw(figure: Figure, rows: Sequence[LabelledRow]) -> None:
    names = inches(figure, left=MARGIN, right=MARGIN, top=0, bottom=0)
    names.set_axis_off()
    names.set_ylim(rows[-1].bottom, 0)
    said = [_said(row.facts, name, words) for row in rows for name, _, words in _bars_of(row.facts)]
    column = max(text_width(text, SIZE) for text in said)
    longest = max(row.facts[name] for row in rows for name, _, _ in _bars_of(row.facts))
    for row in rows:
        label_row(names, row)
        top, bottom = row.middle - row.band / 2, rows[-1].bottom - row.middle - row.band / 2
        axes = inches(figure, left=MARGIN, right=MARGIN + column + GAP, top=top, bottom=bottom)
        axes.set_axis_off()
        axes.set(xlim=(0, longest or 1), ylim=(row.band / BAR - 0.5, -0.5))
        for height, (name, colour, words) in enumerate(_bars_of(row.facts)):
            axes.barh(height, row.facts[name], height=0.8, color=colour)
            place = {"xy": (row.facts[name], height), "xytext": (GAP * POINTS, 0), "textcoords": "offset points"}
            axes.annotate(_said(row.facts, name, words), va="center", fontsize=SIZE, annotation_clip=False, **place)
