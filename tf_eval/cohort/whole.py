"""Whole numbers in criteria."""

# Nobody asks for more of anything; beyond it engines count and date differently, or not at all.
MOST = 1_000_000


def whole_number(name: str, value: object, at_most: int = MOST) -> list[str]:
    """Return what is wrong with a number that has to be 1, 2, 3, ... and not more than ``at_most``."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        return [f"{name} must be a whole number of 1 or more"]
    return [f"{name} must be {at_most:,} or less"] if value > at_most else []
