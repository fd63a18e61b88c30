"""Tables as CSV: one file each with one header row, and beside them what each holds and what shorthand means."""

import csv
import io
from collections.abc import Iterable

from tf_eval.report.downloads.archive import to_zip
from tf_eval.report.downloads.book import Book, sheet_name, shorthand_in

# A cell that begins so would be taken for a formula by the programs that open CSV.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def comma_separated(book: Book) -> bytes:
    """Return a ZIP archive of CSV files (UTF-8, RFC 4180), the first of which lists the others."""
    sheets = {f"{sheet_name(place)}.csv": sheet for place, sheet in enumerate(book.sheets, start=1)}
    contents = [("File", "What it holds"), *((name, sheet.title) for name, sheet in sheets.items())]
    about = [("What", "Meaning"), ("Title", book.title), *book.facts]
    about += [("Publisher", book.publisher.name), ("Contact", book.publisher.contact)]
    about += [*shorthand_in(book.sheets).items(), *(("Note", note) for note in book.notes)]
    files = {"contents.csv": _csv(contents), "about.csv": _csv(about)}
    return to_zip(files | {name: _csv((sheet.headers, *sheet.rows)) for name, sheet in sheets.items()})


def _csv(rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([_safe(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")  # by this mark Excel knows that it is UTF-8


def _safe(cell: object) -> str:
    """Return a cell's text; where it could be taken for a formula, behind an apostrophe, as OWASP advises."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else str(cell)
