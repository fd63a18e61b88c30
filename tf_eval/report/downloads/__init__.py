"""The tables of a page as files: an Excel workbook, and CSV in a ZIP archive."""

from tf_eval.report.downloads.book import Book, Download, Publisher
from tf_eval.report.downloads.cells import to_sheet
from tf_eval.report.downloads.comma_separated import comma_separated
from tf_eval.report.downloads.workbook import workbook

__all__ = ["Book", "Download", "Publisher", "downloads_of", "to_sheet"]

KILOBYTE = 1_000


def downloads_of(book: Book) -> tuple[Download, ...]:
    """Return the files of a page's tables; nothing where it has none."""
    if not book.sheets:
        return ()
    count = f"{len(book.sheets)} {'table' if len(book.sheets) == 1 else 'tables'}"
    excel, csv = workbook(book), comma_separated(book)
    return (
        Download(f"{book.name}.xlsx", excel, f"{count} in an Excel workbook ({_size(excel)})"),
        Download(f"{book.name}_csv.zip", csv, f"{count} as CSV files in a ZIP archive ({_size(csv)})"),
    )


def _size(content: bytes) -> str:
    return f"{-(-len(content) // KILOBYTE):,} KB"
