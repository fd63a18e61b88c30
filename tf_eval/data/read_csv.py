"""Read a delimited text file strictly: declared encoding and delimiter, as many fields as the header, or refuse."""

import codecs
import csv
import io
from collections import deque
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from tf_eval.data.sources import CsvFormat
from tf_eval.errors import InputError

# names, one text column for each, the row numbers of the rows, the row numbers of the ragged rows
Columns = tuple[list[str], list[pa.ChunkedArray], np.ndarray, np.ndarray]

MOST_BYTES_IN_A_BLOCK = 1 << 28
SINGLE_BYTE = ("cp1252", "iso8859-1", "iso8859-15", "ascii")


def read(path: Path, layout: CsvFormat) -> Columns:
    """Return the header's names, the text columns, and the row numbers of the whole and of the ragged rows.

    Raises:
        InputError: the bytes are not of the declared encoding, a quote mark is left open, or there is no header.
    """
    text = _decode(path.name, path.read_bytes(), layout.encoding)
    _require_closed_quotes(path.name, text, layout.delimiter)
    names = _header(path.name, text, layout)
    rows, ragged = _parse(path.name, text.rstrip("\r\n"), len(names), layout)
    first = layout.header_row + 1
    numbers = np.delete(np.arange(rows.num_rows + len(ragged)) + first, ragged - first)
    return names, rows.columns, numbers, ragged


def _decode(file: str, data: bytes, encoding: str) -> str:
    """Return the text; refuse another encoding even where its bytes happen to have a meaning in the declared one."""
    name = codecs.lookup(encoding).name
    looks_like = _look(data, name)
    if looks_like:
        raise InputError(f"{file}: declared {encoding}, but it is {looks_like} text; declare encoding: {looks_like}.")
    try:
        text = data.decode("utf-8-sig" if name == "utf-8" else name)
    except UnicodeError as error:
        line = data.count(b"\n", 0, getattr(error, "start", 0)) + 1
        hint = " Files from Windows programs are often cp1252." if name == "utf-8" else ""
        raise InputError(f"{file}, line {line}: not {encoding} text.{hint}") from None
    if not text.strip():
        raise InputError(f"{file}: the file is empty; ask the agency to send it again.")
    return text


def _look(data: bytes, declared: str) -> str | None:
    """Return the encoding that the bytes show beyond doubt, where it is not the declared one."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None if declared.startswith("utf-16") else "utf-16"
    if declared in SINGLE_BYTE and not data.isascii() and _is_utf8(data):
        return "utf-8"
    return None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _require_closed_quotes(file: str, text: str, delimiter: str) -> None:
    """Refuse a file in which a stray quote mark swallows the rows that follow it."""
    if '"' not in text:
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        deque(reader, maxlen=0)
    except csv.Error:
        raise InputError(
            f"{file}, line {reader.line_num} or before: a quote mark is opened and not closed (write one inside a "
            f"quoted cell twice), or there is a cell of more than {csv.field_size_limit():,} letters."
        ) from None


def _header(file: str, text: str, layout: CsvFormat) -> list[str]:
    lines = io.StringIO(text, newline="")
    for _ in range(layout.header_row - 1):
        lines.readline()
    names = [name.strip() for name in next(csv.reader(lines, delimiter=layout.delimiter), [])]
    if not any(names):
        raise InputError(f"{file}: row {layout.header_row}, declared as the header, is empty.")
    return [name or f"(column {index + 1})" for index, name in enumerate(names)]


def _parse(file: str, text: str, width: int, layout: CsvFormat) -> tuple[pa.Table, np.ndarray]:
    """Return the whole rows, all as text, and the numbers of the rows with another number of fields."""
    ragged: list[int] = []

    def note(row: pa_csv.InvalidRow) -> str:
        ragged.append(row.number)
        return "skip"

    data = text.encode("utf-8")
    names = [str(index) for index in range(width)]
    if (text.count("\n") or text.count("\r")) < layout.header_row:  # a header and nothing below it
        return pa.table({name: pa.array([], pa.string()) for name in names}), np.array([], dtype=np.int64)
    try:
        rows = pa_csv.read_csv(
            pa.BufferReader(data),
            pa_csv.ReadOptions(
                column_names=names,
                skip_rows=layout.header_row,
                use_threads=False,  # rows are numbered only in one thread
                block_size=min(len(data) + 1, MOST_BYTES_IN_A_BLOCK),
            ),
            pa_csv.ParseOptions(
                delimiter=layout.delimiter,
                newlines_in_values='"' in text,
                ignore_empty_lines=False,
                invalid_row_handler=note,
            ),
            pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
        )
    except pa.ArrowInvalid:
        raise InputError(f"{file}: a row is too long to be read; is the delimiter right?") from None
    return rows, np.array(ragged, dtype=np.int64)
