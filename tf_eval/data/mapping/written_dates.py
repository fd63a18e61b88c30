"""Which date formats the values of a column fit; where several do, all are told."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tf_eval.data import dates
from tf_eval.data.mapping.profile import Fit, Profile

# How a date that Excel or Parquet holds as one is written here, and by no agency: to be told from dates that are text.
HELD_DATE = "held as a date: %Y-%m-%d"
_ISO_DATE = "%Y-%m-%d"
_IS_HELD = HELD_DATE.removesuffix(_ISO_DATE)
_PATTERNS = {candidate: re.compile(dates.regex(candidate)) for candidate in (*dates.CANDIDATES, HELD_DATE)}
_TWO_DIGIT_YEAR = re.compile(r"[0-9]{1,2}[-/.]([0-9]{1,2}|[A-Za-z]{3})[-/.][0-9]{2}")


@dataclass(frozen=True)
class DateFormat:
    """The format that most texts fit, how many do, the other formats that fit as many, and how many need no format."""

    written: str
    fit: Fit
    also: tuple[str, ...]
    held: int


def parse(text: str, date_format: str) -> date | None:
    """Return the date that a text is in a format of ``dates.CANDIDATES``, or None; a held date is one in any."""
    written = HELD_DATE if text.startswith(_IS_HELD) else date_format
    if not _PATTERNS[written].fullmatch(text):
        return None
    try:
        return datetime.strptime(text, written.replace("%-", "%")).date()
    except ValueError:  # the 31st of June
        return None


def fits(column: Profile) -> dict[str, Fit]:
    """Return how many values of a column fit each format."""
    return {
        candidate: column.fit(lambda text, candidate=candidate: parse(text, candidate) is not None)
        for candidate in dates.CANDIDATES
    }


def is_date(column: Profile) -> bool:
    """Whether one format fits most values of a column; dates that were typed are often of more than one."""
    return any(fit.is_most for fit in fits(column).values())


def has_two_digit_years(column: Profile) -> bool:
    """Whether most values look like dates of which the century is left out."""
    return column.fit(lambda text: bool(_TWO_DIGIT_YEAR.fullmatch(text))).is_most


def common_format(columns: Sequence[Profile], usual: str | None = None) -> DateFormat | None:
    """Return the one format to declare for columns of dates, for a source can have only one; None without columns.

    Of formats that as many texts fit it is the ``usual`` one, where the extract is a return that has one, or else the
    one of the first column, which is the one that a table needs, or else the first, which is the British one.
    """
    if not columns:
        return None
    held = sum(column.fit(lambda text: text.startswith(_IS_HELD)).fitting for column in columns)
    found = [fits(column) for column in columns]
    total = {name: sum((fit[name] for fit in found), Fit(-held, -held)) for name in dates.CANDIDATES}
    best = max(total, key=lambda name: (total[name].fitting, name == usual, found[0][name].fitting))
    if held and not total[best].fitting:
        return DateFormat(usual or _ISO_DATE, total[best], (), held)
    equal = [name for name in total if name != best and total[name] == total[best] and best != usual]
    return DateFormat(best, total[best], tuple(name for name in equal if _fit_both(columns, best, name)), held)


def _fit_both(columns: Sequence[Profile], date_format: str, other: str) -> bool:
    """Whether all texts that fit a format fit another one too."""
    return not any(column.fit(lambda text: _fits_only(text, date_format, other)).fitting for column in columns)


def second_format(column: Profile, date_format: str) -> tuple[str, int] | None:
    """Return the format that most values fit of those that do not fit the declared one, and how many; else None."""
    others = {
        candidate: column.fit(lambda text, candidate=candidate: _fits_only(text, candidate, date_format)).fitting
        for candidate in dates.CANDIDATES
    }
    second = max(others, key=lambda name: others[name])
    return (second, others[second]) if others[second] else None


def _fits_only(text: str, date_format: str, not_this: str) -> bool:
    return parse(text, not_this) is None and parse(text, date_format) is not None
