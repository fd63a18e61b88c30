"""Whole numbers in what is asked for."""


def whole_number(name: str, value: object, least: int = 1) -> list[str]:
    """Return what is wrong with a number that has to be ``least``, ``least`` + 1, ..."""
    whole = isinstance(value, int) and not isinstance(value, bool) and value >= least
    return [] if whole else [f"{name} must be a whole number of {least} or more"]
