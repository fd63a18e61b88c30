"""Runs one question by one contestant in a process of its own, and measures that process and all it started (Linux)."""

import importlib
import multiprocessing
import os
import time
from dataclasses import dataclass
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path
from shutil import which

from benchmarks.cohort_peers import questions

_TICKS = os.sysconf("SC_CLK_TCK")
_PARENT, _TIMES = 1, slice(11, 15)  # places in /proc/PID/stat after the name: user and system time, also of the ended


@dataclass(frozen=True)
class Contestant:
    """A way to answer: ``module`` has ``open_session`` and a function for each question that is written for it."""

    name: str
    module: str
    packages: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()

    def missing(self) -> list[str]:
        """Return what would have to be installed first."""
        packages = [name for name in self.packages if find_spec(name) is None]
        return packages + [name for name in self.programs if which(name) is None]


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
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(contestant, question, folder, sender))
    process.start()
    sender.close()
    try:
        measured = receiver.recv()
    except EOFError:
        measured = None
    process.join()
    return measured or f"failed with status {process.exitcode}"


def _run(contestant: Contestant, question: str, folder: Path, sender: Connection) -> None:
    module = importlib.import_module(f"benchmarks.cohort_peers.{contestant.module}")
    if not hasattr(module, question):
        sender.send("not written for it")
        return
    session = module.open_session(folder)
    before, started = _processor_seconds(), time.perf_counter()
    answer = getattr(module, question)(session)
    seconds, processor_seconds, memory = time.perf_counter() - started, _processor_seconds() - before, _peak_memory()
    table = module.to_table(answer) if hasattr(module, "to_table") else answer
    note = getattr(module, "NOT_COMPARED", {}).get(question, "")
    sender.send(Measured(seconds, processor_seconds, memory, *questions.digest(question, table), note))


def _processor_seconds() -> float:
    return sum(int(ticks) for process in _tree() for ticks in _stat(process)[_TIMES]) / _TICKS


def _peak_memory() -> float:
    """Return the sum of the peaks of all processes in MB; pages of a file that is mapped count as well."""
    lines = [line for process in _tree() for line in (process / "status").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def _tree() -> list[Path]:
    """Return this process and all that descend from it."""
    parents = {int(process.name): int(_stat(process)[_PARENT]) for process in Path("/proc").glob("[0-9]*")}
    tree = [os.getpid()]
    for parent in tree:
        tree += [process for process, its_parent in parents.items() if its_parent == parent]
    return [Path(f"/proc/{process}") for process in tree]


def _stat(process: Path) -> list[str]:
    """Return the fields after the name, which may hold spaces; an ended process has none that count."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ["0"] * _TIMES.stop
