"""Check one extract against the contract in one pass of SQL; keep what can be used, quarantine and count the rest."""

from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa

from tf_eval.data import dates
from tf_eval.data.contract import TABLES
from tf_eval.data.read import ROW_NUMBER, Extract
from tf_eval.data.rules import SQL_TYPES, Rule, given, orphan_rule, rules_of, typed
from tf_eval.data.sources import Source
from tf_eval.data.sql import literal
from tf_eval.errors import InputError, require_columns

MOST_QUARANTINED = 0.5
RAGGED = Rule("", "number of fields", "", "the row has more or fewer fields than the header; is the delimiter right?")
EMPTY = Rule("", "no rows", "", "the extract has a header and no rows, so its months would count as zero")


@dataclass(frozen=True)
class Counts:
    """What became of the rows of one source; ``rows_in`` is always the sum of the other two."""

    rows_in: int
    rows_used: int
    rows_quarantined: int


def create_loaded_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the temporary tables ``loaded_TABLE`` for usable rows, which never reach the county's file."""
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
        extract: the text of its file.
        entry: the number of the entry, kept beside each row.
        horizon: the day on which the county's covered time ends.

    Raises:
        InputError: a column is missing, more than half of the rows cannot be used, or the counts do not add up.
    """
    require_columns(extract.columns, sorted({*source.columns.values(), *source.unique}), f"{source.file}, header")
    rules = _all_rules(source, horizon)
    connection.register("extract", _mapped(source, extract))
    try:
        _judge(connection, source, rules)
        counts = _counts(connection, extract)
        _refuse_if_hopeless(connection, source, rules, counts, extract)
        _report(connection, source, rules, extract)
        _keep(connection, source, entry)
        _reconcile(connection, source, counts, entry)
    finally:
        connection.unregister("extract")
    return counts


def _mapped(source: Source, extract: Extract) -> pa.Table:
    """Return only the columns that are used, under names that cannot clash."""
    used = {"row_number": ROW_NUMBER}
    used |= {f"raw_{name}": column for name, column in source.columns.items()}
    used |= {f"key_{number}": column for number, column in enumerate(source.unique)}
    return pa.table({name: extract.rows.column(column) for name, column in used.items()})


def _all_rules(source: Source, horizon: date | None) -> list[Rule]:
    """Return the rules in the order of their numbers; the one about repeated rows is the last."""
    key = ", ".join(source.unique or source.contract.key)
    repeated = Rule("", "repeated row", "", f"an earlier row has the same {key}; that one was kept")
    orphan = orphan_rule(source)
    return [*rules_of(source, horizon), *([orphan] if orphan else []), repeated]


def _judge(connection: duckdb.DuckDBPyConnection, source: Source, rules: list[Rule]) -> None:
    """Write the temporary table ``judged``: typed values, and the numbers of the rules that each row breaks."""
    columns = source.contract.columns
    *single, _ = rules
    tests = ", ".join(f"coalesce({rule.broken_if}, FALSE) AS breaks_{number}" for number, rule in enumerate(single))
    is_broken = " OR ".join(f"breaks_{number}" for number in range(len(single)))
    numbers = ", ".join(f"CASE WHEN breaks_{number} THEN {number} END" for number in range(len(single)))
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE judged AS
        WITH text AS (
            SELECT *, {", ".join(f"{given(source, column)} AS given_{column.name}" for column in columns)} FROM extract
        ), typed AS (
            SELECT *, {", ".join(f"{typed(source, column)} AS {column.name}" for column in columns)} FROM text
        ), tested AS (
            SELECT *, {tests} FROM typed
        ), broken AS (
            SELECT *, {is_broken} AS is_broken FROM tested
        ), compared AS (
            SELECT *, NOT is_broken AND ({_repeats(source)}) AS is_repeated FROM broken
        )
        SELECT row_number, {", ".join(source.contract.column_names)},
            CASE WHEN is_broken THEN list_filter([{numbers}], lambda number: number IS NOT NULL)
                 WHEN is_repeated THEN [{len(single)}] ELSE [] END AS breaks
        FROM compared
    """)


def _repeats(source: Source) -> str:
    """Return the SQL condition that an earlier usable row, of this file or one read before, has the same key."""
    key = [f"key_{number}" for number in range(len(source.unique))] or list(source.contract.key)
    if not key:
        return "FALSE"
    # Only among usable rows: a broken first row must not take the good second one with it.
    same_file = f"row_number() OVER (PARTITION BY {', '.join(key)}, is_broken ORDER BY row_number) > 1"
    if source.unique:
        return same_file
    own = f"WHERE agency = {literal(source.agency)}" if source.contract.of_persons else ""
    row = "{" + ", ".join(f"'{name}': {name}" for name in key) + "}"  # a struct, in which null equals null
    return f"{same_file} OR {row} IN (SELECT {row} FROM loaded_{source.table} {own})"


def _counts(connection: duckdb.DuckDBPyConnection, extract: Extract) -> Counts:
    quarantined = connection.execute("SELECT count(*) FROM judged WHERE len(breaks) > 0").fetchone()[0]
    quarantined += len(extract.ragged)
    return Counts(extract.rows_in, extract.rows_in - quarantined, quarantined)


def _refuse_if_hopeless(
    connection: duckdb.DuckDBPyConnection, source: Source, rules: list[Rule], counts: Counts, extract: Extract
) -> None:
    """Refuse a file of which more than half cannot be used: its mapping is wrong, not its rows."""
    if counts.rows_quarantined <= MOST_QUARANTINED * counts.rows_in:
        return
    where = f"{source.file}: {counts.rows_quarantined:,} of {counts.rows_in:,} rows cannot be used"
    by_rule = connection.execute(
        "SELECT number, count(*) AS rows FROM (SELECT unnest(breaks) AS number FROM judged) "
        "GROUP BY number ORDER BY rows DESC, number LIMIT 1"
    ).fetchone()
    if by_rule is None or by_rule[1] < len(extract.ragged):
        raise InputError(f"{where}, most of them for their {RAGGED.name}: {RAGGED.advice}")
    rule, rows = rules[by_rule[0]], by_rule[1]
    column = f"column '{_shown(source, rule)}', " if rule.column else ""
    guess = _guess(connection, rule) if rule.name == "date format" else ""
    raise InputError(f"{where}. {column}{rule.name} ({rows:,} rows): {rule.advice}.{guess}")


def _guess(connection: duckdb.DuckDBPyConnection, rule: Rule) -> str:
    """Name the one format that every date of the column has, if there is just one."""
    text = f"nullif(trim(raw_{rule.column}), '')"
    tests = [
        f"bool_and(regexp_full_match({text}, {literal(dates.regex(candidate))})"
        f" AND try_strptime({text}, {literal(candidate)}) IS NOT NULL)"
        for candidate in dates.CANDIDATES
    ]
    fits = connection.execute(f"SELECT {', '.join(tests)} FROM extract WHERE {text} IS NOT NULL").fetchone()
    fitting = [candidate for candidate, fit in zip(dates.CANDIDATES, fits, strict=True) if fit]
    return f" All of its dates look like {fitting[0]}: declare that as date_format." if len(fitting) == 1 else ""


def _shown(source: Source, rule: Rule) -> str:
    """Return a column by the name that the agency knows it by."""
    return source.columns.get(rule.column, rule.column)


def _report(connection: duckdb.DuckDBPyConnection, source: Source, rules: list[Rule], extract: Extract) -> None:
    """Write one line of ``problem`` for each rule that a row breaks; never a value."""
    connection.register("rule_list", _rule_list(source, rules))
    connection.register("ragged", pa.table({"row_number": extract.ragged}))
    place = f"{literal(source.agency)}, {literal(source.file)}, {literal(source.table)}"
    connection.execute(f"""
        INSERT INTO problem
        SELECT {place}, row_number, column_name, rule, advice
        FROM (SELECT row_number, unnest(breaks) AS number FROM judged) JOIN rule_list USING (number)
        UNION ALL
        SELECT {place}, row_number, NULL, {literal(RAGGED.name)}, {literal(RAGGED.advice)} FROM ragged
        UNION ALL
        SELECT {place}, NULL, NULL, {literal(EMPTY.name)}, {literal(EMPTY.advice)} WHERE {extract.rows_in} = 0
    """)
    connection.unregister("rule_list")
    connection.unregister("ragged")


def _rule_list(source: Source, rules: list[Rule]) -> pa.Table:
    return pa.table(
        {
            "number": pa.array(range(len(rules)), pa.int32()),
            "column_name": pa.array([_shown(source, rule) or None for rule in rules], pa.string()),
            "rule": [rule.name for rule in rules],
            "advice": [rule.advice for rule in rules],
        }
    )


def _keep(connection: duckdb.DuckDBPyConnection, source: Source, entry: int) -> None:
    columns = ", ".join(source.contract.column_names)
    connection.execute(f"""
        INSERT INTO loaded_{source.table} SELECT {entry}, row_number, {columns} FROM judged WHERE len(breaks) = 0
    """)


def _reconcile(connection: duckdb.DuckDBPyConnection, source: Source, counts: Counts, entry: int) -> None:
    """Count again what was written, independently of how it was decided: no row may be lost or counted twice."""
    kept = connection.execute(f"SELECT count(*) FROM loaded_{source.table} WHERE entry = {entry}").fetchone()[0]
    if kept != counts.rows_used or kept + counts.rows_quarantined != counts.rows_in:
        raise InputError(
            f"{source.file}, table {source.table}: {counts.rows_in:,} rows in, but {kept:,} used and "
            f"{counts.rows_quarantined:,} quarantined; the rows do not add up. Please report this as a fault."
        )
