"""A Spark session for the tests. Spark is an extra, so the tests that need it install it for themselves."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

import pytest

from tf_eval import project

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
    _require_pyspark()
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").appName("tests")
    for key, value in FOR_LITTLE.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


def _require_pyspark() -> None:
    folder = project.resolve(FOLDER)
    if find_spec("pyspark") is None:
        if not (folder / "pyspark").is_dir():
            _install(folder)
        sys.path.append(str(folder))


def _install(folder: Any) -> None:
    asked = ["--target", str(folder), "--require-hashes", "--requirement", str(project.locate(LOCK, "lock"))]
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *asked], check=True)
