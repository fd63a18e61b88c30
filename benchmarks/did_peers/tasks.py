"""What is asked of every contestant: doubly robust effects by group and time, and the event study made of them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """``draws`` of a multiplier bootstrap for a simultaneous band; with none, errors are analytic."""

    name: str
    units: int
    periods: int
    draws: int = 0
    comparison: str = "never_treated"


TASKS = (
    Task("decade", 100_000, 10),
    Task("decade_drawn", 100_000, 10, draws=999),
    Task("decade_not_yet", 100_000, 10, comparison="not_yet_treated"),
    Task("two_years", 100_000, 24),
    Task("million", 1_000_000, 10),
    Task("million_not_yet", 1_000_000, 10, comparison="not_yet_treated"),
    Task("million_monthly", 1_000_000, 60),
)


@dataclass(frozen=True)
class Answer:
    """The mean over event times from 0 on, with its error where the contestant tells it."""

    att: float
    std_error: float

    def told(self) -> str:
        return f"effect {self.att:.6f} (error {self.std_error:.6f})"
