"""Periods by name."""

FIRST_DATE = 12 * 1000  # months since year 0: no event time or count of periods comes near it


def time_name(period: int, time_unit: str) -> str:
    """Return a period by name; dates are counted in months since year 0 and are told as year and month."""
    if time_unit == "month" and period >= FIRST_DATE:
        return f"{period // 12}-{period % 12 + 1:02d}"
    return str(period)
