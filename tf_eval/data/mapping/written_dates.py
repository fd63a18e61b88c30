"""Which date formats the values of a column fit; where several do, all are told."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tf_eval.data import dates
from tf_eval.data.mapping.profile import Fit, Profile

IS_A_DATE = 0.9  # share of the values that one format has to fit
_PATTERNS = {candidate: re.compile(dates.regex(candidate)) for candidate in dates.CANDIDATES}
_TWO_DIGIT_YEAR = re.compile(r"[0-9]{1,2}[-/.]([0-9]{1,2}|[A-Za-z]{3})[-/.][0-9]{2}")


@dataclass(frozen=True)
class DateFormat:
    """The format that most values fit, how many do, and the other formats that fit as many."""

    written: str
    fit: Fit
    also: tuple[str, ...]


def parse(text: str, date_format: str) -> date | None:
    """Return the date that a text is in a format of ``dates.CANDIDATES``, or None."""
    if not _PATTERNS[date_format].fullmatch(text):
        return None
    try:
        return datetime.strptime(text, date_format.replace("%-", "%")).date()
    except ValueError:  # the 31st of June
        return None


def fits(column: Profile) -> dict[str, Fit]:
    """Return how many values of a column fit each format."""
    return {
        candidate: column.fit(lambda text, candidate=candidate: parse(text, candidate) is not None)
        for candidate in dates.CANDIDATES
    }


def is_date(column: Profile) -> bool:
    """Whether one format fits nearly all values of a column."""
    return any(fit.share >= IS_A_DATE for fit in fits(column).values())


def has_two_digit_years(column: Profile) -> bool:
    """Whether the values look like dates of which the century is left out."""
    return column.fit(lambda text: bool(_TWO_DIGIT_YEAR.fullmatch(text))).share >= IS_A_DATE


def common_format(columns: Iterable[Profile]) -> DateFormat | None:
    """Return the one format to declare for columns of dates, for a source can have only one; None without columns."""
    total: Mapping[str, Fit] = {}
    for column in columns:
        found = fits(column)
        total = {name: total.get(name, Fit(0, 0)) + fit for name, fit in found.items()}
    if not total:
        return None
    best = max(total, key=lambda name: total[name].fitting)  # of equal ones the first, which is the British one
    also = tuple(name for name in total if name != best and total[name].fitting == total[best].fitting)
    return DateFormat(best, total[best], also)
