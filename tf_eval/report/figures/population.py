"""Whom an answer is about: how those studied, and those left out, differ from all who started."""

from collections.abc import Mapping
from typing import Any

from tf_eval.release.shorthand import is_number
from tf_eval.report.figures.differences import Mark, differences_svg
from tf_eval.report.numerals import number, signed
from tf_eval.report.style import Drawing

STUDIED, LEFT_OUT = Mark("studied", "studied"), Mark("left_out", "left out")


def draw_population(payload: Mapping[str, Any]) -> Drawing | None:
    """Return the chart, those on top of whom the left out differ most; ``None`` where the numbers are hidden."""
    rows = [row for row in payload["rows"] if is_number(row["studied"])]
    if not rows:
        return None
    shifted = sum(abs(row["studied"]) > payload["notable"] for row in rows)
    headline = f"Families studied differ from all with this support on {shifted} of {len(rows)} characteristics"
    return Drawing(
        svg=differences_svg(rows, STUDIED, LEFT_OUT, reach=payload["notable"]),
        headline=headline,
        measure="Standardised difference from all families with this support, before the start. In the shaded band (up "
        f"to {number(payload['notable'])}) it hardly matters.",
        alt=f"Dot chart of {len(rows)} standardised differences of families studied and left out. {headline}. "
        f"{_furthest(rows)}",
    )


def _furthest(rows: list[Mapping[str, Any]]) -> str:
    row = max(rows, key=lambda row: abs(row["left_out"]))
    return f"Those left out differ most by {signed(row['left_out'])}, in: {row['label']}."
