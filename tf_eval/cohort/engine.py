"""What runs the SQL of cohorts and panels: an engine keeps a statement's rows under a name, or returns them."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import duckdb
import pandas as pd
import pyarrow as pa


class County(Protocol):
    """What a cohort needs of a county: a way to read its tables."""

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Return a connection that reads the county's tables and may make temporary ones."""
        ...


class Engine(Protocol):
    """Runs statements over a county's tables, whose names stand alone (``event``, ``spell``, ...)."""

    def keep(self, name: str, statement: str) -> None:
        """Decide a statement once, and let later ones read its rows under a name."""
        ...

    def keep_all(self, statements: Mapping[str, str]) -> None:
        """Keep statements of the same columns, none of which reads another, each under its name."""
        ...

    def forget(self, names: Iterable[str]) -> None:
        """Let go of what was kept under these names: what is large and will not be asked for again."""
        ...

    def read(self, statement: str) -> pa.Table:
        """Return a statement's rows."""
        ...

    def lend(self, name: str, table: pa.Table) -> None:
        """Let later statements read a table of the caller's under a name."""
        ...


def read_frame(engine: Engine, statement: str) -> pd.DataFrame:
    """Return a statement's rows as a frame; dates become datetime64."""
    table = engine.read(statement)
    return table.to_pandas(date_as_object=False, self_destruct=True, split_blocks=True)


def read_rows(engine: Engine, statement: str) -> list[tuple[Any, ...]]:
    """Return a statement's few rows as tuples."""
    return [tuple(row.values()) for row in engine.read(statement).to_pylist()]


def read_number(engine: Engine, statement: str) -> int:
    """Return the one number that a statement comes to."""
    return read_rows(engine, statement)[0][0]
