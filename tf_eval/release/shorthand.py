"""What stands in a released table where no number can stand, as government statistics write it."""

SUPPRESSED = "[c]"
NOT_AVAILABLE = "[x]"
NOT_APPLICABLE = "[z]"

MEANINGS = {
    SUPPRESSED: "confidential: hidden so that no family can be recognised",
    NOT_AVAILABLE: "not available: it could not be estimated",
    NOT_APPLICABLE: "not applicable",
}

Shown = int | float | str


def is_number(value: object) -> bool:
    """Return whether a released cell holds a number (and not a shorthand)."""
    return isinstance(value, int | float) and not isinstance(value, bool)
