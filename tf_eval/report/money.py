"""Pounds as a page writes them."""

from tf_eval.release.shorthand import is_number
from tf_eval.report.numerals import MINUS


def pounds(amount: object) -> str:
    """Return released pounds as text, or their shorthand as it is: £1,200 or -£50 or [c]."""
    if not is_number(amount):
        return str(amount)
    return f"{MINUS if amount < 0 else ''}£{abs(amount):,.0f}"
