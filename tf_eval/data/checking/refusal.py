"""A file of which more than half cannot be used: its mapping is wrong, not its rows."""

import duckdb

from tf_eval.data import dates
from tf_eval.data.checking.columns import date_format_of, trimmed
from tf_eval.data.checking.judge import BLANK, Judge
from tf_eval.data.checking.repeats import REPEATED
from tf_eval.data.checking.rules import Rule
from tf_eval.data.sql import literal, words
from tf_eval.errors import InputError

MOST_QUARANTINED = 0.5


def refuse_if_hopeless(connection: duckdb.DuckDBPyConnection, judge: Judge, *, rows_in: int, quarantined: int) -> None:
    """Refuse a file that nobody should repair row by row, and say what most of its rows have in common.

    Blank rows are no rows to lose, and rows that were sent before speak for the mapping, not against it.

    Args:
        connection: a connection with the view ``sifted`` and the table ``line``.
        judge: the rules of the source.
        rows_in: how many rows the file holds.
        quarantined: how many of them are set aside.

    Raises:
        InputError: more than half of the other rows cannot be used.
    """
    blank, repeated = (_rows_of(connection, rule) for rule in (BLANK.name, REPEATED))
    if quarantined - blank - repeated <= MOST_QUARANTINED * (rows_in - blank):
        return
    name, column, advice, rows = connection.execute(f"""
        SELECT rule, column_name, advice, count(*) AS rows FROM line
        WHERE severity = 'set aside' AND rule NOT IN ({words([BLANK.name, REPEATED])})
        GROUP BY ALL ORDER BY rows DESC, column_name, rule LIMIT 1
    """).fetchone()
    about = f"column '{column}', " if column else ""
    guess = "".join(_guess(connection, judge, rule) for rule in judge.rules if _is(judge, rule, name, column))
    raise InputError(
        f"{judge.source.file}: {quarantined:,} of {rows_in:,} rows cannot be used. "
        f"{about}{name} ({rows:,} rows): {advice}.{guess}"
    )


def _rows_of(connection: duckdb.DuckDBPyConnection, rule: str) -> int:
    return connection.execute("SELECT count(*) FROM line WHERE rule = ?", [rule]).fetchone()[0]


def _is(judge: Judge, rule: Rule, name: str, column: str) -> bool:
    return (rule.name, judge.shown(rule)) == (name, column) and name == "date format"


def _guess(connection: duckdb.DuckDBPyConnection, judge: Judge, rule: Rule) -> str:
    """Name the one format that every date of the column has, if there is just one."""
    read = f"strftime({rule.column}, {literal(date_format_of(judge.source))})"
    fits = connection.execute(f"""
        SELECT {", ".join(f"bool_and({_has_format('text', candidate)})" for candidate in dates.CANDIDATES)}
        FROM (
            SELECT DISTINCT CASE WHEN said IS NULL THEN {read} ELSE {trimmed(f"said[{judge.place(rule)}]")} END AS text
            FROM sifted
        ) WHERE text IS NOT NULL
    """).fetchone()
    fitting = [candidate for candidate, fit in zip(dates.CANDIDATES, fits, strict=True) if fit]
    return f" All of its dates look like {fitting[0]}: declare that as date_format." if len(fitting) == 1 else ""


def _has_format(text: str, date_format: str) -> str:
    fits = f"regexp_full_match({text}, {literal(dates.regex(date_format))})"
    return f"({fits} AND try_strptime({text}, {literal(date_format)}) IS NOT NULL)"
