"""Check one extract against the contract in one pass of it; keep what can be used, quarantine and count the rest."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import duckdb

from tf_eval.data.checking.columns import given, typed
from tf_eval.data.checking.judge import Judge, mapped_columns
from tf_eval.data.checking.refusal import refuse_if_hopeless
from tf_eval.data.checking.repeats import create_key_tables, find_repeats, keep_keys
from tf_eval.data.checking.report import write_lines
from tf_eval.data.checking.rules import SQL_TYPES, keys_of
from tf_eval.data.checking.sieve import sift
from tf_eval.data.checking.stream import Stream
from tf_eval.data.contract import TABLES
from tf_eval.data.problems import create_problem_table
from tf_eval.data.reading.extract import Extract
from tf_eval.data.reading.headings import require_headings
from tf_eval.data.source import Source
from tf_eval.errors import InputError


@dataclass(frozen=True)
class Counts:
    """What became of the rows of one source; ``rows_in`` is always the sum of the other two."""

    rows_in: int
    rows_used: int
    rows_quarantined: int


def create_loaded_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the temporary tables ``loaded_TABLE`` and ``problem``, whose rows never reach the county's file."""
    create_problem_table(connection)
    create_key_tables(connection)
    for table in TABLES.values():
        columns = ", ".join(f"{column.name} {SQL_TYPES[column.type]}" for column in table.columns)
        connection.execute(f"CREATE TEMP TABLE loaded_{table.name} (entry INTEGER, row_number BIGINT, {columns})")


def check(
    connection: duckdb.DuckDBPyConnection, source: Source, extract: Extract, *, entry: int, horizon: date | None
) -> Counts:
    """Add an extract's usable rows to ``loaded_TABLE`` and what is wrong with the others to ``problem``.

    Args:
        connection: a connection with the tables ``loaded_*`` and ``problem``.
        source: the entry of the sources file.
        extract: the text of its file, which is read to its end.
        entry: the number of the entry, kept beside each row.
        horizon: the day on which the county's covered time ends.

    Raises:
        InputError: a column is missing, the file cannot be read to its end, more than half of the rows cannot be
            used, or the counts do not add up.
    """
    wanted = sorted({*source.columns.values(), *source.unique})
    require_headings(source.file, extract.columns, wanted, getattr(source.format, "header_row", None))
    judge, stream = Judge.of(source, horizon), Stream(extract, source)
    with _working_tables(connection):
        stream.read(connection, f"CREATE TEMP TABLE sifted AS {sift(source, horizon)}")
        judge.judge(connection)
        connection.execute(_sound(source))
        find_repeats(connection, source)
        quarantined = write_lines(connection, judge, stream.ragged, is_empty=stream.rows_in == 0)
        refuse_if_hopeless(connection, judge, rows_in=stream.rows_in, quarantined=quarantined)
        _keep(connection, source, entry)
        return _reconciled(connection, source, Counts(stream.rows_in, stream.rows_in - quarantined, quarantined), entry)


@contextmanager
def _working_tables(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    try:
        yield
    finally:
        connection.execute("DROP VIEW IF EXISTS temp.sound")
        for table in ("sifted", "judged", "repeated", "line"):
            connection.execute(f"DROP TABLE IF EXISTS temp.{table}")


def _sound(source: Source) -> str:
    """Return the SQL of the view ``sound``: the rows that can be used, all the contract's columns filled in.

    ``is_whole`` says whether a row keeps every rule, so that none of its cells is left empty.
    """
    kept = ", ".join(["row_number", *mapped_columns(source), *keys_of(source)])
    others = [column for column in source.contract.columns if column.name not in source.columns]
    texts = ", ".join(f"{given(source, column)} AS given_{column.name}" for column in others)
    values = ", ".join(f"{typed(source, column)} AS {column.name}" for column in others)
    return f"""
        CREATE OR REPLACE TEMP VIEW sound AS
        SELECT *, {values}
        FROM (
            SELECT *, {texts}
            FROM (
                SELECT {kept}, TRUE AS is_whole FROM sifted WHERE said IS NULL
                UNION ALL SELECT {kept}, len(breaks) = 0 FROM judged WHERE is_used
            )
        )
    """


def _keep(connection: duckdb.DuckDBPyConnection, source: Source, entry: int) -> None:
    columns = ", ".join(source.contract.column_names)
    any_repeated = connection.execute("SELECT count(*) FROM repeated").fetchone()[0] > 0
    first = "ANTI JOIN repeated USING (row_number)" if any_repeated else ""
    connection.execute(f"INSERT INTO loaded_{source.table} SELECT {entry}, row_number, {columns} FROM sound {first}")
    keep_keys(connection, source, entry)
    connection.execute("INSERT INTO problem SELECT * FROM line")


def _reconciled(connection: duckdb.DuckDBPyConnection, source: Source, counts: Counts, entry: int) -> Counts:
    """Count again what was written, independently of how it was decided: no row may be lost or counted twice."""
    required = [column.name for column in source.contract.columns if column.required]
    kept, unfilled = connection.execute(f"""
        SELECT count(*), count(*) FILTER ({" OR ".join(f"{name} IS NULL" for name in required)})
        FROM loaded_{source.table} WHERE entry = {entry}
    """).fetchone()
    if unfilled:
        raise InputError(
            f"{source.file}, table {source.table}: {unfilled:,} rows would be used without a value in a column that "
            "must be filled in. Please report this as a fault."
        )
    if kept != counts.rows_used or kept + counts.rows_quarantined != counts.rows_in:
        raise InputError(
            f"{source.file}, table {source.table}: {counts.rows_in:,} rows in, but {kept:,} used and "
            f"{counts.rows_quarantined:,} quarantined; the rows do not add up. Please report this as a fault."
        )
    return counts
