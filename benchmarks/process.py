"""A process of its own for what is measured, and what it and all that it started have taken (Linux)."""

import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

BEYOND = "ran beyond the limit"
MEGABYTE = 1024  # kilobytes, in which the kernel tells memory
_TICKS = os.sysconf("SC_CLK_TCK")
_PARENT, _TIMES = 1, slice(11, 15)  # places in /proc/PID/stat after the name: user and system time, also of the ended


@dataclass(frozen=True)
class Taken:
    """Seconds of the clock and of the processors, and peak memory in MB, each of the whole process tree."""

    seconds: float
    processor_seconds: float
    memory: float


def run_apart(work: Callable[..., Any], *given: Any) -> Any:
    """Return what the work returns in a new process, or a sentence on how that process ended without it."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(sender, work, given))
    process.start()
    sender.close()
    try:
        returned = receiver.recv()
    except EOFError:
        returned = None
    process.join()
    return _ending(process.exitcode) if returned is None else returned


def timed(work: Callable[..., Any], *given: Any) -> tuple[Any, Taken]:
    """Return what the work returns, and what it took; the memory is that of all since the peak was last forgotten."""
    before, started = _processor_seconds(), time.perf_counter()
    answer = work(*given)
    return answer, Taken(time.perf_counter() - started, _processor_seconds() - before, _memory("VmHWM"))


def forget_peak() -> float:
    """Count this process's peak memory anew, and return what it holds now, in MB."""
    Path("/proc/self/clear_refs").write_text("5")
    return _memory("VmRSS")


def limit(seconds: float, memory: int) -> None:
    """End this process after so many further seconds of the processor, and refuse it more than so many MB."""
    used = time.process_time()
    resource.setrlimit(resource.RLIMIT_CPU, (ceil(used + seconds), resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_AS, (memory * MEGABYTE**2, resource.RLIM_INFINITY))


def _send(sender: Connection, work: Callable[..., Any], given: tuple[Any, ...]) -> None:
    sender.send(work(*given))


def _ending(status: int) -> str:
    return BEYOND if status == -signal.SIGXCPU else f"failed with status {status}"


def _processor_seconds() -> float:
    """Return those of this process and its ended children, which are known finely, and in ticks those of the others."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    ticks = sum(int(ticks) for process in _tree()[1:] for ticks in _stat(process)[_TIMES])
    return time.process_time() + ended.ru_utime + ended.ru_stime + ticks / _TICKS


def _memory(line: str) -> float:
    """Return the sum of a line of the status of all processes in MB; pages of a file that is mapped count as well."""
    lines = [words for process in _tree() for words in (process / "status").read_text().splitlines()]
    return sum(int(words.split()[1]) for words in lines if words.startswith(line)) / MEGABYTE


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
