"""Open an extract that nobody has described yet: tell its format by its content, never by its name.

Whatever is guessed here is then read back strictly, as declared, so that a draft names a format that does read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import python_calamine as calamine

from tf_eval.data.formats import CsvFormat, ExcelFormat, Format, ParquetFormat
from tf_eval.data.mapping.header import header_row
from tf_eval.data.mapping.plain_text import describe
from tf_eval.data.mapping.words import is_plain
from tf_eval.data.mapping.written_dates import HELD_DATE
from tf_eval.data.reading.extract import ROW_NUMBER, read_extract
from tf_eval.errors import InputError, unknown

FIRST_ROWS = 200


@dataclass(frozen=True, eq=False)
class Opened:
    """One table of an unknown file: its columns of text, the format it reads in, and why that format.

    ``sheet`` is what a sheet is called, which is its number where its name could be somebody's; empty for other files.
    """

    rows: pa.Table
    layout: Format
    evidence: str
    sheet: str = ""

    def told(self, note: str) -> str:
        """Return a note on this table with the sheet it stands in."""
        return f"{self.sheet}: {note}" if self.sheet else note


# What begins with these bytes is no table, whatever its name says.
_NO_TABLE = {
    b"%PDF": "a PDF; ask for the table it was printed from",
    b"<?xml": "XML, such as a census return; have it exported as CSV or Excel",
    b"<html": "a web page (some systems name one .xls); open it in Excel and save it as .xlsx",
    b"<!doc": "a web page (some systems name one .xls); open it in Excel and save it as .xlsx",
    b"<table": "a web page (some systems name one .xls); open it in Excel and save it as .xlsx",
    b"{": "JSON; ask for CSV, Excel or Parquet",
    b"[{": "JSON; ask for CSV, Excel or Parquet",
}
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def open_unknown(path: Path, sheet: str | None = None) -> tuple[list[Opened], list[str]]:
    """Return the tables of a file, and what had to be left out.

    Args:
        path: a file of any name.
        sheet: the one sheet of a workbook to look at; all of them where None.

    Raises:
        InputError: the file is missing or empty, or nothing in it is a table with a row of headings; says what it saw.
    """
    if not path.is_file():
        raise InputError(f"{path.name}: no such file in the folder '{path.parent.name}'.")
    with path.open("rb") as file:
        start = file.read(512)
    if start.startswith((b"PK\x03\x04", _OLD_EXCEL)):
        return _open_workbook(path, sheet)
    if sheet is not None:
        raise InputError(f"{path.name}: not a workbook, so it has no sheet '{sheet}'; leave --sheet out.")
    if start.startswith(b"PAR1"):
        return [_read(path, ParquetFormat(type="parquet"), "by its content")], []
    _refuse_what_is_no_table(path.name, start)
    return [_open_text(path)], []


def _refuse_what_is_no_table(file: str, start: bytes) -> None:
    if not start.strip():
        raise InputError(f"{file}: the file is empty; ask the agency to send it again.")
    begins = b"".join(start.removeprefix(b"\xef\xbb\xbf").split()).lower()
    for sign, what in _NO_TABLE.items():
        if begins.startswith(sign.lower()):
            raise InputError(f"{file}: this is {what}.")


def _open_text(path: Path) -> Opened:
    found = describe(path.name, path.read_bytes())
    row = header_row(path.name, found.rows)
    layout = CsvFormat(type="csv", encoding=found.encoding, delimiter=found.delimiter, header_row=row)
    return _read(path, layout, found.evidence)


def _read(path: Path, layout: Format, evidence: str, sheet: str = "") -> Opened:
    extract = read_extract(path, layout, HELD_DATE)
    rows = extract.rows.read_all().drop_columns([ROW_NUMBER])
    if not rows.num_rows:
        raise InputError(
            f"{path.name}: {len(extract.columns)} headings and no rows below them; there is nothing to map."
        )
    ragged = len(extract.ragged)
    spoilt = f"; {ragged:,} rows have more or fewer cells than the headings" if ragged else ""
    return Opened(rows, layout, evidence + spoilt, sheet)


def _open_workbook(path: Path, sheet: str | None) -> tuple[list[Opened], list[str]]:
    try:
        workbook = calamine.CalamineWorkbook.from_path(str(path))
        names = workbook.sheet_names
    except calamine.CalamineError:
        raise InputError(f"{path.name}: begins like an Excel workbook and is not one that can be read.") from None
    if sheet is not None and sheet not in names:
        raise InputError(f"{path.name}: {unknown('sheet', sheet, filter(is_plain, names))}")
    labels = {name: _label(name, number) for number, name in enumerate(names, start=1)}
    chosen = labels if sheet is None else {sheet: labels[sheet]}
    return _each(path.name, chosen, lambda name: _open_sheet(path, workbook, name, labels[name]))


def _label(sheet: str, number: int) -> str:
    return f"sheet '{sheet}'" if is_plain(sheet) else f"sheet {number}"


def _each(file: str, labels: Mapping[str, str], opener: Callable[[str], Opened]) -> tuple[list[Opened], list[str]]:
    """Open each sheet; what cannot be opened is told, and refused where nothing is left."""
    opened, left_out = [], []
    for name, label in labels.items():
        try:
            opened.append(opener(name))
        except InputError as problem:
            told = str(problem).replace(f"sheet '{name}'", label).removeprefix(file).removeprefix(f", {label}")
            left_out.append(f"{label} left out{told}")
    if not opened:
        raise InputError(f"{file}: no sheet with a table. {' '.join(left_out)}")
    return opened, left_out


def _open_sheet(path: Path, workbook: calamine.CalamineWorkbook, name: str, label: str) -> Opened:
    try:
        cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=FIRST_ROWS)
    except calamine.CalamineError:
        raise InputError(f"{path.name}, {label}: damaged; ask the agency to send it again.") from None
    rows = [[str(cell).strip() for cell in row] for row in cells]
    layout = ExcelFormat(type="excel", sheet=name, header_row=header_row(f"{path.name}, {label}", rows))
    return _read(path, layout, "by its content", label)
