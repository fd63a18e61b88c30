"""Rows with a key that another row has, in one file or in two: which of them is used, and how the others differ.

Of rows that say the same the first is used. Of rows that do not, the one that closes a home or a spell is used, for an
end that was once known does not become unknown; then one of which every cell can be used; otherwise the last, for an
agency mends a row by sending it again.
"""

import duckdb
import numpy as np
import pyarrow as pa

from tf_eval.data.checking.rules import key_of
from tf_eval.data.contract import RESIDENCE, SPELL
from tf_eval.data.source import Source
from tf_eval.data.sql import literal, words

REPEATED, OTHER_CONTENT = "repeated row", "same key, other content"
_SAME = "another row with the same key and the same content was used"
_ENDED = "of the rows with this key, the one with an end date was used; find out which is right"
_WHOLE = "the row with this key of which every cell can be used was used; find out which is right"
_LAST = "of the rows with this key, the last one was used; find out which is right"
_TAKEN_OVER = "its content was used in place of that of the row with this key in an earlier file"


def create_keyed_entries(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the temporary table of the entries whose rows the sources file tells apart by ``unique``."""
    connection.execute("""
        CREATE TEMP TABLE keyed_entry (
            entry INTEGER, agency VARCHAR, table_name VARCHAR, names VARCHAR[], kinds VARCHAR[], place VARCHAR)
    """)


def find_repeats(connection: duckdb.DuckDBPyConnection, source: Source, entry: int) -> None:
    """Write the table ``repeated``: row_number, rule and advice of each row that is not used, for its key is another's.

    A row whose content is to take the place of an earlier file's has that one's ``earlier_entry`` and ``earlier_row``.

    Args:
        connection: a connection with the view ``sound`` of the rows that keep every other rule, and ``loaded_TABLE``.
            Only these are compared: a broken first row must not take the good second one with it.
        source: the entry of the sources file.
        entry: its number.
    """
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE repeated (
            row_number BIGINT, rule VARCHAR, advice VARCHAR, earlier_entry INTEGER, earlier_row BIGINT)
    """)
    own, key = ["keys"] if source.unique else [], list(key_of(source))
    for columns in filter(None, (own, key)):
        _find_in_file(connection, source, columns)
    if key:
        _find_in_earlier_files(connection, source, _earlier_by_key(source, entry, key), key)
    elif own:
        _find_in_earlier_files(connection, source, _earlier_by_number(source), own)


def keep_entry(connection: duckdb.DuckDBPyConnection, source: Source, entry: int) -> None:
    """Keep by which columns the rows of an entry are told apart, for the files to come."""
    if not source.unique or key_of(source):
        return
    connection.execute(
        "INSERT INTO keyed_entry VALUES (?, ?, ?, ?, ?, ?)",
        [entry, source.agency, source.table, list(source.unique), list(source.kinds), _place(source)],
    )


def _find_in_file(connection: duckdb.DuckDBPyConnection, source: Source, columns: list[str]) -> None:
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
        WITH alike AS (
            SELECT row_number, {key}, {_content(source)} AS content, {_is_ended(source)} AS is_ended, is_whole
            FROM sound ANTI JOIN repeated USING (row_number) WHERE hash({key}) IN (SELECT hash FROM again)
        ), ranked AS (
            SELECT *, first(content) OVER best AS best, first(is_ended) OVER best AS is_best_ended,
                first(is_whole) OVER best AS is_best_whole
            FROM alike WINDOW best AS (PARTITION BY {key} ORDER BY is_ended DESC, is_whole DESC, row_number DESC)
        ), compared AS (
            SELECT *, content IS NOT DISTINCT FROM best AS is_same,
                min(row_number) FILTER (content IS NOT DISTINCT FROM best) OVER (PARTITION BY {key}) AS used
            FROM ranked
        )
        SELECT row_number, CASE WHEN is_same THEN {literal(REPEATED)} ELSE {literal(OTHER_CONTENT)} END,
            CASE WHEN is_same THEN {literal(_SAME)} WHEN is_best_ended AND NOT is_ended THEN {literal(_ENDED)}
                WHEN is_best_whole AND NOT is_whole THEN {literal(_WHOLE)} ELSE {literal(_LAST)} END,
            NULL, NULL
        FROM compared WHERE row_number <> used
    """)
    connection.unregister("again")


def _earlier_by_key(source: Source, entry: int, key: list[str]) -> str:
    """Return the SQL of the rows that other entries gave, of the same agency where there is one."""
    own = f"AND agency = {literal(source.agency)}" if source.contract.of_persons else ""
    matched = ", ".join(f"{name} AS matched_{place}" for place, name in enumerate(key))
    return f"SELECT *, {matched} FROM {_loaded(source)} WHERE entry <> {entry} {own}"


def _earlier_by_number(source: Source) -> str:
    """Return the SQL of the rows of the agency's other files that are told apart by columns of the same names.

    Files of other kinds have numbers of their own, and so have the events that are read out of one row twice.
    """
    return f"""
        SELECT loaded.*, keys AS matched_0
        FROM {_loaded(source)} AS loaded JOIN keyed_entry USING (entry)
        WHERE keyed_entry.agency = {literal(source.agency)} AND table_name = {literal(source.table)}
            AND names = [{words(source.unique)}] AND place <> {literal(_place(source))}
            AND (len(kinds) = 0 OR {not source.kinds} OR list_has_any(kinds, [{words(source.kinds)}]::VARCHAR[]))
    """


def _find_in_earlier_files(
    connection: duckdb.DuckDBPyConnection, source: Source, earlier: str, columns: list[str]
) -> None:
    """Compare the rows left with those of earlier files; an end, or a cell, that only the earlier row has stays."""
    if not connection.execute(f"SELECT EXISTS ({earlier})").fetchone()[0]:
        return
    same = " AND ".join(f"{name} IS NOT DISTINCT FROM matched_{place}" for place, name in enumerate(columns))
    connection.execute(f"""
        INSERT INTO repeated
        WITH later AS (
            SELECT *, {_content(source)} AS content, {_is_ended(source)} AS is_ended
            FROM sound ANTI JOIN repeated USING (row_number)
        ), earlier AS (
            SELECT entry, row_number, {", ".join(f"matched_{place}" for place in range(len(columns)))},
                {_content(source)} AS content, {_is_ended(source)} AS is_ended
            FROM ({earlier})
        ), pair AS (
            SELECT later.row_number, later.content IS NOT DISTINCT FROM earlier.content AS is_same,
                earlier.is_ended AND NOT later.is_ended AS is_end_kept, is_end_kept OR NOT is_whole AS stays,
                entry, earlier.row_number AS earlier_row
            FROM later JOIN earlier ON {same}
            QUALIFY row_number() OVER (PARTITION BY later.row_number ORDER BY entry, earlier.row_number) = 1
        )
        SELECT row_number, CASE WHEN is_same THEN {literal(REPEATED)} ELSE {literal(OTHER_CONTENT)} END,
            CASE WHEN is_same THEN {literal(_SAME)} WHEN is_end_kept THEN {literal(_ENDED)}
                WHEN stays THEN {literal(_WHOLE)} ELSE {literal(_TAKEN_OVER)} END,
            CASE WHEN NOT is_same AND NOT stays THEN entry END,
            CASE WHEN NOT is_same AND NOT stays THEN earlier_row END
        FROM pair
    """)


def take_over(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Give the earlier row the later one's content; it stays counted as used, and the later one as set aside."""
    values = ", ".join(f"{name} = anew.{name}" for name in source.contract.column_names)
    connection.execute(f"""
        UPDATE {_loaded(source)} AS loaded SET {values}
        FROM (SELECT * FROM sound JOIN repeated USING (row_number) WHERE earlier_entry IS NOT NULL) AS anew
        WHERE loaded.entry = earlier_entry AND loaded.row_number = earlier_row
    """)


def _loaded(source: Source) -> str:
    return f"loaded_{source.table}"


def _place(source: Source) -> str:
    """Return which rows an entry reads: a file, and the part of it."""
    return f"{source.file} {source.format!r}"


def _content(source: Source) -> str:
    return f"row({', '.join(source.contract.column_names)})"


def _is_ended(source: Source) -> str:
    return "end_date IS NOT NULL" if source.contract in (RESIDENCE, SPELL) else "FALSE"
