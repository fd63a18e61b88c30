"""How numbers are shown: counts where a notebook may publish them, never small, never exact; others in sentences."""

import math

SMALLEST_SHOWN = 10
ROUND_TO = 5
NOTHING = 5e-7  # less than six decimals can show
FEW = f"a group has fewer than {SMALLEST_SHOWN} rows or units"
NOT_SHOWN = f"not shown, for {FEW}; table() has it for those who may see it."


def rounded(count: float) -> str:
    """Return a count of rows as words fit to be seen: to the nearest 5, and no figure below 10 (0 included)."""
    if count < SMALLEST_SHOWN:
        return f"fewer than {SMALLEST_SHOWN}"
    return f"about {ROUND_TO * int(count / ROUND_TO + 0.5):,}"


def counted(rows: float, units: int, what: str = "") -> str:
    """Return so many rows of a kind (``what``) as words: ten rows of one family are one family, and not shown."""
    if units < SMALLEST_SHOWN <= rows:
        return f"{what or 'those'} of fewer than {SMALLEST_SHOWN} units"
    return f"{rounded(rows)} {what}".rstrip()


def number(value: float) -> str:
    """A number for a sentence: three significant figures, six decimals at most."""
    if not math.isfinite(value):
        return "not available"
    if abs(value) < NOTHING:
        return "0.00"  # without the sign that a sum in another order may have
    decimals = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:,.{min(decimals, 6)}f}"


def told_size(difference: float) -> str:
    """The size of a standardised difference for a sentence: two decimals, and 0.00 is not said of what is not 0."""
    size = f"{abs(difference):.2f}"
    return "below 0.01" if size == "0.00" and difference else size
