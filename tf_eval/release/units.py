"""The units in which effects are released, and how many decimals each deserves."""

import math
from dataclasses import dataclass

from tf_eval.errors import ConfigError, unknown
from tf_eval.release.shorthand import NOT_AVAILABLE, Shown

_LOST = 1e-9


@dataclass(frozen=True)
class Whom:
    """What they are called of whom an effect is told: all, those with the support, and those they are compared with."""

    all: str
    treated: str
    comparison: str


FAMILIES = Whom("families", "families with this support", "like families")
# Anybody's data are of people or places, which the unit does not know.
UNITS_WITH_IT = Whom("units", "units with it", "units without it")


@dataclass(frozen=True)
class Unit:
    """How finely an effect and a level (a base rate) are shown, and which levels there can be.

    More digits than these are noise. ``scale`` times the outcome's own number (of a county's records a mean per family
    and month) is in the unit; no level lies below nought or above ``highest``; a level that is ``of_families`` says how
    many of those studied are in a state. ``whom`` it is told of, in the words that hide what rests on few of them.
    """

    effect_decimals: int
    level_decimals: int
    scale: float
    highest: float = math.inf
    of_families: bool = False
    whom: Whom = FAMILIES

    def possible(self, level: float) -> bool:
        """Return whether there can be such a level; what is lost in the last digits of a sum does not count."""
        return -_LOST <= level <= self.highest + _LOST


UNITS = {
    "per_100_families_a_year": Unit(effect_decimals=0, level_decimals=0, scale=1200),
    "of_100_families": Unit(effect_decimals=1, level_decimals=0, scale=100, highest=100, of_families=True),
    "percentage_points": Unit(effect_decimals=1, level_decimals=1, scale=100, highest=100),
    "of_100_people": Unit(1, 1, scale=100, highest=100, of_families=True, whom=UNITS_WITH_IT),
    "percent": Unit(effect_decimals=1, level_decimals=1, scale=1, whom=UNITS_WITH_IT),
    "dollars": Unit(effect_decimals=0, level_decimals=0, scale=1, whom=UNITS_WITH_IT),
    "kilograms": Unit(effect_decimals=1, level_decimals=1, scale=1, whom=UNITS_WITH_IT),
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
