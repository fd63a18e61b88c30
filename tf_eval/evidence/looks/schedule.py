"""When a study is looked at, fixed before the first look, and what a panel held by then."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tf_eval import did
from tf_eval.errors import ConfigError, EstimationError, InputError, NotEstimated
from tf_eval.evidence.looks.intervals import RepeatedIntervals
from tf_eval.evidence.looks.repeated import repeated_intervals
from tf_eval.evidence.looks.spending import OBRIEN_FLEMING

INDEX_MONTH = "index_month"


@dataclass(frozen=True)
class LookSchedule:
    """The looks of a study.

    Attributes:
        first: the last month that the first look has records of, as a month number (twelve times the year, plus the
            month's place in it from 0).
        planned: how many looks there will be at most.
        months_apart: months from one look to the next.
        spending: how much of the chance of a false alarm may have been used by when, see ``repeated_intervals``.
    """

    first: int
    planned: int
    months_apart: int = 1
    spending: str = OBRIEN_FLEMING

    def made(self, until: int) -> range:
        """Return the months of the looks so far, where records end with the month ``until``.

        Raises:
            ConfigError: the first look is still to come, or more were made than were planned.
        """
        count = (until - self.first) // self.months_apart + 1
        if count < 1:
            raise ConfigError(f"looks: the first is at {_told(self.first)}, and records end with {_told(until)}")
        if count > self.planned:
            last = self.first + (self.planned - 1) * self.months_apart
            raise ConfigError(
                f"looks: the last of {self.planned} was at {_told(last)}, by which all is spent, and records end with "
                f"{_told(until)}. A longer plan has to be made before the first look"
            )
        return range(self.first, until + 1, self.months_apart)


@dataclass(frozen=True, eq=False)
class SeenBy:
    """A panel as it was at a look, of those whose follow-up was over by then.

    So every look is at the same effect, and the families of one are among those of the next: what a new look adds is
    independent of what was known before (Scharfstein, Tsiatis and Robins 1997, JASA 92). Matches and records are
    today's: what arrived late is seen from the month on that it is about.

    Attributes:
        panel: families by months, as ``build_panel`` returns it.
        until: the last month that is seen.
        follow_up: the last event month of the effect.
    """

    panel: Any
    until: int
    follow_up: int

    def event_time_frame(self, matched: Any, outcome: str, columns: Sequence[str]) -> pd.DataFrame:
        """Return the panel's own frame, of the months and families that were seen.

        Raises:
            EstimationError: nobody's follow-up is over.
        """
        frame = self.panel.event_time_frame(matched, outcome, [*dict.fromkeys([*columns, INDEX_MONTH])])
        index_month = frame[INDEX_MONTH]
        over = index_month + self.follow_up <= self.until
        if not frame.loc[over, "adopted"].notna().any():
            raise EstimationError(
                f"looks: with records up to {_told(self.until)}, no family with the intervention has been followed for "
                f"{self.follow_up} months; the first look has to come later"
            )
        return frame[over & (index_month + frame["event_time"] <= self.until)]


def as_looked_at(panel: Any, schedule: LookSchedule | None, follow_up: int) -> Any:
    """Return what a panel shows at the last look; where none are planned, the panel itself."""
    if schedule is None:
        return panel
    return SeenBy(panel, schedule.made(int(panel.data.months[-1]))[-1], follow_up)


def look_again(
    panel: Any,
    schedule: LookSchedule,
    follow_up: tuple[int, int],
    estimate: Callable[[SeenBy], did.GroupTimeATT],
) -> tuple[did.GroupTimeATT, RepeatedIntervals | NotEstimated]:
    """Estimate an effect at every look so far.

    Args:
        panel: families by months, as ``build_panel`` returns it.
        schedule: the looks.
        follow_up: event months, first and last, of the effect.
        estimate: estimates on a panel.

    Returns:
        The estimate of the last look, and the intervals that hold over all of them.
    """
    until = int(panel.data.months[-1])
    *earlier, last = schedule.made(until)
    found = [_attempted(estimate, SeenBy(panel, month, follow_up[1])) for month in earlier]
    now = estimate(SeenBy(panel, last, follow_up[1]))
    looks = pd.DataFrame(_rows([*found, now], follow_up))
    return now, repeated_intervals(looks, planned=schedule.planned, spending=schedule.spending)


def _attempted(estimate: Callable[[SeenBy], did.GroupTimeATT], seen: SeenBy) -> did.GroupTimeATT | NotEstimated:
    """Early on there may be nobody yet whose follow-up is over, or too few to adjust for what was planned."""
    try:
        return estimate(seen)
    except (EstimationError, InputError) as problem:
        return NotEstimated(str(problem))


def _rows(found: Sequence[did.GroupTimeATT | NotEstimated], follow_up: tuple[int, int]) -> Iterator[dict[str, float]]:
    for look, result in enumerate(found, start=1):
        effect = result if isinstance(result, NotEstimated) else result.band(*follow_up)
        known = not isinstance(effect, NotEstimated) and effect.std_error > 0
        numbers = {name: getattr(effect, name) if known else np.nan for name in _NUMBERS.values()}
        yield {"look": look, **{name: numbers[source] for name, source in _NUMBERS.items()}}


_NUMBERS = {"value": "att", "std_error": "std_error", "degrees_of_freedom": "degrees_of_freedom"}


def _told(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02d}"
