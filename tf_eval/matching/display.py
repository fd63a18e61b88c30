"""How a count is shown where a notebook may publish it: never small, never exact."""

SMALLEST_SHOWN = 10
ROUND_TO = 5


def rounded(count: float) -> str:
    """Return a count of rows as words fit to be seen: to the nearest 5, and no figure below 10 (0 included)."""
    if count < SMALLEST_SHOWN:
        return f"fewer than {SMALLEST_SHOWN}"
    return f"about {ROUND_TO * int(count / ROUND_TO + 0.5):,}"
