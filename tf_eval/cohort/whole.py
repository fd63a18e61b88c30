"""Whole numbers in what is asked for."""

# Nobody asks for more of anything; beyond it engines count and date differently, or not at all.
MOST = 1_000_000


def whole_number(name: str, value: object, *, least: int = 1, at_most: int = MOST) -> list[str]:
    """Return what is wrong with a number that has to be ``least``, ``least`` + 1, ... up to ``at_most``."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        return [f"{name} must be a whole number of {least} or more"]
    return [f"{name} must be {at_most:,} or less"] if value > at_most else []
