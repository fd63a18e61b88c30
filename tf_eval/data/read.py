"""Read one extract strictly as text with row numbers; no type, delimiter or encoding is ever guessed.

A row number is the row as a person sees it in the file: the first row of a sheet or file is 1, the header counts.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import python_calamine as calamine

from tf_eval.data import read_csv
from tf_eval.data.sources import CsvFormat, ExcelFormat, Format, ParquetFormat
from tf_eval.errors import InputError, did_you_mean, unknown

ROW_NUMBER = "row number"  # with a blank, so that it cannot hide a column called row_number


@dataclass(frozen=True, eq=False)
class Extract:
    """The text of an extract.

    ``rows`` has the column ``ROW_NUMBER`` and one text column for each column of the file; ``ragged`` are the numbers
    of the rows that had more or fewer fields than the header, whose text cannot be told apart.
    """

    columns: tuple[str, ...]
    rows: pa.Table
    ragged: np.ndarray

    @property
    def rows_in(self) -> int:
        """How many rows the file holds below its header."""
        return self.rows.num_rows + len(self.ragged)


def read_extract(path: Path, layout: Format, date_format: str | None = None) -> Extract:
    """Return the text of the file at ``path``, laid out as declared.

    Args:
        path: the file.
        layout: its declared format.
        date_format: how to write the dates that Excel and Parquet hold as dates, so that one rule checks all.

    Raises:
        InputError: the file is missing, is not of the declared format or encoding, or has no header.
    """
    if not path.is_file():
        raise InputError(f"{path.name}: no such file in the folder '{path.parent.name}'. {_neighbours(path)}".rstrip())
    if isinstance(layout, CsvFormat):
        names, columns, numbers, ragged = read_csv.read(path, layout)
    elif isinstance(layout, ExcelFormat):
        names, columns, numbers, ragged = _read_excel(path, layout, date_format or "%Y-%m-%d")
    else:
        names, columns, numbers, ragged = _read_parquet(path, layout, date_format or "%Y-%m-%d")
    _require_distinct(path.name, names)
    rows = pa.table([pa.array(numbers, pa.int64()), *columns], names=[ROW_NUMBER, *names])
    return Extract(tuple(names), rows, ragged)


def _neighbours(missing: Path) -> str:
    if not missing.parent.is_dir():
        return "That folder does not exist either."
    return did_you_mean(missing.name, [item.name for item in missing.parent.iterdir() if item.is_file()]).strip()


def _require_distinct(file: str, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"{file}: the header names {', '.join(map(repr, twice))} more than once; name each once.")


def _read_excel(path: Path, layout: ExcelFormat, date_format: str) -> read_csv.Columns:
    try:
        workbook = calamine.CalamineWorkbook.from_path(str(path))
        if layout.sheet not in workbook.sheet_names:
            raise InputError(f"{path.name}: {unknown('sheet', layout.sheet, workbook.sheet_names)}")
        rows = workbook.get_sheet_by_name(layout.sheet).to_python(skip_empty_area=False)
    except calamine.CalamineError:
        raise InputError(f"{path.name}: not an Excel workbook that can be read; save it again as .xlsx.") from None
    if len(rows) < layout.header_row:
        raise InputError(f"{path.name}, sheet '{layout.sheet}': there is no row {layout.header_row} for the header.")
    header = [_cell_text(cell, date_format) for cell in rows[layout.header_row - 1]]
    used = [index for index, name in enumerate(header) if name]
    body = rows[layout.header_row :]
    columns = [pa.array([_cell_text(row[index], date_format) for row in body], pa.string()) for index in used]
    numbers = np.arange(len(body)) + layout.header_row + 1
    return [header[index] for index in used], columns, numbers, np.array([], dtype=np.int64)


def _cell_text(cell: Any, date_format: str) -> str:
    """Return a cell of a sheet as the text that the same agency would have put into a CSV; the hour is left out."""
    if isinstance(cell, date):
        return cell.strftime(date_format)
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _read_parquet(path: Path, layout: ParquetFormat, date_format: str) -> read_csv.Columns:
    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, OSError):
        raise InputError(f"{path.name}: not a {layout.type} file that can be read, or cut short.") from None
    columns = [_as_text(path.name, name, table.column(name), date_format) for name in table.column_names]
    return table.column_names, columns, np.arange(table.num_rows) + 1, np.array([], dtype=np.int64)


def _as_text(file: str, name: str, column: pa.ChunkedArray, date_format: str) -> pa.ChunkedArray:
    """Return a column of a Parquet file as text; whole numbers lose the '.0' that missing values gave them."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return pc.strftime(column.cast(pa.timestamp("s"), safe=False), format=date_format)
    if pa.types.is_floating(kind):
        column = pc.if_else(pc.is_nan(column), None, column)
        whole = pc.all(pc.equal(pc.floor(column), column)).as_py()
        return column.cast(pa.int64()).cast(pa.string()) if whole else column.cast(pa.string())
    if pa.types.is_nested(kind) or pa.types.is_binary(kind):
        raise InputError(f"{file}: column '{name}' holds {kind}, not plain values; write it as text or numbers.")
    return column.cast(pa.string())
