"""What a clerk decided about pairs of records: honoured whatever the records say."""

from collections.abc import Iterable

import duckdb
import pyarrow as pa

from tf_eval.errors import InputError, raise_all, require_columns

COLUMNS = ("agency_1", "local_id_1", "agency_2", "local_id_2", "same")


def write_decisions(connection: duckdb.DuckDBPyConnection, decisions: pa.Table | None) -> None:
    """Write ``decision`` (record_1 < record_2, same) for the decisions about two records that are both there.

    Args:
        connection: a connection with ``record``.
        decisions: agency_1, local_id_1, agency_2, local_id_2 and same; a column ``row``, where there is one, says in
            which row of the clerk's file a decision stands.

    A decision about a record that has gone (erased, or no longer in the extract) waits without effect.

    Raises:
        InputError: a column is missing, ``same`` is neither true nor false, or decisions contradict one another.
    """
    if decisions is None:
        connection.execute("CREATE TABLE decision (record_1 INTEGER, record_2 INTEGER, same BOOLEAN)")
        return
    require_columns(decisions.column_names, COLUMNS, "decisions")
    connection.register("decided", _with_rows(decisions))
    connection.execute(_NUMBERED)
    connection.unregister("decided")
    _refuse(connection)
    connection.execute("CREATE TABLE decision AS SELECT DISTINCT record_1, record_2, same FROM numbered_decision")


def _with_rows(decisions: pa.Table) -> pa.Table:
    """Return the decisions with the row by which a refusal names each: their own, or else counted from 1."""
    if "row" in decisions.column_names:
        return decisions.select([*COLUMNS, "row"])
    return decisions.select(COLUMNS).append_column("row", pa.array(range(1, decisions.num_rows + 1)))


def _refuse(connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse decisions that cannot all be honoured, by their row numbers: the records themselves name people."""
    rows = connection.execute("SELECT row, record_1, record_2, same FROM numbered_decision ORDER BY row").fetchall()
    problems = [f"row {row}: 'same' has to be true or false." for row, _, _, same in rows if same is None]
    group = _groups((one, other) for _, one, other, same in rows if same)
    problems += [
        f"row {row} keeps two records apart that other rows make one person. Decide again about them."
        for row, one, other, same in rows
        if same is False and group.get(one, one) == group.get(other, other)
    ]
    raise_all(InputError, "decisions", problems)


def _groups(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Return a record of its group for each record that the pairs connect."""
    group: dict[int, int] = {}
    for one, other in pairs:
        first, second = group.get(one, one), group.get(other, other)
        group |= {one: first, other: first}
        group |= {record: first for record, of in group.items() if of == second}
    return group


_NUMBERED = """
    CREATE TABLE numbered_decision AS
    SELECT decided.row, least(a.record, b.record) AS record_1, greatest(a.record, b.record) AS record_2,
        same::BOOLEAN AS same
    FROM decided
    JOIN record AS a ON a.agency = agency_1 AND a.local_id = local_id_1
    JOIN record AS b ON b.agency = agency_2 AND b.local_id = local_id_2
    WHERE a.record <> b.record
"""
