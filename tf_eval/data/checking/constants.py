"""Constants of a sources file, checked once by the rules of a cell, for no row shows them to be wrong."""

from collections.abc import Iterator
from datetime import date

import duckdb

from tf_eval.data.checking.columns import column_rules, given, typed
from tf_eval.data.checking.rules import Rule, rules_within_row
from tf_eval.data.source import Source
from tf_eval.data.sql import literal


def wrong_constants(source: Source, horizon: date | None) -> Iterator[tuple[str, str]]:
    """Yield the column of each constant that breaks a rule, and what is wrong with it.

    Args:
        source: an entry of the sources file, of a known table.
        horizon: the day on which the county's covered time ends.
    """
    known = [column.name for column in source.contract.columns if column.name in source.constants]
    if not known:
        return
    row = source.model_copy(update={"columns": {name: name for name in known}, "constants": {}, "codes": {}})
    rules = list(_rules(row, known, horizon))
    for rule, is_broken in zip(rules, _are_broken(row, source.constants, rules), strict=True):
        if is_broken:
            yield rule.column, f"{rule.name}: {rule.advice}."


def _rules(row: Source, known: list[str], horizon: date | None) -> Iterator[Rule]:
    """Yield the rules; a word outside of the contract's vocabulary is told with its near miss elsewhere."""
    for name in known:
        column = row.contract.column(name)
        for rule in column_rules(row, column, horizon):
            if not (column.vocabulary and rule.name == "unknown code"):
                yield rule
    yield from rules_within_row(row)


def _are_broken(row: Source, constants: dict[str, str], rules: list[Rule]) -> list[bool]:
    columns = row.contract.columns
    raw = ", ".join(f"{literal(constants[name])} AS raw_{name}" for name in row.columns)
    with duckdb.connect() as connection:
        return connection.execute(f"""
            SELECT {", ".join(f"coalesce({rule.broken_if}, FALSE)" for rule in rules) or "FALSE"}
            FROM (
                SELECT *, {", ".join(f"{typed(row, column)} AS {column.name}" for column in columns)}
                FROM (
                    SELECT *, {", ".join(f"{given(row, column)} AS given_{column.name}" for column in columns)}
                    FROM (SELECT {raw})
                )
            )
        """).fetchone()[: len(rules)]
