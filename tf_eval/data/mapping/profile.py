"""What there is to know about one column of an unknown extract."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from tf_eval.data.checking.identifiers import usable_identifier
from tf_eval.data.mapping.placeholders import are_placeholders

IDENTIFIERS = ("upn", "nhs_number", "nino")
MOST_VALUES = 20_000  # different values looked at in one column
_BLANKS = " \t\xa0"


@dataclass(frozen=True)
class Fit:
    """How many of the values of a column pass a test."""

    fitting: int
    looked_at: int

    @property
    def share(self) -> float:
        """The share that passes; 0 where there is no value."""
        return self.fitting / self.looked_at if self.looked_at else 0.0

    @property
    def is_most(self) -> bool:
        """Whether more values pass than fail."""
        return self.share > 0.5

    def __str__(self) -> str:
        return f"{self.fitting:,} of {self.looked_at:,} values fit"

    def __add__(self, other: "Fit") -> "Fit":
        return Fit(self.fitting + other.fitting, self.looked_at + other.looked_at)


@dataclass(frozen=True, eq=False)
class Profile:
    """One column: heading, place (from 1), how many rows it has and fills, and how often each different value stands.

    ``counts`` holds the first ``MOST_VALUES`` different values only; ``distinct`` counts them all. ``identifiers``
    tells how many values pass the public check of each national identifier. Placeholders are no values: ``nothing``
    tells how often each of them stands.
    """

    heading: str
    number: int
    rows: int
    filled: int
    distinct: int
    counts: Mapping[str, int]
    nothing: Mapping[str, int]
    identifiers: Mapping[str, Fit]

    @property
    def is_unique(self) -> bool:
        """Whether every row has a value and no two rows share one."""
        return 0 < self.rows == self.filled == self.distinct

    def fit(self, test: Callable[[str], bool]) -> Fit:
        """Return how many of the values pass a test."""
        return Fit(sum(times for value, times in self.counts.items() if test(value)), sum(self.counts.values()))


def profiles(rows: pa.Table) -> list[Profile]:
    """Return the profile of each column of text, of all rows together."""
    with duckdb.connect(config={"temp_directory": ""}) as connection:  # else names could be spilled to a file
        return [
            _profile(connection, name, number, rows.column(name))
            for number, name in enumerate(rows.column_names, start=1)
        ]


def _profile(connection: duckdb.DuckDBPyConnection, heading: str, number: int, column: pa.ChunkedArray) -> Profile:
    trimmed = pc.utf8_trim(column, characters=_BLANKS)
    every = pc.value_counts(trimmed.filter(pc.fill_null(pc.not_equal(trimmed, ""), False)))
    is_nothing = are_placeholders(every.field("values"))
    tally, nothing = every.filter(pc.invert(is_nothing)), every.filter(is_nothing)
    first = tally.slice(0, MOST_VALUES)
    filled = pc.sum(tally.field("counts")).as_py() or 0
    found = _identifiers(connection, first)
    return Profile(heading, number, len(column), filled, len(tally), _counts(first), _counts(nothing), found)


def _counts(tally: pa.StructArray) -> dict[str, int]:
    return dict(zip(*(tally.field(part).to_pylist() for part in ("values", "counts")), strict=True))


def _identifiers(connection: duckdb.DuckDBPyConnection, tally: pa.StructArray) -> dict[str, Fit]:
    tests = ", ".join(
        f"coalesce(sum(times) FILTER ({usable_identifier(kind, 'text')} IS NOT NULL), 0)::BIGINT"
        for kind in IDENTIFIERS
    )
    connection.register("tally", pa.Table.from_struct_array(tally).rename_columns(["text", "times"]))
    *fitting, looked_at = connection.execute(f"SELECT {tests}, coalesce(sum(times), 0)::BIGINT FROM tally").fetchone()
    connection.unregister("tally")
    return {kind: Fit(passed, looked_at) for kind, passed in zip(IDENTIFIERS, fitting, strict=True)}
