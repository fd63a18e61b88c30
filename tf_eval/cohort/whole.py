"""Whole numbers in criteria."""


def whole_number(name: str, value: object) -> list[str]:
    """Return what is wrong with a number that has to be 1, 2, 3, ..."""
    whole = isinstance(value, int) and not isinstance(value, bool) and value >= 1
    return [] if whole else [f"{name} must be a whole number of 1 or more"]
