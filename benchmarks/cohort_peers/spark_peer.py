"""The questions as hand-written SQL in Spark, on this machine alone."""

import warnings
from pathlib import Path

import pandas as pd
from pyspark.sql import SparkSession

from benchmarks.cohort_peers import statements

SETTINGS = {
    "spark.driver.memory": "8g",
    "spark.driver.maxResultSize": "0",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.shuffle.partitions": "16",  # the default of 200 is for many machines
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}


def open_session(folder: Path) -> SparkSession:
    """Return a session in which every table is a view of its Parquet file; its start is not measured."""
    warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")
    builder = SparkSession.builder.master("local[*]")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    for file in sorted(folder.glob("*.parquet")):
        session.read.parquet(str(file)).createOrReplaceTempView(file.stem)
    return session


def windows(session: SparkSession) -> pd.DataFrame:
    return session.sql(statements.windows(_expand)).toPandas()


def eligibility(session: SparkSession) -> pd.DataFrame:
    return session.sql(statements.eligibility()).toPandas()


def evidence(session: SparkSession) -> pd.DataFrame:
    session.sql(statements.eligibility()).cache().createOrReplaceTempView(statements.FOUND)
    return session.sql(statements.evidence()).toPandas()


def panel(session: SparkSession) -> pd.DataFrame:
    return session.sql(statements.panel(_expand)).toPandas()


def _expand(start: str, end: str) -> str:
    return f"EXPLODE(SEQUENCE({start}, {end} - 1))"
