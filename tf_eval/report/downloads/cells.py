"""The cells of a spreadsheet, read from the texts that a page shows: never a digit more than there.

A text that holds a number and its interval becomes three cells and an interval two, as the government's guidance on
spreadsheets asks, and signs that a whole column shares ("£", "%") go into its header.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tf_eval.release.shorthand import NOT_APPLICABLE
from tf_eval.report.columns import Column, Table
from tf_eval.report.money import NO_LIMIT
from tf_eval.report.numerals import MINUS, NO_BREAK

LOWER, UPPER = "lower end", "upper end"
_NUMBER = re.compile(r"([+-]?)([£$]?)(\d[\d,]*(?:\.\d+)?)(%| kg)?")
_INTERVAL = re.compile(rf"(\S+) to (\S+|{NO_LIMIT})")
_WITH_INTERVAL = re.compile(rf"(\S+) \({_INTERVAL.pattern}\)")


@dataclass(frozen=True)
class Number:
    """A number as a page shows it: its value, how many decimals stand there, and the signs before and after it."""

    value: float
    decimals: int = 0
    before: str = ""
    after: str = ""

    @property
    def signs(self) -> tuple[str, str]:
        return self.before, self.after

    def __str__(self) -> str:
        return f"{self.value:.{self.decimals}f}"


Cell = Number | str


@dataclass(frozen=True)
class Sheet:
    """A table for a spreadsheet: its title, its headers (each once), which of them stand above numbers, its rows."""

    title: str
    headers: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[Cell, ...], ...]


def to_sheet(table: Table) -> Sheet:
    """Return a page's table with a number in each cell that shows one. No cell is empty: [z] stands there."""
    headers: list[str] = []
    numeric: list[bool] = []
    columns: list[Sequence[Cell]] = []
    for place, column in enumerate(table.columns):
        for header, cells in _spread(column, [line[place] for line in table.lines]):
            headers.append(header)
            numeric.append(column.numeric)
            columns.append(cells)
    return Sheet(table.caption, tuple(_each_once(headers)), tuple(numeric), tuple(zip(*columns, strict=True)))


def read_cell(text: str) -> Cell:
    """Return the number that a text is, or else the text."""
    found = _NUMBER.fullmatch(text.replace(MINUS, "-"))
    if not found:
        return text or NOT_APPLICABLE
    sign, before, digits, after = found.groups(default="")
    plain = digits.replace(",", "")
    value = float(plain) if "." in plain else int(plain)
    return Number(-value if sign == "-" else value, len(plain.partition(".")[2]), before, after)


def _spread(column: Column, texts: Sequence[str]) -> Iterator[tuple[str, list[Cell]]]:
    """Yield the columns that one column of a page becomes, each with its header."""
    texts = [" ".join(text.replace(NO_BREAK, " ").split()) for text in texts]
    if not column.numeric:
        yield column.header, [text or NOT_APPLICABLE for text in texts]
        return
    with_interval = any(_WITH_INTERVAL.fullmatch(text) for text in texts)
    if not with_interval and not any(_INTERVAL.fullmatch(text) for text in texts):
        yield _with_sign(column.header, [read_cell(text) for text in texts])
        return
    points, lows, highs = zip(*(_parts(text, with_interval) for text in texts), strict=True)
    if with_interval:
        yield _with_sign(column.header, [read_cell(text) for text in points])
    for end, ends in ((LOWER, lows), (UPPER, highs)):
        yield _with_sign(f"{column.header}: {end}", [read_cell(text) for text in ends])


def _parts(text: str, with_interval: bool) -> tuple[str, str, str]:
    """Return a text as its point and the ends of its interval; what is neither stands for all of them."""
    if found := _WITH_INTERVAL.fullmatch(text):
        return found[1], found[2], found[3]
    if found := _INTERVAL.fullmatch(text):
        return "", found[1], found[2]
    if with_interval and isinstance(read_cell(text), Number):
        return text, "", ""
    return text, text, text


def _with_sign(header: str, cells: list[Cell]) -> tuple[str, list[Cell]]:
    """Return a column with the signs that all of its numbers have told once, in its header."""
    signs = {cell.signs for cell in cells if isinstance(cell, Number)}
    if len(signs) != 1 or signs == {("", "")}:
        return header, cells
    unit = "".join(signs.pop()).strip()
    bare = [Number(cell.value, cell.decimals) if isinstance(cell, Number) else cell for cell in cells]
    return f"{header} ({unit})", bare


def _each_once(headers: Sequence[str]) -> Iterator[str]:
    """Yield the headers, numbered where one comes again: Excel tells columns apart by them."""
    seen: dict[str, int] = {}
    for header in headers:
        key = header.lower()
        seen[key] = seen.get(key, 0) + 1
        yield header if seen[key] == 1 else f"{header} ({seen[key]})"
