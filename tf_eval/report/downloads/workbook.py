"""Tables as an Excel workbook after the Analysis Function's guidance "Releasing statistics in spreadsheets" (2021-).

One table to a sheet, marked up as a table with one header row, against the left edge below its title (cell A1) and
what has to be known of it; a cover sheet, a list of contents and a sheet of notes. No cell is merged or empty, nothing
is told by colour, nothing is frozen, filtered or hidden (the guidance advises against all of these), and there are no
formulas, pictures, headers or footers. The government's own ``gptables`` writes the like, but not the same bytes twice.
"""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import Cell as ExcelCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, NamedStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from tf_eval.report.downloads.archive import FIRST_DAY, from_zip, to_zip
from tf_eval.report.downloads.book import Book, sheet_name, shorthand_in
from tf_eval.report.downloads.cells import Cell, Number, Sheet

COVER, CONTENTS, NOTES = "Cover_sheet", "Table_of_contents", "Notes"
FONT, SIZE = "Arial", 12  # points; the least that the guidance allows
FIRST_WIDTH, WIDTH, PROSE_WIDTH = 42, 20, 90  # in characters
LONGEST_CELL = 32_767  # characters, by Excel's own limit
LEFT, RIGHT = (Alignment(horizontal=side, vertical="top", wrap_text=True) for side in ("left", "right"))
HEADING, SUBHEADING, TEXT, BOLD, LINK = "Heading 1", "Heading 2", "Text", "Header", "Link to a sheet"


def workbook(book: Book) -> bytes:
    """Return an .xlsx file; the same tables give the same bytes."""
    made = Workbook()
    made.remove(made.active)
    for style in _styles():
        made.add_named_style(style)
    notes = [*shorthand_in(book.sheets).items(), *((f"Note {place}", note) for place, note in enumerate(book.notes, 1))]
    _cover(made.create_sheet(COVER), book, has_notes=bool(notes))
    _contents(made.create_sheet(CONTENTS), book, has_notes=bool(notes))
    if notes:
        _notes(made.create_sheet(NOTES), notes)
    for place, sheet in enumerate(book.sheets, start=1):
        _table_sheet(made.create_sheet(sheet_name(place)), sheet, place)
    _describe(made, book)
    return _bytes(made)


def _styles() -> list[NamedStyle]:
    """The colour of text is left to the reader's own settings, but for links."""
    return [
        NamedStyle(HEADING, font=Font(FONT, 16, bold=True), alignment=Alignment(vertical="top"), builtinId=16),
        NamedStyle(SUBHEADING, font=Font(FONT, 14, bold=True), alignment=LEFT, builtinId=17),
        NamedStyle(TEXT, font=Font(FONT, SIZE), alignment=LEFT),
        NamedStyle(BOLD, font=Font(FONT, SIZE, bold=True), alignment=LEFT),
        NamedStyle(LINK, font=Font(FONT, SIZE, underline="single", color="0000EE"), alignment=LEFT),
    ]


def _cover(sheet: Worksheet, book: Book, *, has_notes: bool) -> None:
    _write(sheet.cell(1, 1), book.title, HEADING)
    parts = {
        "What is in this workbook": [
            *book.about,
            f"It holds the {len(book.sheets)} tables of the page {book.name}.html, with the numbers that stand there: "
            "rounded, and hidden where too few families stand behind them.",
            *(["Shorthand such as [c] is explained on the sheet of notes."] if has_notes else []),
        ],
        "Where the numbers come from": [f"{name}: {value}" for name, value in book.facts],
        "Publisher": [book.publisher.name],
        "Contact": [book.publisher.contact],
    }
    row = 2
    for heading, lines in parts.items():
        for text, style in [(heading, SUBHEADING), *((line, TEXT) for line in lines)] if lines else ():
            _write(sheet.cell(row, 1), text, style)
            row += 1
    sheet.column_dimensions["A"].width = PROSE_WIDTH


def _contents(sheet: Worksheet, book: Book, *, has_notes: bool) -> None:
    rows = [(NOTES, "What shorthand means, and notes")] if has_notes else []
    rows += [(sheet_name(place), table.title) for place, table in enumerate(book.sheets, start=1)]
    _list_sheet(sheet, "Contents", "contents", ("Sheet", "What it holds"), rows)
    for row, (name, _) in enumerate(rows, start=4):
        cell = sheet.cell(row, 1)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"{name}!A1", display=name)
        cell.style = LINK


def _notes(sheet: Worksheet, notes: Sequence[tuple[str, str]]) -> None:
    _list_sheet(sheet, "Notes", "notes", ("Shorthand or note", "Meaning"), notes)


def _list_sheet(
    sheet: Worksheet, title: str, name: str, headers: tuple[str, str], rows: Sequence[tuple[str, str]]
) -> None:
    table = Sheet(title, headers, (False, False), tuple(rows))
    _fill(sheet, table, name, ["This sheet contains one table."])
    sheet.column_dimensions["A"].width = FIRST_WIDTH / 2
    sheet.column_dimensions["B"].width = PROSE_WIDTH


def _table_sheet(sheet: Worksheet, table: Sheet, place: int) -> None:
    used = shorthand_in([table])
    told = f" Shorthand in it: {'; '.join(f'{sign} {meaning}' for sign, meaning in used.items())}." if used else ""
    titled = replace(table, title=f"Table {place}: {table.title}")
    _fill(sheet, titled, sheet_name(place).lower(), [f"This sheet contains one table.{told}"])
    for column in range(1, len(table.headers) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = FIRST_WIDTH if column == 1 else WIDTH


def _fill(sheet: Worksheet, table: Sheet, name: str, above: Sequence[str]) -> None:
    """Write a title, lines above the table, and the table, which begins in column A and is marked up as one."""
    _write(sheet.cell(1, 1), table.title, HEADING)
    for row, line in enumerate(above, start=2):
        cell = sheet.cell(row, 1)
        _write(cell, line, TEXT)
        cell.alignment = Alignment(vertical="top")  # beside it stands nothing: it may run on
    top = 2 + len(above)
    for place, header in enumerate(table.headers, start=1):
        cell = sheet.cell(top, place)
        _write(cell, header, BOLD)
        cell.alignment = RIGHT if table.numeric[place - 1] and place > 1 else LEFT
    for row, cells in enumerate(table.rows, start=top + 1):
        for place, value in enumerate(cells, start=1):
            _write_value(sheet.cell(row, place), value, to_right=table.numeric[place - 1] and place > 1)
    marked = Table(displayName=name, ref=f"A{top}:{get_column_letter(len(table.headers))}{top + len(table.rows)}")
    marked.tableStyleInfo = TableStyleInfo(showRowStripes=False)
    marked._initialise_columns()
    marked.autoFilter = None
    for column, header in zip(marked.tableColumns, table.headers, strict=True):
        column.name = _clean(header)
    sheet.add_table(marked)


def _write(cell: ExcelCell, text: str, style: str) -> None:
    cell.value = _clean(text)
    cell.data_type = "s"  # whatever it begins with, it is no formula
    cell.style = style


def _write_value(cell: ExcelCell, value: Cell, *, to_right: bool) -> None:
    if isinstance(value, Number):
        cell.value = value.value
        cell.style = TEXT
        cell.number_format = _format(value)
    else:
        _write(cell, value, TEXT)
    if to_right:
        cell.alignment = RIGHT


def _format(number: Number) -> str:
    """Return the format that shows a number with the decimals and the signs that the page shows."""
    before, after = (f'"{sign}"' if sign else "" for sign in number.signs)
    return f"{before}#,##0{'.' * bool(number.decimals)}{'0' * number.decimals}{after}"


def _clean(text: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST_CELL]


def _describe(made: Workbook, book: Book) -> None:
    """Say what the document is. It bears the same day as all others, so that equal runs give equal files."""
    about = made.properties
    about.title, about.creator, about.language = _clean(book.title), _clean(book.publisher.name), "en-GB"
    about.keywords = "families, interventions, evaluation, effects"
    about.created = about.modified = datetime(*FIRST_DAY)


def _bytes(made: Workbook) -> bytes:
    held = io.BytesIO()
    ExcelWriter(made, ZipFile(held, "w", ZIP_DEFLATED)).save()
    return to_zip(from_zip(held.getvalue()))
