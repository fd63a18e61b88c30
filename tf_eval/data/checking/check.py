"""Check one extract against the contract in one pass of it; keep what can be used, quarantine and count the rest."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import duckdb

from tf_eval.data.checking.judge import Judge
from tf_eval.data.checking.refusal import refuse_if_hopeless
from tf_eval.data.checking.repeats import create_keyed_entries, find_repeats, keep_entry, take_over
from tf_eval.data.checking.report import write_lines
from tf_eval.data.checking.rules import SQL_TYPES
from tf_eval.data.checking.sieve import dictionaries, sift
from tf_eval.data.checking.stream import Stream
from tf_eval.data.contract import TABLES
from tf_eval.data.problems import create_problem_table
from tf_eval.data.reading.extract import Extract
from tf_eval.data.reading.headings import require_headings
from tf_eval.data.source import Source
from tf_eval.errors import InputError


@dataclass(frozen=True)
class Counts:
    """What became of the rows of one source; ``rows_in`` is always the sum of the others."""

    rows_in: int
    rows_used: int
    rows_quarantined: int
    rows_left_out: int


def create_loaded_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the temporary tables ``loaded_TABLE`` and ``problem``, whose rows never reach the county's file.

    ``keys`` are the texts by which the sources file tells rows apart (``unique``). A row that is held back stands there
    too, with its text in ``said``, until it is judged: to write all rows again without the few costs more than parsing.
    """
    create_problem_table(connection)
    create_keyed_entries(connection)
    for table in TABLES.values():
        columns = ", ".join(f"{column.name} {SQL_TYPES[column.type]}" for column in table.columns)
        connection.execute(f"""
            CREATE TEMP TABLE loaded_{table.name} (
                entry INTEGER, row_number BIGINT, {columns}, keys VARCHAR[], said VARCHAR[])
        """)


def close_loaded_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Leave only the rows' numbers and the contract's columns in ``loaded_TABLE``, once every extract is checked."""
    for table in TABLES:
        for column in ("keys", "said"):
            connection.execute(f"ALTER TABLE loaded_{table} DROP COLUMN {column}")


def check(
    connection: duckdb.DuckDBPyConnection, source: Source, extract: Extract, *, entry: int, horizon: date | None
) -> Counts:
    """Add an extract's usable rows to ``loaded_TABLE`` and what is wrong with the others to ``problem``.

    Args:
        connection: a connection with the tables ``loaded_*``, in which nothing stays of an extract that is refused, and
            ``problem``.
        source: the entry of the sources file.
        extract: the text of its file, which is read to its end.
        entry: the number of the entry, kept beside each row.
        horizon: the day on which the county's covered time ends.

    Raises:
        InputError: a column is missing, the file cannot be read to its end, more than half of the rows cannot be
            used, or the counts do not add up.
    """
    wanted = sorted({*source.columns.values(), *source.unique, *source.leave_out})
    require_headings(source.file, extract.columns, wanted, getattr(source.format, "header_row", None))
    judge, stream = Judge.of(source, horizon), Stream(extract, source)
    with _working_tables(connection, source, entry):
        sifting = f"INSERT INTO loaded_{source.table} SELECT {entry}, * FROM ({sift(source, horizon)})"
        stream.read(connection, sifting, dictionaries(source, horizon))
        judge.judge(connection)
        connection.execute(_sound(source))
        find_repeats(connection, source, entry)
        quarantined = write_lines(connection, judge, stream.ragged, is_empty=stream.rows_in == 0)
        left_out = connection.execute("SELECT count(*) FROM sifted WHERE len(said) = 0").fetchone()[0]
        refuse_if_hopeless(connection, judge, rows_in=stream.rows_in - left_out, quarantined=quarantined)
        _keep(connection, source, entry)
        used = stream.rows_in - quarantined - left_out
        return _reconciled(connection, source, Counts(stream.rows_in, used, quarantined, left_out), entry)


@contextmanager
def _working_tables(connection: duckdb.DuckDBPyConnection, source: Source, entry: int) -> Iterator[None]:
    """Name the rows of the entry ``sifted``; whatever fails, leave none of them behind."""
    loaded = f"loaded_{source.table}"
    connection.execute(f"CREATE OR REPLACE TEMP VIEW sifted AS FROM {loaded} WHERE entry = {entry}")
    try:
        yield
    except BaseException:
        connection.execute(f"DELETE FROM {loaded} WHERE entry = {entry}")
        raise
    finally:
        for view in ("sound", "sifted"):
            connection.execute(f"DROP VIEW IF EXISTS temp.{view}")
        for table in ("judged", "repeated", "line"):
            connection.execute(f"DROP TABLE IF EXISTS temp.{table}")


def _sound(source: Source) -> str:
    """Return the SQL of the view ``sound``: the rows that can be used.

    ``is_whole`` says whether a row keeps every rule, so that none of its cells is left empty.
    """
    kept = ", ".join(["row_number", *source.contract.column_names, "keys"])
    return f"""
        CREATE OR REPLACE TEMP VIEW sound AS
        SELECT {kept}, TRUE AS is_whole FROM sifted WHERE said IS NULL
        UNION ALL SELECT {kept}, len(breaks) = 0 FROM judged WHERE is_used
    """


def _keep(connection: duckdb.DuckDBPyConnection, source: Source, entry: int) -> None:
    """Take what was held back or is repeated out of ``loaded_TABLE``, and put back what was judged to be sound."""
    loaded, columns = f"loaded_{source.table}", ", ".join(["row_number", *source.contract.column_names, "keys"])
    take_over(connection, source)
    connection.execute(f"""
        DELETE FROM {loaded} WHERE entry = {entry} AND said IS NOT NULL;
        INSERT INTO {loaded} (entry, {columns}) SELECT {entry}, {columns} FROM judged WHERE is_used;
        DELETE FROM {loaded} USING repeated WHERE entry = {entry} AND {loaded}.row_number = repeated.row_number;
        INSERT INTO problem SELECT * FROM line
    """)
    keep_entry(connection, source, entry)


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
    if kept != counts.rows_used or kept + counts.rows_quarantined + counts.rows_left_out != counts.rows_in:
        raise InputError(
            f"{source.file}, table {source.table}: {counts.rows_in:,} rows in, but {kept:,} used, "
            f"{counts.rows_quarantined:,} quarantined and {counts.rows_left_out:,} left out; the rows do not add up. "
            "Please report this as a fault."
        )
    return counts
