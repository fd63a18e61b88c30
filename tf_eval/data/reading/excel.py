"""Read one sheet of a workbook as text.

Hidden rows, columns and sheets are read like any other: hiding is no deleting. Merged cells below the header are
refused, for only the first of them has a value.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import python_calamine as calamine

from tf_eval.data.formats import ExcelFormat
from tf_eval.data.reading.batch import Batch
from tf_eval.data.reading.cells import as_text
from tf_eval.data.reading.headings import require_distinct
from tf_eval.data.reading.sheet_xml import find_errors, not_a_workbook
from tf_eval.errors import InputError

ROWS_IN_A_BATCH = 1 << 13

Row = tuple[int, list[Any]]


def read(path: Path, layout: ExcelFormat, date_format: str) -> tuple[list[str], Iterator[Batch]]:
    """Return the header's names and the rows below it.

    A cell with an error becomes the text that Excel shows and would put into a CSV, such as ``#REF!``, which the rules
    set aside wherever it comes from.

    Raises:
        InputError: the file is no .xlsx workbook or is damaged, there is no such sheet or header, cells of the table
            are merged, or a formula was never calculated.
    """
    where = f"{path.name}, sheet '{layout.sheet}'"
    errors = find_errors(path, layout.sheet)
    sheet = _sheet(path, layout.sheet)
    _require_unmerged(where, sheet, layout.header_row)
    rows = _with_errors(_rows(sheet), errors)
    header = next((cells for number, cells in rows if number == layout.header_row), None)
    if header is None:
        raise InputError(f"{where}: there is no row {layout.header_row} for the header.")
    names = [as_text(cell, date_format) or "" for cell in header]
    used = [index for index, name in enumerate(names) if name]
    if not used:
        raise InputError(f"{where}: row {layout.header_row}, declared as the header, is empty.")
    require_distinct(where, names)  # here, where each stands in its own place
    return [names[index] for index in used], _batches(rows, used, date_format)


def _sheet(path: Path, name: str) -> calamine.CalamineSheet:
    try:
        return calamine.CalamineWorkbook.from_path(path).get_sheet_by_name(name)
    except calamine.CalamineError:
        raise not_a_workbook(path.name) from None


def _require_unmerged(where: str, sheet: calamine.CalamineSheet, header_row: int) -> None:
    for (top, _), (bottom, _) in sheet.merged_cell_ranges or ():
        if bottom + 1 >= header_row:
            raise InputError(
                f"{where}: cells are merged in rows {top + 1} to {bottom + 1}, and only the first of them has a value; "
                "unmerge them and fill in each."
            )


def _rows(sheet: calamine.CalamineSheet) -> Iterator[Row]:
    """Yield every row from the first to the last, with its number, from column A on."""
    _, left = sheet.start or (0, 0)  # calamine leaves out the empty columns before the table, not the empty rows
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        yield number, [""] * left + cells


def _with_errors(rows: Iterator[Row], errors: dict[tuple[int, int], str]) -> Iterator[Row]:
    """Yield the rows with the errors put back, for calamine returns them as empty cells."""
    by_row: dict[int, dict[int, str]] = {}
    for (number, column), text in errors.items():
        by_row.setdefault(number, {})[column] = text
    for number, cells in rows:
        for column, text in by_row.get(number, {}).items():
            cells += [""] * (column - len(cells))
            cells[column - 1] = text
        yield number, cells


def _batches(rows: Iterator[Row], used: list[int], date_format: str) -> Iterator[Batch]:
    while some := list(islice(rows, ROWS_IN_A_BATCH)):
        columns = [_column([cells[index : index + 1] for _, cells in some], date_format) for index in used]
        yield Batch(np.array([number for number, _ in some]), columns)


def _column(cells: list[list[Any]], date_format: str) -> pa.Array:
    """Return a column as text; a row that ends before it has nothing there."""
    return pa.array([as_text(cell[0], date_format) if cell else "" for cell in cells], pa.string())
