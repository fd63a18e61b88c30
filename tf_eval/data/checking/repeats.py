"""Rows that say what another row has said: the same key a second time, in one file or in two."""

import duckdb
import numpy as np
import pyarrow as pa

from tf_eval.data.checking.rules import key_of, keys_of
from tf_eval.data.source import Source
from tf_eval.data.sql import literal


def find_repeats(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Write the table ``repeated``: the row_number of each row that is not the first with its key, each once.

    Args:
        connection: a connection with the view ``sound`` of the rows that keep every other rule, and ``loaded_TABLE``.
            Only these are compared: a broken first row must not take the good second one with it.
        source: the entry of the sources file.
    """
    connection.execute("CREATE OR REPLACE TEMP TABLE repeated (row_number BIGINT)")
    own, key = keys_of(source), list(key_of(source))
    for columns in filter(None, (own, key)):
        _find_in_file(connection, columns)
    if key:
        _find_in_earlier_files(connection, source, key)
    connection.execute("CREATE OR REPLACE TEMP TABLE repeated AS SELECT DISTINCT row_number FROM repeated")


def _find_in_file(connection: duckdb.DuckDBPyConnection, columns: list[str]) -> None:
    """Sort hashes, and compare the keys themselves only where a hash stands twice: few rows, seldom any."""
    key = ", ".join(columns)
    hashes = np.asarray(connection.execute(f"SELECT hash({key}) AS hash FROM sound").fetchnumpy()["hash"])
    hashes.sort()
    again = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
    if not len(again):
        return
    connection.register("again", pa.table({"hash": again}))
    connection.execute(f"""
        INSERT INTO repeated
        SELECT row_number FROM (SELECT row_number, {key} FROM sound WHERE hash({key}) IN (SELECT hash FROM again))
        QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY row_number) > 1
    """)
    connection.unregister("again")


def _find_in_earlier_files(connection: duckdb.DuckDBPyConnection, source: Source, columns: list[str]) -> None:
    """Compare with the rows that other entries of the sources file gave, of the same agency where there is one."""
    own = f"WHERE agency = {literal(source.agency)}" if source.contract.of_persons else ""
    same = " AND ".join(f"sound.{name} IS NOT DISTINCT FROM earlier.{name}" for name in columns)
    connection.execute(f"""
        INSERT INTO repeated
        SELECT row_number FROM sound
        SEMI JOIN (SELECT {", ".join(columns)} FROM loaded_{source.table} {own}) AS earlier ON {same}
    """)
