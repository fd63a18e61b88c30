"""The questions as hand-written SQL in DuckDB."""

import os
from pathlib import Path

import duckdb
import pyarrow as pa

from benchmarks.cohort_peers import statements

MEMORY = "BENCHMARK_MEMORY"


def open_session(folder: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection on which every table is a view of its Parquet file."""
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    if MEMORY in os.environ:
        connection.execute(f"SET memory_limit = '{os.environ[MEMORY]}'")
    for file in sorted(folder.glob("*.parquet")):
        connection.execute(f"CREATE VIEW {file.stem} AS FROM read_parquet('{file}')")
    return connection


def windows(session: duckdb.DuckDBPyConnection) -> pa.Table:
    return _table(session, statements.windows(_expand))


def eligibility(session: duckdb.DuckDBPyConnection) -> pa.Table:
    return _table(session, statements.eligibility())


def evidence(session: duckdb.DuckDBPyConnection) -> pa.Table:
    session.execute(f"CREATE TEMPORARY TABLE {statements.FOUND} AS {statements.eligibility()}")
    return _table(session, statements.evidence())


def panel(session: duckdb.DuckDBPyConnection) -> pa.Table:
    return _table(session, statements.panel(_expand))


def _table(session: duckdb.DuckDBPyConnection, statement: str) -> pa.Table:
    return session.execute(statement).to_arrow_table()


def _expand(start: str, end: str) -> str:
    return f"UNNEST(RANGE({start}, {end}))"
