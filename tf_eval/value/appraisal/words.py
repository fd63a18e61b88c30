"""Money in words."""

import math

from tf_eval.value.appraisal.spread import Spread

EXACT = 10.0  # pounds below which pence are told


def pounds(amount: float) -> str:
    """Return pounds to three figures, and small ones, such as what comes back for one, with pence."""
    if not math.isfinite(amount):
        return "not available"
    size = abs(amount)
    if size < EXACT:
        told = f"{size:.2f}"
        return f"{'-' if amount < 0 and told != '0.00' else ''}£{told}"
    step = 10.0 ** max(0, math.floor(math.log10(size)) - 2)
    return f"{'-' if amount < 0 else ''}£{step * round(size / step):,.0f}"


def told_range(one: Spread) -> str:
    return f"{pounds(one.low)} to {pounds(one.high)}"


def told_spread(one: Spread) -> str:
    return f"{pounds(one.mean)} (95% interval {told_range(one)})"


def told_chance(chance: float) -> str:
    """Return how often it pays, as a sentence; draws cannot tell never from hardly ever."""
    if chance < 0.01:
        return "The chance that it pays for itself is below 1 in 100."
    if chance > 0.99:
        return "The chance that it pays for itself is above 99 in 100."
    return f"The chance that it pays for itself is about {round(100 * chance)} in 100."


def told_payback(months: Spread, horizon: int) -> str:
    if math.isinf(months.mean):
        return f"As estimated, it does not pay for itself within {horizon} months."
    late = f"or not within {horizon}" if math.isinf(months.high) else f"or as late as {months.high:.0f}"
    return f"As estimated, the money is back after {months.mean:.0f} months ({late})."
