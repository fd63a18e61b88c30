"""Where the SQL of cohorts and panels runs: DuckDB here, or a Spark session where a county outgrows one machine.

Both are handed the same text, word for word.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import duckdb
import pyarrow as pa

from tf_eval.cohort.arguments import require_county
from tf_eval.cohort.engine import County, Engine
from tf_eval.cohort.spark import open_spark
from tf_eval.errors import ConfigError, unknown

ENGINES = ("duckdb", "spark")


class DuckDB:
    """DuckDB, over a connection to the county's own file."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def keep(self, name: str, statement: str) -> None:
        self.connection.execute(f"CREATE OR REPLACE TEMPORARY TABLE {name} AS {statement}")

    def keep_all(self, statements: Mapping[str, str]) -> None:
        for name, statement in statements.items():
            self.keep(name, statement)

    def forget(self, names: Iterable[str]) -> None:
        for name in names:
            self.connection.execute(f"DROP TABLE {name}")

    def read(self, statement: str) -> pa.Table:
        return self.connection.execute(statement).to_arrow_table()

    def lend(self, name: str, table: pa.Table) -> None:
        # Of a table that is only registered the planner knows no size, and may join all with all.
        self.connection.register(f"{name}_lent", table)
        self.keep(name, f"SELECT * FROM {name}_lent")
        self.connection.unregister(f"{name}_lent")


@contextmanager
def open_engine(county: County, engine: str | Any = "duckdb") -> Iterator[Engine]:
    """Give an engine over a county's tables, and close it after use.

    Args:
        county: the county.
        engine: ``"duckdb"``, ``"spark"`` (a session of its own on this machine) or a Spark session.

    Raises:
        ConfigError: there is no such engine, or Spark is not installed.
        InputError: what was handed in is no county.
    """
    require_county(county)
    _require_engine(engine)
    if engine == "duckdb":
        with county.connect() as connection:
            yield DuckDB(connection)
    else:
        with open_spark(county, None if isinstance(engine, str) else engine) as spark:
            yield spark


def _require_engine(engine: Any) -> None:
    if isinstance(engine, str) and engine not in ENGINES:
        raise ConfigError(f"engine: {unknown('engine', engine, ENGINES)}")
    if not isinstance(engine, str) and not hasattr(engine, "createDataFrame"):
        raise ConfigError(
            f"engine: pass 'duckdb', 'spark' or a Spark session; this is of type '{type(engine).__name__}'"
        )
