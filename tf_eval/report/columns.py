"""A table as a page shows it, before it is HTML: its caption, its columns, and the text of each cell."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column: the name of its value in each row, its header (with the unit), and how it holds numbers."""

    name: str
    header: str
    numeric: bool = True
    decimals: int | None = None


@dataclass(frozen=True)
class Table:
    """A finished table: what each line has in each column, in the very words and digits of the page."""

    caption: str
    columns: tuple[Column, ...]
    lines: tuple[tuple[str, ...], ...]
