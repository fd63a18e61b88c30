"""Which criteria families met together: a bar for each combination, and below it a dot for each criterion in it."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from tf_eval.cohort.words import in_sentence, listed
from tf_eval.release.shorthand import is_number
from tf_eval.report.figures.rows import LabelledRow, label_row, lay_rows
from tf_eval.report.numerals import number
from tf_eval.report.style import BLUE, GREY, INK, WIDTH, Drawing, bare, inches, render

MOST_SHOWN = 8  # combinations, so that their numbers fit side by side
MARGIN, BARS, NUMBERS, GAP = 0.05, 1.35, 0.28, 0.12  # inches
SIZE = 10.5  # points
BAND = 0.26  # inches
WIDEST = 0.62  # of a bar, as a share of its column


def draw_criteria(payload: Mapping[str, Any]) -> Drawing | None:
    """Return the most frequent combinations of criteria; ``None`` where none may be shown."""
    ways = payload["ways"][:MOST_SHOWN]
    if not ways:
        return None
    labels = [{**each, "label": _label(each), "place": place} for place, each in enumerate(payload["each"])]
    laid = lay_rows(labels, room=lambda row: WIDTH - 2 * MARGIN, size=SIZE, band=BAND)
    return Drawing(
        svg=render(_draw, (ways, laid), height=BARS + GAP + laid[-1].bottom),
        headline=_headline(payload),
        measure="Families by what they met together on the day on which they qualified. A dark dot: this criterion was "
        "met. Beside its name: all families that met it.",
        alt=f"Bars of families by criteria met together. {'; '.join(_told(way, payload) for way in ways)}.",
    )


def _label(each: Mapping[str, Any]) -> str:
    return f"{each['title']}: {number(each['families'])}" if is_number(each["families"]) else each["title"]


def _headline(payload: Mapping[str, Any]) -> str:
    told = [each for each in payload["each"] if is_number(each["families"])]
    if not told or not is_number(payload["identified"]):
        return "What families met together"
    most = max(told, key=lambda each: each["families"])
    return f"{most['title']}: met by {100 * most['families'] / payload['identified']:.0f}% of families that qualify"


def together(way: Mapping[str, Any], payload: Mapping[str, Any]) -> str:
    """Return what was met together, in words."""
    met = [title for title, is_met in zip(payload["criteria"], way["met"], strict=True) if is_met]
    first, *others = met or ["No criterion for certain"]
    return listed([first, *map(in_sentence, others)])


def _told(way: Mapping[str, Any], payload: Mapping[str, Any]) -> str:
    return f"{together(way, payload)}: {number(way['families'])}"


def _draw(figure: Figure, shown: tuple[Sequence[Mapping[str, Any]], Sequence[LabelledRow]]) -> None:
    ways, rows = shown
    height = rows[-1].bottom
    bars = inches(figure, left=MARGIN, right=MARGIN, top=NUMBERS, bottom=height + GAP)
    dots = inches(figure, left=MARGIN, right=MARGIN, top=BARS + GAP, bottom=0)
    for axes in (bars, dots):
        bare(axes)
        axes.set_axis_off()
        axes.set_xlim(-0.5, len(ways) - 0.5)
    bars.set_ylim(0, max(way["families"] for way in ways))
    dots.set_ylim(height, 0)
    for place, way in enumerate(ways):
        bars.bar(place, way["families"], width=WIDEST, color=BLUE)
        above = {"xy": (place, way["families"]), "xytext": (0, 4), "textcoords": "offset points"}
        bars.annotate(number(way["families"]), ha="center", fontsize=SIZE, annotation_clip=False, color=INK, **above)
    for row in rows:
        label_row(dots, row)
        for place, way in enumerate(ways):
            is_met = way["met"][row.facts["place"]]
            dots.plot(place, row.middle, "o", color=BLUE if is_met else GREY, markersize=9 if is_met else 4)
