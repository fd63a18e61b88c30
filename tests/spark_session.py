"""A Spark session for the tests. Spark is an extra that the tests which need it install."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.extras import require

FOLDER, LOCK = ".spark", "requirements-spark.lock"
# Of a county of a few families nothing is worth compiling, replanning or dividing among processors.
FOR_LITTLE = {
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.ui.enabled": "false",
    "spark.log.level": "ERROR",
}


@contextmanager
def spark_session() -> Iterator[Any]:
    """Give a session on this machine; the test is skipped without Java."""
    if not shutil.which("java"):
        pytest.skip("Spark needs Java, which is not installed here")
    require("pyspark", folder=FOLDER, lock=LOCK)
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").appName("tests")
    for key, value in FOR_LITTLE.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    yield session
    session.stop()
