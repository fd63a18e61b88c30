"""The units in which effects are released, and how many decimals each deserves."""

import math
from dataclasses import dataclass

from tf_eval.errors import ConfigError, unknown
from tf_eval.release.shorthand import NOT_AVAILABLE, Shown


@dataclass(frozen=True)
class Unit:
    """How finely an effect and a level (a base rate) are shown: more digits than these are noise."""

    effect_decimals: int
    level_decimals: int


UNITS = {
    "per_100_families_a_year": Unit(effect_decimals=0, level_decimals=0),
    "of_100_families": Unit(effect_decimals=1, level_decimals=0),
    "percentage_points": Unit(effect_decimals=1, level_decimals=1),
}


def unit_named(name: str) -> Unit:
    """Return the unit of this name; raise ``ConfigError`` with the near miss where there is none."""
    if name not in UNITS:
        raise ConfigError(f"release: {unknown('unit', name, UNITS)}")
    return UNITS[name]


def rounded(value: float | None, decimals: int) -> Shown:
    """Return ``value`` to so many decimals (a whole number for none), or the shorthand where there is no number."""
    if value is None or not math.isfinite(value):
        return NOT_AVAILABLE
    short = round(float(value), decimals) + 0.0  # + 0.0 turns a minus nought into a nought
    return int(short) if decimals == 0 else short
