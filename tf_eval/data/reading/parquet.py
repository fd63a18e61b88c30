"""Read a Parquet file as text, some rows at a time."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tf_eval.data.reading.batch import Batch
from tf_eval.data.reading.cells import INEXACT_FROM
from tf_eval.data.reading.regroup import ROWS_IN_A_GROUP
from tf_eval.errors import InputError, raise_all

MOST_BYTES_OF_A_PLACE = 4  # a column that takes no more for a text holds each text once, and for each row its place


def read(path: Path, date_format: str) -> tuple[list[str], Iterator[Batch]]:
    """Return the names of the columns and the rows, the first of which has the number 1.

    Raises:
        InputError: it is no Parquet file or a column holds other than plain values; and, while the rows are read, that
            it is damaged further on.
    """
    schema = _schema(path)
    unfit = [field for field in schema if not _is_plain(_kind(field.type))]
    problems = [f"column '{field.name}' holds {field.type}, not plain values; write it as text." for field in unfit]
    raise_all(InputError, path.name, problems)
    return schema.names, _batches(path, date_format)


def _damaged(path: Path) -> InputError:
    return InputError(f"{path.name}: not a parquet file that can be read, or damaged; ask for it again.")


def _schema(path: Path) -> pa.Schema:
    try:
        return pq.read_schema(path)
    except (pa.ArrowException, OSError):
        raise _damaged(path) from None


def _batches(path: Path, date_format: str) -> Iterator[Batch]:
    first = 1
    try:
        listed = _listed_columns(path)
        with pq.ParquetFile(path, page_checksum_verification=True, read_dictionary=listed) as file:
            for batch in file.iter_batches(ROWS_IN_A_GROUP):
                batch.validate(full=True)
                columns = [_as_text(column, date_format) for column in batch.columns]
                yield Batch(np.arange(first, first + batch.num_rows), columns)
                first += batch.num_rows
    except (pa.ArrowException, OSError):
        raise _damaged(path) from None


def _listed_columns(path: Path) -> list[str]:
    """Return the columns of text whose texts the file lists, which are quicker to read and to validate as lists."""
    schema, metadata = pq.read_schema(path), pq.read_metadata(path)
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    return [
        field.name
        for place, field in enumerate(schema)
        if pa.types.is_string(field.type) and all(_is_listed(group.column(place)) for group in groups)
    ]


def _is_listed(chunk: pq.ColumnChunkMetaData) -> bool:
    return chunk.total_uncompressed_size <= MOST_BYTES_OF_A_PLACE * chunk.num_values


def _kind(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _is_plain(kind: pa.DataType) -> bool:
    is_binary = pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)
    return not (pa.types.is_nested(kind) or is_binary)


def _as_text(column: pa.Array, date_format: str) -> pa.Array:
    kind = _kind(column.type)
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        distinct = column.dictionary_encode()  # to write a day takes longer than to look it up
        return _days_as_text(distinct.dictionary, date_format).take(distinct.indices)
    column = column.cast(kind)
    if pa.types.is_floating(kind):
        return _number_as_text(column.cast(pa.float32()) if pa.types.is_float16(kind) else column)
    return column.cast(pa.string())


def _days_as_text(column: pa.Array, date_format: str) -> pa.Array:
    """Return dates and times as text; a time with a zone is the day that it is in that zone."""
    has_zone = pa.types.is_timestamp(column.type) and column.type.tz
    local = pc.local_timestamp(column) if has_zone else column
    return pc.strftime(local.cast(pa.timestamp("s"), safe=False), format=date_format)


def _number_as_text(column: pa.Array) -> pa.Array:
    """Return numbers as text; whole ones lose the '.0' that missing values in the column gave them."""
    column = pc.if_else(pc.is_nan(column), None, column)
    is_whole = pc.and_(pc.equal(pc.floor(column), column), pc.less(pc.abs(column), INEXACT_FROM))
    whole = pc.if_else(is_whole, column, None).cast(pa.int64(), safe=False)
    return pc.coalesce(whole.cast(pa.string()), column.cast(pa.string()))
