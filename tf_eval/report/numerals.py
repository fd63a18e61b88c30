"""Numbers as the government writes them: commas in thousands, a true minus, the decimals that were released."""

from collections.abc import Mapping
from typing import Any

from tf_eval.release.shorthand import is_number

MINUS = "\u2212"
NO_BREAK = "\u00a0"


def number(value: object, decimals: int | None = None) -> str:
    """Return a released number as text, or its shorthand as it is: 1,234 or -0.5 or [c].

    ``decimals`` fills up with zeros what the others in a column have (0.2 beside 0.05 is 0.20).
    """
    if not is_number(value):
        return str(value)
    text = f"{abs(value):,}" if decimals is None else f"{abs(value):,.{decimals}f}"
    return f"{MINUS}{text}" if value < 0 else text


def signed(value: object) -> str:
    """Return a change with its sign: +12, -12, 0."""
    return f"+{number(value)}" if is_number(value) and value > 0 else number(value)


def percent(fraction: object) -> str:
    """Return a fraction as a whole percentage with its sign: -14%."""
    return f"{signed(round(fraction * 100))}%" if is_number(fraction) else str(fraction)


def confidence(level: float) -> str:
    """Return how sure an interval is as a percentage, with what decimals it has: 99.25%."""
    return f"{100 * level:.6g}%"


def span(low: object, high: object) -> str:
    """Return an interval as statistics write it: "-70 to -12"; a single shorthand where there is none."""
    if not (is_number(low) and is_number(high)):
        return number(low)
    return f"{number(low)} to {number(high)}"


def with_range(row: Mapping[str, Any]) -> str:
    """Return an effect with its interval on a line of its own; a single shorthand where there is none."""
    if not is_number(row["effect"]):
        return row["effect"]
    interval = span(row["ci_low"], row["ci_high"]).replace(" ", NO_BREAK)
    return f"{signed(row['effect'])}\n({interval})"
