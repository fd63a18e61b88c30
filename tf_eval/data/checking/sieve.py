"""The sieve: one quick pass over an extract that lets through the rows which surely keep every rule.

A column with few possible texts (a date, a code, a count) is read by looking its text up in a dictionary of texts that
keep the column's rules, made beforehand by those very rules; free text passes where it is plainly fine. Whatever is
not found is not broken: it is held back with its text and judged by the rules themselves. So the rules stand in one
place, nearly every row is read without them, and only the few others keep their text.
"""

from datetime import date
from functools import lru_cache

import duckdb
import pyarrow as pa

from tf_eval.data import dates
from tf_eval.data.checking.columns import (
    LONGEST_TEXT,
    column_rules,
    date_format_of,
    given,
    is_coded,
    is_free_text,
    possible_days,
    trimmed,
    typed,
)
from tf_eval.data.checking.rules import choosers_of, keys_of, references, row_rules
from tf_eval.data.contract import Column
from tf_eval.data.source import Source
from tf_eval.data.sql import literal, words

HIGHEST_LISTED = 1000  # counts up to here are looked up, others judged
KEPT_DICTIONARIES = 64  # agencies write dates alike and have the same rules; one of two centuries takes 2 MB
# Begins with a letter or figure, ends with no blank, and holds only what can be seen. Latin letters alone: the classes
# of all letters take the engine five times as long.
_PLAINLY_FINE = r"[0-9A-Za-z\x{c0}-\x{24f}]( *[!-~\x{a1}-\x{ac}\x{ae}-\x{24f}])*"


def sift(source: Source, horizon: date | None) -> str:
    """Return the SQL that reads the table ``extract`` in one pass, with the tables of ``dictionaries`` beside it.

    Args:
        source: the entry of the sources file.
        horizon: the day on which the county's covered time ends.

    Returns:
        A query with the columns row_number, the contract's columns with their values, ``keys``: the texts of the
        columns declared unique, null without any, and ``said``: null for a row that passes, no texts for one that is
        left out, or else the text of its mapped columns.
    """
    columns = source.contract.columns
    mapped = [column for column in columns if column.name in source.columns]
    passes = [*(_passes(source, column, horizon) for column in columns), *_keys_pass(source)]
    broken = [f"coalesce({rule.broken_if}, FALSE)" for rule in row_rules(source)]
    keys = [f"CASE WHEN passes THEN {key} ELSE {trimmed(key)} END" for key in keys_of(source)]
    return f"""
        WITH text AS (
            SELECT *, {", ".join(f"{given(source, column)} AS given_{column.name}" for column in columns)} FROM extract
        ), valued AS (
            SELECT text.*, {", ".join(_value(source, column) for column in columns)}
            FROM text {" ".join(_lookup(column) for column in mapped if _is_looked_up(source, column))}
        ), tested AS (
            SELECT *, coalesce({" AND ".join(passes)}, FALSE) AND NOT ({" OR ".join([*broken, "FALSE"])}) AS passes,
                {_is_left_out(source)} AS is_left_out
            FROM valued {references(source)}
        )
        SELECT row_number, {", ".join(source.contract.column_names)},
            {f"[{', '.join(keys)}]" if keys else "NULL::VARCHAR[]"} AS keys,
            CASE WHEN is_left_out THEN [] WHEN NOT passes
                THEN [{", ".join(f"raw_{column.name}" for column in mapped)}] END AS said
        FROM tested
    """


def dictionaries(source: Source, horizon: date | None) -> dict[str, pa.Table]:
    """Return by name the dictionaries that ``sift`` looks columns up in: listed texts that keep the column's rules."""
    looked_up = [column for column in source.contract.columns if _is_looked_up(source, column)]
    return {_dictionary(column): _made(_listed(source, column, horizon)) for column in looked_up}


@lru_cache(maxsize=KEPT_DICTIONARIES)
def _made(query: str) -> pa.Table:
    with duckdb.connect() as connection:
        return connection.execute(query).to_arrow_table()


def _is_left_out(source: Source) -> str:
    """Return the SQL condition that a row is none of the entry's."""
    given = zip(choosers_of(source), source.leave_out.values(), strict=True)
    return " OR ".join(["FALSE", *(f"coalesce({trimmed(name)} IN ({words(texts)}), FALSE)" for name, texts in given)])


def _listed_texts(source: Source, column: Column, horizon: date | None) -> str | None:
    """Return the SQL of the texts that a column may hold, or None where they are too many to list.

    A date comes with its day, which need not be read from its text again.
    """
    if is_coded(source, column) or column.vocabulary:
        texts = source.codes.get(column.name) or column.vocabulary
        return " UNION ALL ".join(f"SELECT {literal(text)}" for text in ["", *texts])
    nothing = ["", *source.codes.get(column.name, {})]
    if column.type == "boolean":
        return "SELECT unnest(['', 'true', 'false'])"
    if column.type == "integer":
        numbers = f"SELECT number::VARCHAR AS text FROM range({HIGHEST_LISTED}) AS numbers(number)"
        others = f"SELECT text FROM ({numbers}) WHERE text NOT IN ({words(nothing)})"
        return f"SELECT unnest([{words(nothing)}]) UNION ALL {others}"
    if column.type == "date" and dates.is_of_days(date_format_of(source)):
        periods = possible_days(source, column, horizon)
        first, end = min(part.start for part in periods), max(part.end for part in periods)
        days = f"range(DATE {literal(first)}, DATE {literal(end)}, INTERVAL 1 DAY) AS days(day)"
        written = f"strftime(day, {literal(date_format_of(source))})"
        return f"""
            SELECT unnest([{words(nothing)}]), NULL::DATE
            UNION ALL SELECT {written}, day::DATE FROM {days} WHERE {written} NOT IN ({words(nothing)})
        """
    return None


def _listed(source: Source, column: Column, horizon: date | None) -> str:
    """Return the SQL of a column's dictionary: those of its listed texts that keep its rules, with their values."""
    texts, name = _listed_texts(source, column, horizon), column.name
    value, named = (typed(source, column), "") if column.type != "date" else ("day", ", day")
    broken = [f"coalesce({rule.broken_if}, FALSE)" for rule in column_rules(source, column, horizon)]
    return f"""
        SELECT raw_{name} AS text_{name}, {name} AS value_{name}
        FROM (
            SELECT *, {value} AS {name}
            FROM (SELECT *, {trimmed(f"raw_{name}")} AS given_{name} FROM ({texts}) AS texts(raw_{name}{named}))
        )
        WHERE NOT ({" OR ".join([*broken, "FALSE"])})
    """


def _lookup(column: Column) -> str:
    """Return the SQL join with the dictionary of a column."""
    return f"LEFT JOIN {_dictionary(column)} ON text_{column.name} = coalesce(text.raw_{column.name}, '')"


def _dictionary(column: Column) -> str:
    return f"dictionary_{column.name}"


def _is_looked_up(source: Source, column: Column) -> bool:
    return column.name in source.columns and _listed_texts(source, column, None) is not None


def _value(source: Source, column: Column) -> str:
    """Return the SQL of a column's value, which counts only where the row passes."""
    if _is_looked_up(source, column):
        return f"value_{column.name} AS {column.name}, text_{column.name}"
    if column.name in source.columns and is_free_text(source, column):
        return f"nullif(text.raw_{column.name}, '') AS {column.name}"
    return f"{typed(source, column)} AS {column.name}"


def _passes(source: Source, column: Column, horizon: date | None) -> str:
    """Return the SQL condition that a column's cell surely keeps its rules."""
    if _is_looked_up(source, column):
        return f"text_{column.name} IS NOT NULL"
    if column.name in source.columns and is_free_text(source, column):
        return _free_text_passes(source, column)
    broken = [f"coalesce({rule.broken_if}, FALSE)" for rule in column_rules(source, column, horizon)]
    return f"NOT ({' OR '.join(broken)})" if broken else "TRUE"


def _free_text_passes(source: Source, column: Column) -> str:
    raw = f"raw_{column.name}"
    if column.name == "local_id" and references(source):
        return f"{raw} <> ''"  # it is fine where a person has it, and theirs was tested
    return _is_plain(raw) if column.required else _is_plain_or_empty(raw)


def _keys_pass(source: Source) -> list[str]:
    keys = keys_of(source)
    filled = " OR ".join(f"{key} <> ''" for key in keys)
    return [*(_is_plain_or_empty(key) for key in keys), f"({filled})"] if keys else []


def _is_plain_or_empty(raw: str) -> str:
    return f"(coalesce({raw}, '') = '' OR {_is_plain(raw)})"


def _is_plain(raw: str) -> str:
    return (
        f"(strlen({raw}) <= {LONGEST_TEXT} AND NOT contains({raw}, 'E+') "
        f"AND regexp_full_match({raw}, '{_PLAINLY_FINE}'))"
    )
