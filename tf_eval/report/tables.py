"""HTML tables: caption, scoped headers, numbers to the right, shorthand explained below."""

import re
from collections.abc import Sequence
from typing import Any

from tf_eval.release.shorthand import MEANINGS, is_number
from tf_eval.report.columns import Column, Table
from tf_eval.report.markup import Filled, fill
from tf_eval.report.numerals import NO_BREAK, number

# What reads as another number where a line breaks in it: both ends of an interval, "13 to 18", "4 of 15".
_WHOLE = re.compile(r"(?<=\d) (to|of) (?=\W?\W?\d)")


def html_table(caption: str, columns: Sequence[Column], rows: Sequence[dict[str, Any]]) -> Filled:
    """Return a table whose first column names the rows. Values are released numbers, shorthand or text."""
    lines = tuple(tuple(_cell(row[column.name], column.decimals) for column in columns) for row in rows)
    used = [sign for sign in MEANINGS if any(sign in cell for line in lines for cell in line)]
    html = fill(
        "table.html.j2",
        caption=caption,
        columns=columns,
        lines=[[_WHOLE.sub(rf"{NO_BREAK}\1{NO_BREAK}", cell) for cell in line] for line in lines],
        shorthand=[(sign, MEANINGS[sign]) for sign in used],
    )
    return Filled.of(html, (Table(caption, tuple(columns), lines),))


def _cell(value: Any, decimals: int | None) -> str:
    return number(value, decimals) if is_number(value) else str(value)
