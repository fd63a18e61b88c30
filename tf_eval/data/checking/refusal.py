"""A file most of whose rows, or of the cells of one column, cannot be used: its mapping is wrong, not its rows."""

import duckdb

from tf_eval.data import dates
from tf_eval.data.checking.columns import DATE_FORMAT, date_format_of, trimmed
from tf_eval.data.checking.judge import BLANK, Judge, mapped_columns
from tf_eval.data.checking.repeats import REPEATED
from tf_eval.data.checking.report import LEFT_EMPTY, SET_ASIDE
from tf_eval.data.checking.rules import NO_PERSON, Rule
from tf_eval.data.sql import literal, words
from tf_eval.errors import InputError

MOST_LOST = 0.5
FEW_CELLS = 10  # of a column that is hardly ever filled in, so few say nothing of its mapping


def refuse_if_hopeless(connection: duckdb.DuckDBPyConnection, judge: Judge, *, rows_in: int, quarantined: int) -> None:
    """Refuse a file that nobody should repair row by row, and say what most of its rows have in common.

    Blank rows are no rows to lose, and rows that were sent before speak for the mapping, not against it.

    Args:
        connection: a connection with the views ``sifted`` and ``sound`` and the tables ``judged`` and
            ``line``.
        judge: the rules of the source.
        rows_in: how many rows the file holds.
        quarantined: how many of them are set aside.

    Raises:
        InputError: more than half of the other rows, or of the cells of one column, cannot be used.
    """
    blank, repeated = (_rows_of(connection, rule) for rule in (BLANK.name, REPEATED))
    if quarantined - blank - repeated > MOST_LOST * (rows_in - blank):
        commonest = _commonest(connection, f"severity = {literal(SET_ASIDE)}")
        raise _refusal(connection, judge, f"{quarantined:,} of {rows_in:,} rows cannot be used", commonest)
    for column, lost in _cells_lost(connection):
        filled = lost + _cells_used(connection, judge, column)
        if lost > MOST_LOST * filled and lost > min(MOST_LOST * (rows_in - blank), FEW_CELLS):
            commonest = _commonest(connection, f"severity = {literal(LEFT_EMPTY)} AND column_name = {literal(column)}")
            raise _refusal(connection, judge, f"{lost:,} of {filled:,} filled cells cannot be used", commonest)


def _cells_lost(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, int]]:
    """Return the columns some of whose cells are left empty in rows that are used, and in how many rows."""
    return connection.execute(
        "SELECT column_name, count(DISTINCT row_number) FROM line WHERE severity = ? GROUP BY ALL ORDER BY ALL",
        [LEFT_EMPTY],
    ).fetchall()


def _cells_used(connection: duckdb.DuckDBPyConnection, judge: Judge, shown: str) -> int:
    name = next(name for name, heading in judge.source.columns.items() if heading == shown)
    return connection.execute(f"SELECT count({name}) FROM sound").fetchone()[0]


def _commonest(connection: duckdb.DuckDBPyConnection, condition: str) -> tuple[str, str, str, int]:
    """Return rule, column, advice and number of rows of what most of the lines that fulfil a condition say."""
    return connection.execute(f"""
        SELECT rule, column_name, advice, count(*) AS rows FROM line
        WHERE {condition} AND rule NOT IN ({words([BLANK.name, REPEATED])})
        GROUP BY ALL ORDER BY rows DESC, column_name, rule LIMIT 1
    """).fetchone()


def _refusal(
    connection: duckdb.DuckDBPyConnection, judge: Judge, said: str, commonest: tuple[str, str, str, int]
) -> InputError:
    name, column, advice, rows = commonest
    about = f"column '{column}', " if column else ""
    guess = _guess_number(connection, judge) if name == NO_PERSON else ""
    guess += "".join(_guess_format(connection, judge, rule) for rule in judge.rules if _is(judge, rule, name, column))
    return InputError(f"{judge.source.file}: {said}. {about}{name} ({rows:,} rows): {advice}.{guess}")


def _rows_of(connection: duckdb.DuckDBPyConnection, rule: str) -> int:
    return connection.execute("SELECT count(*) FROM line WHERE rule = ?", [rule]).fetchone()[0]


def _is(judge: Judge, rule: Rule, name: str, column: str) -> bool:
    return (rule.name, judge.shown(rule)) == (name, column) and name == DATE_FORMAT


def _guess_number(connection: duckdb.DuckDBPyConnection, judge: Judge) -> str:
    """Tell where the agency's numbers would be found if zeros in front did not count."""
    known = f"SELECT ltrim(local_id, '0') FROM loaded_person_record WHERE agency = {literal(judge.source.agency)}"
    found, missing = connection.execute(f"""
        SELECT count(*) FILTER (ltrim({trimmed(f"said[{mapped_columns(judge.source).index('local_id') + 1}]")}, '0')
            IN ({known})), count(*)
        FROM judged
    """).fetchone()
    if found <= MOST_LOST * missing:
        return ""
    return " They are there but for zeros in front: a spreadsheet takes them away; ask for an export as text."


def _guess_format(connection: duckdb.DuckDBPyConnection, judge: Judge, rule: Rule) -> str:
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
