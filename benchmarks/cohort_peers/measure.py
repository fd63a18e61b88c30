"""Runs one question by one contestant in a process of its own, and measures that process and all it started (Linux)."""

import importlib
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cohort_peers import questions
from benchmarks.contestant import Contestant
from benchmarks.process import run_apart, timed

OURS = Contestant("tf_eval", "ours")
CONTESTANTS = (
    OURS,
    Contestant("DuckDB SQL", "duckdb_peer"),
    Contestant("polars", "polars_peer", packages=("polars",)),
    Contestant("pandas", "pandas_peer"),
    Contestant("Spark SQL", "spark_peer", packages=("pyspark",), programs=("java",)),
)


@dataclass(frozen=True)
class Measured:
    """Seconds of the clock and of the processors, peak memory in MB, and the answer; ``note``: why it is not compared.

    Importing and opening a session are not in the seconds, but in the memory.
    """

    seconds: float
    processor_seconds: float
    memory: float
    rows: int
    digest: str
    note: str = ""


def measure(contestant: Contestant, question: str, folder: Path) -> Measured | str:
    """Return what the question took, or why there is no answer."""
    return run_apart(_run, contestant, question, folder)


def _run(contestant: Contestant, question: str, folder: Path) -> Measured | str:
    module = importlib.import_module(f"benchmarks.cohort_peers.{contestant.module}")
    if not hasattr(module, question):
        return "not written for it"
    session = module.open_session(folder)
    answer, taken = timed(getattr(module, question), session)
    table = module.to_table(answer) if hasattr(module, "to_table") else answer
    note = getattr(module, "NOT_COMPARED", {}).get(question, "")
    rows, digest = questions.digest(question, table)
    return Measured(taken.seconds, taken.processor_seconds, taken.memory, rows, digest, note)
