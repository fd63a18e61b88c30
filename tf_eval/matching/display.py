"""How numbers are shown: counts where a notebook may publish them, never small, never exact; others in sentences."""

import math
from collections.abc import Iterable

import numpy as np

SMALLEST_SHOWN = 10
ROUND_TO = 5
NOTHING = 1e-9  # less is what rounding leaves of nothing
LARGE = 1e5  # from here on a fraction is not told
PLAIN = (1e-6, 1e12)  # sizes that are told in plain decimals


def few(smallest: int = SMALLEST_SHOWN) -> str:
    """Return why numbers are not shown that rest on fewer rows or units than ``smallest``."""
    return f"a group has fewer than {smallest} rows or units"


def not_shown(smallest: int = SMALLEST_SHOWN) -> str:
    """Return what stands in the place of such numbers."""
    return f"not shown, for {few(smallest)}; table() has it for those who may see it."


FEW, NOT_SHOWN = few(), not_shown()


def rounded(count: float, smallest: int = SMALLEST_SHOWN) -> str:
    """Return a count of rows as words fit to be seen: to the nearest 5, and no figure below ``smallest`` (0 included).

    Where a count of 1 may be seen nothing is hidden, and all are exact.
    """
    if smallest == 1:
        return f"{count:,.0f}"
    if count < smallest:
        return f"fewer than {smallest}"
    return f"about {nearest(count):,.0f}"


def nearest(count: float | np.ndarray) -> np.ndarray:
    """Return a count, or an array of them, to the nearest 5, but none to 0."""
    return ROUND_TO * np.maximum(np.floor(np.asarray(count, dtype=float) / ROUND_TO + 0.5), 1.0)


def step_of_share(units: float) -> float:
    """Return in which steps a share of so many units is told, so that it tells no more of their number than counts do.

    It is that of five units or more: the next of 1, 2, 2.5 or 5 times a power of ten, which itself tells little.
    """
    share = ROUND_TO / units
    power = 10.0 ** math.floor(math.log10(share))
    return next(step for step in (power, 2 * power, 2.5 * power, 5 * power, 10 * power) if step >= share)


def counted(rows: float, units: int, what: str = "") -> str:
    """Return so many rows of a kind (``what``) as words: ten rows of one family are one family, and not shown."""
    if units < SMALLEST_SHOWN <= rows:
        return f"{what or 'those'} of fewer than {SMALLEST_SHOWN} units"
    return f"{rounded(rows)} {what}".rstrip()


def coarse(weights: np.ndarray, units: np.ndarray) -> np.ndarray:
    """Return weights, each of so many units, to steps of what five of them weigh (see ``step_of_share``) or more."""
    told = np.zeros(len(weights))
    for place in np.flatnonzero((weights != 0) & (units > 0)):
        step = step_of_share(units[place] / abs(weights[place]))
        told[place] = step * round(weights[place] / step)
    return told


def so_many(count: int, noun: str) -> str:
    """Return a count that hides nobody with its noun, which takes an s where it is not one."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def number(value: float) -> str:
    """A number for a sentence: three significant figures (of larger ones all before the point), tiny ones as powers."""
    if not math.isfinite(value):
        return "not available"
    if abs(value) < NOTHING:
        return "0.00"  # without the sign that a sum in another order may have
    if not PLAIN[0] <= abs(value) < PLAIN[1]:
        return f"{value:.2e}"
    return f"{value:,.{_decimals(value)}f}"


def numbers_alike(values: Iterable[float]) -> list[str]:
    """Numbers that are seen beside each other: all with as many decimals as the largest has in a sentence."""
    values = list(values)
    largest = max(map(abs, values), default=0.0)
    if not PLAIN[0] <= largest < PLAIN[1]:
        return [number(value) for value in values]
    decimals = _decimals(largest)
    return [f"{round(value, decimals) + 0.0:,.{decimals}f}" for value in values]  # no sign is left of what rounds to 0


def _decimals(value: float) -> int:
    """How many decimals leave three significant figures."""
    return max(0, 2 - math.floor(math.log10(abs(value))))


def as_given(value: float) -> str:
    """A number that the data or the reader gave, such as a threshold: as it is, to six figures at least."""
    return f"{value:,.0f}" if LARGE <= abs(value) < PLAIN[1] else f"{value:,g}"


def percent(asked: float) -> str:
    """A share that somebody asked for, such as a confidence: as it is, for 97.5% is not 98%, nor 99.9% all."""
    return f"{100 * asked:.6g}%"


def told_share(found: float, step: float = 0.01) -> str:
    """A share that was found, in whole percent or larger steps: few are not told as none, nor most as all."""
    if found < step:
        return f"less than {percent(step)}"
    if 1 - step < found < 1:
        return f"more than {percent(1 - step)}"
    return f"{found:.0%}" if step <= 0.01 else f"about {percent(step * round(found / step))}"


def told_size(difference: float) -> str:
    """The size of a standardised difference for a sentence: two decimals, and 0.00 is not said of what is not 0."""
    size = f"{abs(difference):.2f}"
    return "below 0.01" if size == "0.00" and difference else size
