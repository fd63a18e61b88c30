"""The rules applied in full to the rows that the sieve held back: which of them each row breaks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import duckdb

from tf_eval.data.checking.columns import column_rules, given, typed
from tf_eval.data.checking.rules import Rule, keys_of, references, row_rules
from tf_eval.data.source import Source

BLANK = Rule("", "blank row", "", "none of the row's mapped columns holds anything; nothing to do")


@dataclass(frozen=True, eq=False)
class Judge:
    """The rules of one source, numbered as ``breaks`` counts them.

    The first ``cell_rules`` of them are each about one cell; the last is the one for blank rows.
    """

    source: Source
    rules: tuple[Rule, ...]
    cell_rules: int

    @classmethod
    def of(cls, source: Source, horizon: date | None) -> "Judge":
        """Return the judge of a source's rows; ``horizon`` is the day on which the county's covered time ends."""
        cells = [rule for column in source.contract.columns for rule in column_rules(source, column, horizon)]
        return cls(source, (*cells, *row_rules(source), BLANK), len(cells))

    def shown(self, rule: Rule) -> str:
        """Return the column that a rule is about by the name that the agency knows it by."""
        declared_unique = dict(zip(keys_of(self.source), self.source.unique, strict=True))
        return {**self.source.columns, **declared_unique}.get(rule.column, rule.column)

    def place(self, rule: Rule) -> int | None:
        """Return where in ``said`` the text stands that a rule is about, counted from 1."""
        mapped = mapped_columns(self.source)
        return mapped.index(rule.column) + 1 if rule.column in mapped else None

    def judge(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Write the table ``judged``: the rows held back in ``sifted``, with the numbers of the rules they break.

        ``is_used`` says of each row whether it can be used; cells that it is used without are null. Rules for a row are
        applied to what is left of it.
        """
        source, columns = self.source, self.source.contract.columns
        texts = [f"said[{place}] AS raw_{name}" for place, name in enumerate(mapped_columns(source), start=1)]
        texts += [f"keys[{place}] AS {key}" for place, key in enumerate(keys_of(source), start=1)]
        kept = ", ".join(["row_number", *source.contract.column_names, "keys", "said"])
        connection.execute(f"""
            CREATE OR REPLACE TEMP TABLE judged AS
            WITH text AS (
                SELECT {", ".join(["row_number", "keys", "said", *texts])} FROM sifted WHERE len(said) > 0
            ), trimmed AS (
                SELECT *, {", ".join(f"{given(source, column)} AS given_{column.name}" for column in columns)} FROM text
            ), typed AS (
                SELECT *, {", ".join(f"{typed(source, column)} AS {column.name}" for column in columns)} FROM trimmed
            ), cell AS (
                SELECT *, {self._broken(range(self.cell_rules))} AS broken_cells FROM typed
            ), spared AS (
                SELECT * REPLACE ({", ".join(self._emptied())}) FROM cell
            ), broken AS (
                SELECT {kept}, CASE WHEN {self._is_blank} THEN [{len(self.rules) - 1}]
                    ELSE broken_cells || {self._broken(range(self.cell_rules, len(self.rules) - 1))} END AS breaks
                FROM spared {references(source)}
            )
            SELECT *, NOT list_has_any(breaks, {self._numbers(spares_row=False)}) AS is_used FROM broken
        """)

    @property
    def _is_blank(self) -> str:
        """The SQL condition that none of a row's mapped cells holds anything."""
        cells = [*(f"given_{name}" for name in mapped_columns(self.source)), *keys_of(self.source)]
        return " AND ".join(f"{cell} IS NULL" for cell in cells)

    def _broken(self, numbers: range) -> str:
        """Return the SQL of the list of those of these rules that a row breaks."""
        cases = ", ".join(f"CASE WHEN {self.rules[number].broken_if} THEN {number} END" for number in numbers)
        return f"list_filter([{cases}]::INTEGER[], lambda number: number IS NOT NULL)"

    def _emptied(self) -> Iterator[str]:
        """Yield the SQL of each column's value, null where the row is used without its cell."""
        for name in mapped_columns(self.source):
            numbers = self._numbers(spares_row=True, column=name)
            yield f"CASE WHEN NOT list_has_any(broken_cells, {numbers}) THEN {name} END AS {name}"

    def _numbers(self, *, spares_row: bool, column: str | None = None) -> str:
        """Return the SQL of the list of the rules that spare their row, or that do not; of one column or of all."""
        chosen = [
            number
            for number, rule in enumerate(self.rules)
            if rule.spares_row == spares_row and column in (None, rule.column)
        ]
        return f"{chosen}::INTEGER[]"


def mapped_columns(source: Source) -> list[str]:
    """Return the contract's columns that an extract gives, in the contract's order."""
    return [name for name in source.contract.column_names if name in source.columns]
