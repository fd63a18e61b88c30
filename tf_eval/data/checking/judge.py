"""The rules applied in full to the rows that the sieve held back: which of them each row breaks."""

from dataclasses import dataclass
from datetime import date

import duckdb

from tf_eval.data.checking.columns import column_rules, given, typed
from tf_eval.data.checking.rules import Rule, keys_of, references, row_rules
from tf_eval.data.source import Source

BLANK = Rule("", "blank row", "", "none of the row's mapped columns holds anything; nothing to do")


@dataclass(frozen=True, eq=False)
class Judge:
    """The rules of one source, numbered as ``breaks`` counts them; the last is the one for blank rows."""

    source: Source
    rules: tuple[Rule, ...]

    @classmethod
    def of(cls, source: Source, horizon: date | None) -> "Judge":
        """Return the judge of a source's rows; ``horizon`` is the day on which the county's covered time ends."""
        cells = [rule for column in source.contract.columns for rule in column_rules(source, column, horizon)]
        return cls(source, (*cells, *row_rules(source), BLANK))

    def shown(self, rule: Rule) -> str:
        """Return the column that a rule is about by the name that the agency knows it by."""
        declared_unique = dict(zip(keys_of(self.source), self.source.unique, strict=True))
        return {**self.source.columns, **declared_unique}.get(rule.column, rule.column)

    def place(self, rule: Rule) -> int | None:
        """Return where in ``said`` the text stands that a rule is about, counted from 1."""
        mapped = mapped_columns(self.source)
        return mapped.index(rule.column) + 1 if rule.column in mapped else None

    def judge(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Write the table ``judged``: the rows held back in ``sifted``, with the numbers of the rules they break."""
        source, rules = self.source, self.rules[:-1]
        columns = source.contract.columns
        texts = [f"said[{place}] AS raw_{name}" for place, name in enumerate(mapped_columns(source), start=1)]
        texts += [f"keys[{place}] AS {key}" for place, key in enumerate(keys_of(source), start=1)]
        numbers = ", ".join(f"CASE WHEN {rule.broken_if} THEN {number} END" for number, rule in enumerate(rules))
        cells = [*(f"given_{name}" for name in mapped_columns(source)), *keys_of(source)]
        is_blank = " AND ".join(f"{cell} IS NULL" for cell in cells)
        kept = ", ".join(["row_number", *source.contract.column_names, "keys", "said"])
        connection.execute(f"""
            CREATE OR REPLACE TEMP TABLE judged AS
            WITH text AS (
                SELECT {", ".join(["row_number", "keys", "said", *texts])} FROM sifted WHERE said IS NOT NULL
            ), trimmed AS (
                SELECT *, {", ".join(f"{given(source, column)} AS given_{column.name}" for column in columns)} FROM text
            ), typed AS (
                SELECT *, {", ".join(f"{typed(source, column)} AS {column.name}" for column in columns)} FROM trimmed
            )
            SELECT {kept}, CASE WHEN {is_blank} THEN [{len(rules)}]
                ELSE list_filter([{numbers}], lambda number: number IS NOT NULL) END AS breaks
            FROM typed {references(source)}
        """)


def mapped_columns(source: Source) -> list[str]:
    """Return the contract's columns that an extract gives, in the contract's order."""
    return [name for name in source.contract.column_names if name in source.columns]
