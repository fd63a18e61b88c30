"""What is wrong with the rows of one extract: one line for each rule that a row breaks, never a value."""

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from tf_eval.data.checking.judge import Judge
from tf_eval.data.checking.rules import Rule
from tf_eval.data.checking.shapes import shape
from tf_eval.data.sql import literal

SET_ASIDE, LEFT_EMPTY = "set aside", "left empty"
RAGGED = Rule("", "number of fields", "", "the row has more or fewer fields than the header; is the delimiter right?")
EMPTY = Rule("", "no rows", "", "the extract has a header and no rows, so its months would count as zero")


def write_lines(connection: duckdb.DuckDBPyConnection, judge: Judge, ragged: Sequence[int], *, is_empty: bool) -> int:
    """Write the table ``line``, of the form of ``problem``, and return how many rows it sets aside.

    Args:
        connection: a connection with the tables ``judged`` and ``repeated``.
        judge: the rules of the source.
        ragged: the numbers of the rows that have more or fewer fields than the header.
        is_empty: whether the extract has no rows at all.
    """
    place = f"{literal(judge.source.agency)}, {literal(judge.source.file)}, {literal(judge.source.table)}"
    connection.register("rule_list", _rule_list(judge))
    connection.register("ragged", pa.table({"row_number": pa.array(ragged, pa.int64())}))
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE line AS
        WITH broken AS (
            SELECT row_number, unnest(breaks) AS number, said, is_used FROM judged
        )
        SELECT {place}, row_number, column_name, rule,
            CASE WHEN is_used THEN {literal(LEFT_EMPTY)} ELSE {literal(SET_ASIDE)} END AS severity,
            {shape("said[place]")} AS shape, NULL::VARCHAR AS place, advice
        FROM broken JOIN rule_list USING (number)
        UNION ALL
        SELECT {place}, row_number, NULL, rule, {literal(SET_ASIDE)}, NULL, NULL, advice FROM repeated
        UNION ALL
        SELECT {place}, row_number, NULL, {literal(RAGGED.name)}, {literal(SET_ASIDE)}, NULL, NULL,
            {literal(RAGGED.advice)}
        FROM ragged
        UNION ALL
        SELECT {place}, NULL, NULL, {literal(EMPTY.name)}, 'pattern', NULL, 'the whole file', {literal(EMPTY.advice)}
        WHERE {is_empty}
        ORDER BY row_number, column_name, rule
    """)
    connection.unregister("rule_list")
    connection.unregister("ragged")
    return connection.execute("SELECT count(DISTINCT row_number) FROM line WHERE severity = ?", [SET_ASIDE]).fetchone()[
        0
    ]


def _rule_list(judge: Judge) -> pa.Table:
    return pa.table(
        {
            "number": pa.array(range(len(judge.rules)), pa.int32()),
            "column_name": pa.array([judge.shown(rule) or None for rule in judge.rules], pa.string()),
            "rule": [rule.name for rule in judge.rules],
            "place": pa.array([judge.place(rule) for rule in judge.rules], pa.int32()),
            "advice": [rule.advice for rule in judge.rules],
        }
    )
