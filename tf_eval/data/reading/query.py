"""Read the rows of a query on an agency's database as text, and keep them as a file that can be hashed.

No message holds the database's URL, for the password is in it, nor what the database says, for that may quote a value.
"""

import os
import secrets
import tempfile
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from tf_eval.data.formats import SqlFormat
from tf_eval.data.reading.batch import Batch
from tf_eval.data.reading.cells import as_text
from tf_eval.data.reading.extract import ISO_DATE, ROW_NUMBER, Extract
from tf_eval.data.sql import literal
from tf_eval.errors import InputError

ROWS_IN_A_BATCH = 1 << 13
ROWS_IN_A_GROUP = 1 << 17


def read_query(name: str, layout: SqlFormat, date_format: str | None = None) -> Extract:
    """Return what a query returns now, as text; the rows have numbers in the order in which they come.

    Args:
        name: what to call the query in messages.
        layout: the query, and the environment variable that holds the database's SQLAlchemy URL.
        date_format: how to write dates, so that one rule checks all.

    Raises:
        InputError: the variable is not set, the driver is not installed, the database cannot be reached, it refuses
            the query, or a column holds other than plain values.
    """
    rows = _rows(name, layout)
    columns = next(rows)
    try:
        return Extract.of(name, columns, _batches(name, columns, rows, date_format or ISO_DATE))
    except InputError:
        rows.close()
        raise


def snapshot(name: str, layout: SqlFormat, date_format: str | None, folder: Path) -> Path:
    """Run a query and keep its rows in ``folder`` as a Parquet file of text, for its owner alone; return the file.

    The rows are sorted, so the same rows make the same bytes in whatever order the database hands them out.

    Args:
        name: the file's name without its ending.
        layout: the query.
        date_format: how to write dates.
        folder: where the file goes; made if need be. A file of that name is replaced in one step.

    Raises:
        InputError: as for ``read_query``, or the name is not fit for a file.
    """
    if Path(name).name != name:
        raise InputError(f"{name}: the name of a query becomes that of a file; leave out slashes.")
    extract = read_query(name, layout, date_format)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / f"{name}.parquet"
    draft = folder / f".{name}.{secrets.token_hex(4)}"
    try:
        with extract.own_errors(), open(draft, "xb", opener=_for_its_owner) as file:
            _write_sorted(extract, file, folder)
        os.replace(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    return target


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _write_sorted(extract: Extract, file: IO[bytes], folder: Path) -> None:
    """Write the rows in the order of their columns; what does not fit in memory is sorted in the same folder."""
    with tempfile.TemporaryDirectory(prefix=".sorting-", dir=folder) as spill, duckdb.connect() as connection:
        connection.execute(f"SET temp_directory = {literal(spill)}")
        connection.register("extract", extract.rows)
        ordered = connection.execute(f'SELECT * EXCLUDE ("{ROW_NUMBER}") FROM extract ORDER BY ALL')
        schema = pa.schema([(column, pa.string()) for column in extract.columns])
        with pq.ParquetWriter(file, schema, compression="zstd", write_page_checksum=True) as writer:
            for batch in ordered.to_arrow_reader(ROWS_IN_A_GROUP):
                writer.write_batch(batch.cast(schema))


def _rows(name: str, layout: SqlFormat) -> Generator[list, None, None]:
    """Yield the names of the columns and then lists of rows; nothing that the query may have changed is committed."""
    with _engine(name, layout) as engine, _own_errors(name, "the database cannot be reached or lets nobody in"):
        connection = engine.connect()
        with connection, _own_errors(name, "the database refuses the query or breaks off"):
            result = connection.execution_options(
                stream_results=True, max_row_buffer=ROWS_IN_A_BATCH, no_parameters=True
            ).exec_driver_sql(layout.query)
            if not result.returns_rows:
                raise InputError(f"{name}: the query returns no rows; write one SELECT.")
            yield list(result.keys())
            yield from result.partitions(ROWS_IN_A_BATCH)


@contextmanager
def _engine(name: str, layout: SqlFormat) -> Iterator[sqlalchemy.Engine]:
    url = os.environ.get(layout.url_from)
    if not url:
        raise InputError(
            f"{name}: set the environment variable {layout.url_from} to the database's URL, such as "
            "postgresql+psycopg://user:password@host/database."
        )
    try:
        engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool, hide_parameters=True)
    except NoSuchModuleError:
        raise InputError(f"{name}: {layout.url_from} names a kind of database that SQLAlchemy does not know.") from None
    except ImportError as error:
        raise InputError(f"{name}: the driver '{error.name}' is not installed; pip install it.") from None
    except (ArgumentError, ValueError):
        raise InputError(f"{name}: what {layout.url_from} holds is no SQLAlchemy URL.") from None
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _own_errors(name: str, what: str) -> Iterator[None]:
    """Say what failed, and of the database's own words only the kind of error, which holds no value."""
    try:
        yield
    except SQLAlchemyError as error:
        kind = error.orig if isinstance(error, DBAPIError) else error
        raise InputError(f"{name}: {what} ({type(kind).__name__}).") from None


def _batches(name: str, columns: list[str], rows: Generator[list, None, None], date_format: str) -> Iterator[Batch]:
    first = 1
    with closing(rows):
        for some in rows:
            by_column = zip(columns, zip(*some, strict=True), strict=True)
            texts = [_column(name, column, values, date_format) for column, values in by_column]
            yield Batch(np.arange(first, first + len(some)), texts)
            first += len(some)


def _column(name: str, column: str, values: tuple, date_format: str) -> pa.Array:
    try:
        return pa.array([as_text(value, date_format) for value in values], pa.string())
    except TypeError as error:
        raise InputError(f"{name}: column '{column}' holds {error}, not plain values; cast it in the query.") from None
