"""What is paid in each financial year: fees for taking families on, results, and the council's own money."""

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

from tf_eval.cohort.words import listed
from tf_eval.release.shorthand import is_number
from tf_eval.report.money import pounds
from tf_eval.report.style import BLUE, GREY, INK, ORANGE, Drawing, bare, inches, render

PARTS = (("fees", GREY, "for taking on"), ("results", BLUE, "for results"), ("own", ORANGE, "the council's own"))
SIZE = 10.5  # points
BAR = 0.22  # inches


def draw_payment(payload: Mapping[str, Any]) -> Drawing | None:
    """Return a bar for each kind of money in each year; ``None`` where no year has two of them to compare."""
    years = [row for row in payload["years"] if len(_parts(row)) > 1]
    if not years:
        return None
    return Drawing(
        svg=render(_draw, years, height=sum(_height(row) for row in years)),
        headline=_headline(payload),
        measure=f"Pounds paid in each financial year, for the share of families that is funded.{_missing(payload)}",
        alt=f"Bars by financial year. {'; '.join(_told(row) for row in years)}.",
    )


def _headline(payload: Mapping[str, Any]) -> str:
    fees, results = payload["fees_in_all"], payload["results_in_all"]
    if not (is_number(fees) and is_number(results) and fees + results):
        return "What is paid by year"
    return f"Of what is paid, {100 * results / (fees + results):.0f}% is for results"


def _missing(payload: Mapping[str, Any]) -> str:
    """Return why some years have no bar of the council's own money, where others have one."""
    missing = [row["year"] for row in payload["years"] if not is_number(row["own"])]
    if not missing or not is_number(payload["own_in_all"]):
        return ""
    return f" The council's own money of {listed(missing)} is not known."


def _parts(row: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    return [part for part in PARTS if is_number(row[part[0]]) and row[part[0]] > 0]


def _told(row: Mapping[str, Any]) -> str:
    return f"{row['year']}: {', '.join(f'{pounds(row[name])} {words}' for name, _, words in _parts(row))}"


def _height(row: Mapping[str, Any]) -> float:
    return 0.34 + (BAR + 0.04) * len(_parts(row))


def _draw(figure: Figure, years: list[Mapping[str, Any]]) -> None:
    axes = inches(figure, left=0.05, right=1.9, top=0, bottom=0)
    bare(axes)
    axes.set_axis_off()
    axes.set_xlim(0, max(row[name] for row in years for name, *_ in _parts(row)))
    top = 0.0
    for row in years:
        axes.text(0, top + 0.2, row["year"], va="center", color=INK, fontsize=SIZE, fontweight="bold")
        for place, (name, colour, words) in enumerate(_parts(row)):
            middle = top + 0.34 + (BAR + 0.04) * place + BAR / 2
            axes.barh(middle, row[name], height=BAR, color=colour)
            said = {"xy": (row[name], middle), "xytext": (6, 0), "textcoords": "offset points"}
            axes.annotate(f"{pounds(row[name])} {words}", va="center", fontsize=SIZE, annotation_clip=False, **said)
        top += _height(row)
    axes.set_ylim(top, 0)
