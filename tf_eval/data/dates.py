"""Date formats: which are allowed, what they accept, and which one a column of text seems to be written in."""

import re
from datetime import date

# What each directive accepts, stricter than strptime: two digits where two are meant and always a four-digit year.
_ACCEPTS = {
    "%d": "(0[1-9]|[12][0-9]|3[01])",
    "%-d": "([1-9]|[12][0-9]|3[01])",
    "%m": "(0[1-9]|1[0-2])",
    "%-m": "([1-9]|1[0-2])",
    "%b": "[A-Za-z]{3}",
    "%B": "[A-Za-z]{3,9}",
    "%Y": "[12][0-9]{3}",
    "%H": "([01][0-9]|2[0-3])",
    "%M": "[0-5][0-9]",
    "%S": "[0-5][0-9]",
}
_DIRECTIVE = re.compile("%-?.")
EXAMPLE = date(2012, 12, 31)
CANDIDATES = (
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%d-%m-%Y",
    "%d.%m.%Y",
    "%Y%m%d",
    "%-d/%-m/%Y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d %B %Y",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S.000",
    "%Y-%m-%dT%H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
)


def problem_of(date_format: str) -> str | None:
    """Return what is wrong with a declared date format, or None."""
    directives = _DIRECTIVE.findall(date_format)
    if "%y" in directives:
        return "a two-digit year (%y) cannot be told apart from another century; ask for four digits (%Y)"
    unknown = [directive for directive in directives if directive not in _ACCEPTS]
    if unknown:
        return f"'{unknown[0]}' is not supported; use {', '.join(_ACCEPTS)}"
    parts = {directive.replace("-", "").lower() for directive in directives}
    if not {"%d", "%y"} <= parts or not {"%m", "%b"} & parts:
        return "a date needs a day, a month and a year, such as %d/%m/%Y"
    return None


def regex(date_format: str) -> str:
    """Return the regular expression (RE2) of the whole text of a date in this format."""
    literals = [re.escape(text) for text in _DIRECTIVE.split(date_format)]
    accepts = [_ACCEPTS[directive] for directive in _DIRECTIVE.findall(date_format)]
    return "".join(text + pattern for text, pattern in zip(literals, [*accepts, ""], strict=True))


def example(date_format: str) -> str:
    """Return how the last day of 2012 is written in this format."""
    return EXAMPLE.strftime(date_format)


def is_of_days(date_format: str) -> bool:
    """Return whether the format writes a day without its hour, so that each day has one usual text."""
    return not {"%H", "%M", "%S"} & set(_DIRECTIVE.findall(date_format))
