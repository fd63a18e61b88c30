"""What a page offers as files: a title, what it is about, and its tables with what a reader has to know of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from tf_eval.release.shorthand import MEANINGS
from tf_eval.report.downloads.cells import Sheet


@dataclass(frozen=True)
class Publisher:
    """Who publishes the tables, and whom to ask about them."""

    name: str = "Not named"
    contact: str = "Not named"


@dataclass(frozen=True, eq=False)
class Book:
    """The tables of one page.

    ``name`` is that of the page's file; ``title`` says what the tables are about, where and when; ``about`` are
    sentences on it; ``facts`` say where the numbers come from, by name; ``notes`` are told of what is hidden.
    """

    name: str
    title: str
    about: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    publisher: Publisher
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, eq=False)
class Download:
    """A file beside a page: its name, what is in it, and what the link to it says (with its kind and size)."""

    name: str
    content: bytes
    says: str


def shorthand_in(sheets: Sequence[Sheet]) -> dict[str, str]:
    """Return the shorthand that stands in any cell, with its meaning."""
    cells = [cell for sheet in sheets for row in sheet.rows for cell in row if isinstance(cell, str)]
    return {sign: meaning for sign, meaning in MEANINGS.items() if any(sign in cell for cell in cells)}


def sheet_name(place: int) -> str:
    """Return the name of the sheet (and of the file) of the table at this place, the first of which is 1."""
    return f"Table_{place}"
