"""One value of a sheet or a database as the text that the same agency would have put into a CSV."""

from datetime import date, time, timedelta
from decimal import Decimal
from math import isinf
from typing import Any
from uuid import UUID

INEXACT_FROM = 1e15  # from sixteen digits on a floating-point number, which is all that Excel has, is rounded


def as_text(value: Any, date_format: str) -> str | None:
    """Return a value as text; the hour of a date is left out, a whole number has no '.0', null stays null.

    A number too large to be written is ``#NUM!``, as in Excel.

    Args:
        value: what python-calamine or a database driver returned.
        date_format: how the source writes its dates.

    Raises:
        TypeError: it is no plain value, but bytes, a list or an object.
    """
    match value:
        case None:
            return None
        case str():
            return value.strip()
        case bool():
            return str(value).lower()
        case date():
            return value.strftime(date_format)
        case float() if value.is_integer() and abs(value) < INEXACT_FROM:
            return str(int(value))
        case Decimal() if value.is_finite():
            return format(value, "f")
        case float() if isinf(value):
            return "#NUM!"
        case int() | float() | Decimal() | time() | timedelta() | UUID():
            return str(value)
    raise TypeError(type(value).__name__)
