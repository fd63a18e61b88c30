"""Spark as an engine: the county's tables as views of a session, and the same statements over them."""

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from tf_eval.cohort.engine import County
from tf_eval.cohort.forms import union
from tf_eval.errors import ConfigError

TABLES = (
    "county", "coverage", "term", "person", "family", "family_member", "family_home", "event", "spell", "attendance",
    "support",
)  # fmt: skip
IN_A_JOB = 25
# A session on one machine: as many parts of a shuffle as it has processors, instead of the 200 for a cluster.
LOCAL = {
    "spark.sql.shuffle.partitions": str(os.cpu_count()),
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
ADVICE = 'engine: Spark is not installed; install it with pip install "tf_eval[spark]" (it also needs Java 17 or later)'


class Spark:
    """A Spark session in which the county's tables are temporary views."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self._views: set[str] = set()

    def keep(self, name: str, statement: str) -> None:
        # A checkpoint cuts the lineage: with a cache alone each node would carry, and plan, all the nodes below it.
        self._show(name, self.session.sql(statement).localCheckpoint())

    def keep_all(self, statements: Mapping[str, str]) -> None:
        """Decide many statements in one job, for on Spark each job has its price."""
        names = list(statements)
        for start in range(0, len(names), IN_A_JOB):
            job = names[start : start + IN_A_JOB]
            parts = [f"SELECT '{name}' AS kept_as, part.* FROM ({statements[name]}) AS part" for name in job]
            together = self.session.sql(union(parts)).localCheckpoint()
            for name in job:
                self._show(name, together.where(f"kept_as = '{name}'").drop("kept_as"))

    def read(self, statement: str) -> pa.Table:
        return self.session.sql(statement).toArrow()

    def lend(self, name: str, table: pa.Table) -> None:
        self._show(name, self.session.createDataFrame(table))

    def show(self, name: str, path: Path) -> None:
        """Show a Parquet file as a view."""
        self._show(name, self.session.read.parquet(str(path)))

    def forget(self, names: Iterable[str]) -> None:
        """Drop views; Spark frees what nothing refers to any more."""
        for name in names:
            self.session.catalog.dropTempView(name)
            self._views.remove(name)

    def close(self) -> None:
        """Leave no view behind in the session."""
        self.forget(list(self._views))

    def _show(self, name: str, frame: Any) -> None:
        frame.createOrReplaceTempView(name)
        self._views.add(name)


@contextmanager
def open_spark(county: County, session: Any = None) -> Iterator[Spark]:
    """Give Spark over a county's tables: in the caller's session, in the one that runs, or in one stopped after use."""
    with tempfile.TemporaryDirectory(prefix="tf_eval-spark-") as folder:
        found = session or _running_session()
        running = found or _local_session()
        spark = Spark(running)
        try:
            _show_tables(county, spark, Path(folder))
            yield spark
        finally:
            spark.close()
            if found is None:
                running.stop()


def _running_session() -> Any:
    """Return the session that somebody else started and will go on using, if there is one."""
    return _sessions().getActiveSession()


def _local_session() -> Any:
    builder = _sessions().builder.master("local[*]").appName("tf_eval")
    for key, value in LOCAL.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()


def _sessions() -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise ConfigError(ADVICE) from error
    return SparkSession


def _show_tables(county: County, spark: Spark, folder: Path) -> None:
    """Write the county's tables as Parquet, and show each to the session as a view."""
    with county.connect() as connection:
        for table in TABLES:
            path = folder / f"{table}.parquet"
            connection.execute(f"COPY (SELECT * FROM {table}) TO '{path}' (FORMAT parquet)")
            spark.show(table, path)
