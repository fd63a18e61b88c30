"""Read one extract strictly as text with row numbers; no type, delimiter or encoding is ever guessed.

A row number is the row as a person sees it in the file: the first row of a sheet or file is 1, the header counts.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from tf_eval.data.formats import CsvFormat, ExcelFormat, ParquetFormat
from tf_eval.data.reading import delimited, excel, parquet
from tf_eval.data.reading.batch import Batch
from tf_eval.data.reading.headings import ROW_NUMBER, require_distinct
from tf_eval.data.reading.regroup import regrouped
from tf_eval.errors import InputError, did_you_mean

ISO_DATE = "%Y-%m-%d"


@dataclass(frozen=True, eq=False)
class Extract:
    """The text of an extract, to be read once.

    ``rows`` streams the column ``ROW_NUMBER`` and one text column for each column of the extract. ``ragged`` are the
    numbers of the rows that have more or fewer fields than the header, whose text cannot be told apart; they are all
    there when the last batch has been read. ``failures`` is what went wrong while the rows were read.
    """

    columns: tuple[str, ...]
    rows: pa.RecordBatchReader
    ragged: list[int]
    failures: list[InputError] = field(default_factory=list, repr=False)

    @classmethod
    def of(cls, name: str, columns: Sequence[str], batches: Iterator[Batch]) -> "Extract":
        """Return the extract of that name, made of batches that are read only when its rows are.

        Raises:
            InputError: two columns have the same name.
        """
        require_distinct(name, columns)
        schema = pa.schema([(ROW_NUMBER, pa.int64()), *((column, pa.string()) for column in columns)])
        ragged: list[int] = []
        failures: list[InputError] = []
        stream = regrouped(_stream(schema, batches, ragged, failures))
        return cls(tuple(columns), pa.RecordBatchReader.from_batches(schema, stream), ragged, failures)

    @contextmanager
    def own_errors(self) -> Iterator[None]:
        """Let what failed while rows were read be raised as it is, where DuckDB read them and wrapped it."""
        try:
            yield
        except duckdb.Error:
            if self.failures:
                raise self.failures[0] from None
            raise


def _stream(
    schema: pa.Schema, batches: Iterator[Batch], ragged: list[int], failures: list[InputError]
) -> Iterator[pa.RecordBatch]:
    try:
        for batch in batches:
            ragged += batch.ragged
            numbers = pa.array(batch.numbers, pa.int64())
            yield pa.RecordBatch.from_arrays([numbers, *batch.columns], schema=schema)
    except InputError as error:
        failures.append(error)
        raise


def read_extract(
    path: Path, layout: CsvFormat | ExcelFormat | ParquetFormat, date_format: str | None = None
) -> Extract:
    """Return the text of the file at ``path``, laid out as declared.

    Args:
        path: the file.
        layout: its declared format.
        date_format: how to write the dates that Excel and Parquet hold as dates, so that one rule checks all.

    Raises:
        InputError: the file is missing, is not of the declared format or has no header; and, here or while the rows are
            read, that it is damaged or not of the declared encoding.
    """
    if not path.is_file():
        raise InputError(f"{path.name}: no such file in the folder '{path.parent.name}'. {_neighbours(path)}".rstrip())
    if isinstance(layout, CsvFormat):
        columns, batches = delimited.read(path, layout)
    elif isinstance(layout, ExcelFormat):
        columns, batches = excel.read(path, layout, date_format or ISO_DATE)
    else:
        columns, batches = parquet.read(path, date_format or ISO_DATE)
    return Extract.of(path.name, columns, batches)


def _neighbours(missing: Path) -> str:
    if not missing.parent.is_dir():
        return "That folder does not exist either."
    return did_you_mean(missing.name, [item.name for item in missing.parent.iterdir() if item.is_file()]).strip()
