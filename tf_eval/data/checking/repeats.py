"""Rows with a key that another row has, in one file or in two: which of them is used, and how the others differ.

Of rows that say the same the first is used. Of rows that do not, the one that closes a home or a spell is used, for an
end that was once known does not become unknown; then one of which every cell can be used; otherwise the last, for an
agency mends a row by sending it again. Records of persons that share a number and nothing else (neither forename nor
surname nor birth date) are two people's, and none of them is used.
"""

from collections.abc import Mapping

import duckdb
import numpy as np
import pyarrow as pa

from tf_eval.data.checking.rules import key_of
from tf_eval.data.contract import PERSON_RECORD, RESIDENCE, SPELL
from tf_eval.data.source import Source
from tf_eval.data.sql import literal, words

REPEATED, OTHER_CONTENT, TWO_PEOPLE = "repeated row", "same key, other content", "one number, two people"
SAME = (REPEATED, "another row with the same key and the same content was used")
ENDED = (OTHER_CONTENT, "of the rows with this key, the one with an end date was used; find out which is right")
WHOLE = (OTHER_CONTENT, "the row with this key of which every cell can be used was used; find out which is right")
LAST = (OTHER_CONTENT, "of the rows with this key, the last one was used; find out which is right")
TAKEN_OVER = (OTHER_CONTENT, "its content was used in place of that of the row with this key in an earlier file")
WHOSE = (
    TWO_PEOPLE,
    "two people have this number, so that nobody can tell whose its other rows are; ask for numbers of their own",
)
WHOSE_EARLIER = (
    TWO_PEOPLE,
    "an earlier file has another person under this number, whose record was kept; find out whose it is",
)
_WHO = ("forename", "surname", "birth_date")
# What is told of a row that is not used, by the condition under which it is.
_IN_FILE = {
    "are_two": WHOSE,
    "is_same": SAME,
    "is_best_ended AND NOT is_ended": ENDED,
    "is_best_whole AND NOT is_whole": WHOLE,
    "TRUE": LAST,
}
_IN_TWO_FILES = {
    "are_two": WHOSE_EARLIER,
    "is_same": SAME,
    "is_end_kept": ENDED,
    "stays": WHOLE,
    "TRUE": TAKEN_OVER,
}


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
            SELECT *, {_content(source)} AS content, {_is_ended(source)} AS is_ended
            FROM sound ANTI JOIN repeated USING (row_number) WHERE hash({key}) IN (SELECT hash FROM again)
        ), ranked AS (
            SELECT *, first(content) OVER best AS best, first(is_ended) OVER best AS is_best_ended,
                first(is_whole) OVER best AS is_best_whole
            FROM alike WINDOW best AS (PARTITION BY {key} ORDER BY is_ended DESC, is_whole DESC, row_number DESC)
        ), compared AS (
            SELECT *, content IS NOT DISTINCT FROM best AS is_same, {_are_two_people(source, columns)} AS are_two,
                min(row_number) FILTER (content IS NOT DISTINCT FROM best) OVER same_key AS used
            FROM ranked WINDOW same_key AS (PARTITION BY {key})
        )
        SELECT row_number, {_first_that_holds(_IN_FILE)}, NULL, NULL
        FROM compared WHERE are_two OR row_number <> used
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
    same = " AND ".join(f"later.{name} IS NOT DISTINCT FROM matched_{place}" for place, name in enumerate(columns))
    connection.execute(f"""
        INSERT INTO repeated
        WITH later AS (
            SELECT *, {_content(source)} AS content, {_is_ended(source)} AS is_ended
            FROM sound ANTI JOIN repeated USING (row_number)
        ), earlier AS (
            SELECT *, {_content(source)} AS content, {_is_ended(source)} AS is_ended FROM ({earlier})
        ), pair AS (
            SELECT later.row_number, later.content IS NOT DISTINCT FROM earlier.content AS is_same,
                earlier.is_ended AND NOT later.is_ended AS is_end_kept, {_is_another_person(source)} AS are_two,
                is_end_kept OR are_two OR NOT is_whole AS stays, entry, earlier.row_number AS earlier_row
            FROM later JOIN earlier ON {same}
            QUALIFY row_number() OVER (PARTITION BY later.row_number ORDER BY entry, earlier.row_number) = 1
        )
        SELECT row_number, {_first_that_holds(_IN_TWO_FILES)},
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


def _first_that_holds(told: Mapping[str, tuple[str, str]]) -> str:
    """Return the SQL of the rule and of the advice that go with the first condition that holds."""
    return ", ".join(
        f"CASE {' '.join(f'WHEN {condition} THEN {literal(words[part])}' for condition, words in told.items())} END"
        for part in range(2)
    )


def _are_two_people(source: Source, columns: list[str]) -> str:
    """Return the SQL condition that the rows of one key (the window ``same_key``) are records of two people."""
    if source.contract is not PERSON_RECORD or tuple(columns) != PERSON_RECORD.key:
        return "FALSE"
    differ = (f"min({name}) OVER same_key <> max({name}) OVER same_key" for name in _WHO)
    return f"coalesce({' AND '.join(differ)}, FALSE)"


def _is_another_person(source: Source) -> str:
    """Return the SQL condition that the rows ``later`` and ``earlier`` are records of two people."""
    if source.contract is not PERSON_RECORD:
        return "FALSE"
    differ = (f"later.{name} <> earlier.{name}" for name in _WHO)
    return f"coalesce({' AND '.join(differ)}, FALSE)"


def _loaded(source: Source) -> str:
    return f"loaded_{source.table}"


def _place(source: Source) -> str:
    """Return which rows an entry reads: a file, and the part of it."""
    return f"{source.file} {source.format!r}"


def _content(source: Source) -> str:
    return f"row({', '.join(source.contract.column_names)})"


def _is_ended(source: Source) -> str:
    return "end_date IS NOT NULL" if source.contract in (RESIDENCE, SPELL) else "FALSE"
