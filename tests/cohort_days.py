"""Days on which boundaries meet, and calendar arithmetic that shares no code with the engine's."""

from calendar import monthrange
from datetime import date

# Month ends, a leap day, ends and beginnings of terms.
AWKWARD = [
    date(2011, 1, 31), date(2011, 8, 31), date(2012, 2, 28), date(2012, 2, 29), date(2012, 3, 28), date(2012, 3, 29),
    date(2012, 4, 1), date(2012, 4, 15), date(2012, 4, 16), date(2012, 9, 3), date(2012, 12, 20), date(2012, 12, 31),
]  # fmt: skip


def months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
