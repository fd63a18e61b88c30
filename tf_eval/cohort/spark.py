"""Spark as an engine: the county's tables as views of a session, and the same statements over them."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from tf_eval.cohort.engine import County
from tf_eval.errors import ConfigError

TABLES = (
    "county", "coverage", "term", "person", "family", "family_member", "family_home", "event", "spell", "attendance",
    "support",
)  # fmt: skip
ADVICE = 'engine: Spark is not installed; install it with pip install "tf_eval[spark]" (it also needs Java 17 or later)'


class Spark:
    """A Spark session in which the county's tables are temporary views."""

    def __init__(self, session: Any) -> None:
        self.session = session

    def keep(self, name: str, statement: str) -> None:
        # A checkpoint cuts the lineage: without it each node would carry, and plan, all nodes below it.
        self.session.sql(statement).localCheckpoint().createOrReplaceTempView(name)

    def read(self, statement: str) -> pa.Table:
        return self.session.sql(statement).toArrow()

    def lend(self, name: str, table: pa.Table) -> None:
        self.session.createDataFrame(table).createOrReplaceTempView(name)


@contextmanager
def open_spark(county: County, session: Any = None) -> Iterator[Spark]:
    """Give Spark over a county's tables: in the caller's session, or in one of its own that is stopped after use."""
    with tempfile.TemporaryDirectory(prefix="tf_eval-spark-") as folder:
        own = session is None
        session = _local_session() if own else session
        try:
            _show_tables(county, session, Path(folder))
            yield Spark(session)
        finally:
            if own:
                session.stop()


def _local_session() -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise ConfigError(ADVICE) from error
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = SparkSession.builder.master("local[*]").appName("tf_eval")
    for key, value in settings.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()


def _show_tables(county: County, session: Any, folder: Path) -> None:
    """Write the county's tables as Parquet, and show each to the session as a view."""
    with county.connect() as connection:
        for table in TABLES:
            path = folder / f"{table}.parquet"
            connection.execute(f"COPY (SELECT * FROM {table}) TO '{path}' (FORMAT parquet)")
            session.read.parquet(str(path)).createOrReplaceTempView(table)
