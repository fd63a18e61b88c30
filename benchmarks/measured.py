"""What a contestant may take, and what it took."""

from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Bounds:
    """The most seconds of the processor and MB of memory that a contestant may take."""

    seconds: float
    memory: int


@dataclass(frozen=True)
class Measured:
    """Seconds of the processors and of the clock, peak memory in MB beyond the input, and what was answered."""

    processor_seconds: float
    seconds: float
    memory: float
    told: str


def middle(runs: list[Measured]) -> Measured:
    """Return the medians, with the answer of the first run."""
    columns = ([getattr(run, name) for run in runs] for name in ("processor_seconds", "seconds", "memory"))
    return Measured(*(median(column) for column in columns), runs[0].told)
