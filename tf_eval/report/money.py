"""Pounds as a page writes them."""

from collections.abc import Mapping
from typing import Any

from tf_eval.release.shorthand import is_number
from tf_eval.report.numerals import MINUS, NO_BREAK

NO_LIMIT = "no upper limit"  # in place of the upper end of an interval that has none


def pounds(amount: object, decimals: int = 0) -> str:
    """Return released pounds as text, or their shorthand as it is: £1,200 or -£50 or [c]."""
    if not is_number(amount):
        return str(amount)
    return f"{MINUS if amount < 0 else ''}£{abs(amount):,.{decimals}f}"


def pounds_moved(amount: object) -> str:
    """Return a change in pounds with its sign: +£50, -£50."""
    return f"+{pounds(amount)}" if is_number(amount) and amount > 0 else pounds(amount)


def pounds_against(amount: float, cost: str) -> str:
    """Return by how much what is saved is more or less than ``cost``: "£50 more than it costs"."""
    if not amount:
        return f"as much as {cost}"
    return f"{pounds(abs(amount))} {_way(amount)} than {cost}"


def pounds_against_range(row: Mapping[str, Any]) -> str:
    """Return an interval of such amounts: "between £50 less and £120 more", "between £50 and £120 less"."""
    low, high = row["low"], row["high"]
    if low < 0 < high:
        return f"between {pounds(-low)} less and {pounds(high)} more"
    near, far = sorted((abs(low), abs(high)))
    return f"between {pounds(near)} and {pounds(far)} {_way(low or high)}"


def _way(amount: float) -> str:
    return "less" if amount < 0 else "more"


def pounds_range(row: Mapping[str, Any], decimals: int = 0) -> str:
    """Return the ends of an interval of pounds; a single shorthand where there are none."""
    if not is_number(row["low"]):
        return str(row["low"])
    return f"{pounds(row['low'], decimals)} to {pounds(row['high'], decimals)}"


def pounds_with_range(row: Mapping[str, Any], decimals: int = 0) -> str:
    """Return pounds with their interval on a line of its own; the interval alone where there is no point."""
    interval = pounds_range(row, decimals).replace(" ", NO_BREAK)
    if not is_number(row["mean"]) or row["low"] == row["high"]:
        return pounds(row["mean"], decimals) if row["low"] == row["high"] else interval
    return f"{pounds(row['mean'], decimals)}\n({interval})"
