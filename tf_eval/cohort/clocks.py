"""The two clocks of a record: when something happened, and when it arrived, which is the day it was recorded on.

An evaluation looks back, and counts what had happened by a day, whenever it was recorded. A list to work from can only
know what had arrived by the day. A record without ``recorded_on`` is taken to have arrived on the day it is dated.
"""

from typing import Literal

from tf_eval.cohort.forms import later
from tf_eval.errors import ConfigError, unknown

Clock = Literal["happened", "arrived"]
HAPPENED: Clock = "happened"
ARRIVED: Clock = "arrived"
CLOCKS = (HAPPENED, ARRIVED)


def require_clock(clock: str) -> None:
    """Raise ``ConfigError`` for a word that is no clock."""
    if clock not in CLOCKS:
        raise ConfigError(f"clock: {unknown('clock', clock, CLOCKS)}")


def known_from(clock: Clock, happened: str, recorded_on: str) -> str:
    """Return the expression for the first day on which a record dated ``happened`` can count."""
    return happened if clock == HAPPENED else later(happened, f"COALESCE({recorded_on}, {happened})")
