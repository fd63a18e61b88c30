"""HTML tables: caption, scoped headers, numbers to the right, shorthand explained below."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from tf_eval.release.shorthand import MEANINGS, is_number
from tf_eval.report.markup import fill
from tf_eval.report.numerals import number


@dataclass(frozen=True)
class Column:
    """One column: the name of its value in each row, its header (with the unit), and how it holds numbers."""

    name: str
    header: str
    numeric: bool = True
    decimals: int | None = None


def html_table(caption: str, columns: Sequence[Column], rows: Sequence[dict[str, Any]]) -> Markup:
    """Return a table whose first column names the rows. Values are released numbers, shorthand or text."""
    lines = [[_cell(row[column.name], column.decimals) for column in columns] for row in rows]
    used = [sign for sign in MEANINGS if any(sign in cell for line in lines for cell in line)]
    return fill(
        "table.html.j2",
        caption=caption,
        columns=columns,
        lines=lines,
        shorthand=[(sign, MEANINGS[sign]) for sign in used],
    )


def _cell(value: Any, decimals: int | None) -> str:
    return number(value, decimals) if is_number(value) else str(value)
