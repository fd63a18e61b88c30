"""From when to when an extract seems to reach, by the months of its dates; only the agency knows what it covers."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise, takewhile

from tf_eval.data.mapping.matching import Match
from tf_eval.data.mapping.profile import Profile
from tf_eval.data.mapping.written_dates import parse
from tf_eval.data.source import Covers

LONGEST_GAP = 12  # months without a row; dates beyond one are taken for mistakes
# The column whose first month begins the time, and the one whose last month ends it. A spell may have begun long before
# an extract does, but one that ended before is not in it.
_ENDS: Mapping[str, tuple[str, str]] = {
    "event": ("date", "date"),
    "spell": ("end_date", "start_date"),
    "support": ("offered", "offered"),
}
# From a day on which no term has begun to one on which the next may have, but cannot have ended: terms follow Easter.
_TERMS = {1: ((9, 1), (1, 1)), 2: ((1, 1), (5, 1)), 3: ((4, 1), (9, 1))}
_YEARS = range(1990, 2100)
Term = tuple[int, int]  # the year in which its school year began, and its number


@dataclass(frozen=True)
class Seen:
    """The time that the dates span, and how many of them lie outside it."""

    covers: Covers
    outside: int


def seen_time(table: str, matches: Mapping[str, Match], date_format: str, terms: Collection[Term]) -> Seen | None:
    """Return the time that an extract's dates or terms span, in whole months; None where there are none."""
    if table == "attendance":
        return _from_first_to_last(terms)
    if table not in _ENDS or any(name not in matches for name in _ENDS[table]):
        return None
    first, last = (_months(matches[name].profile, date_format) for name in _ENDS[table])
    if not first or not last:
        return None
    start, end = min(_usual(first)), max(_usual(last))
    outside = sum(rows for month, rows in first.items() if month < start)
    outside += sum(rows for month, rows in last.items() if month > end)
    return Seen(Covers(start=start, end=_next(end)), outside) if start <= end else None


def _months(column: Profile, date_format: str) -> Counter[date]:
    months: Counter[date] = Counter()
    for text, rows in column.counts.items():
        day = parse(text, date_format)
        if day is not None:
            months[day.replace(day=1)] += rows
    return months


def _usual(months: Counter[date]) -> list[date]:
    """Return the months around the busiest one, as far as there is no long gap."""
    months_in_order = sorted(months)
    busiest = months_in_order.index(max(months_in_order, key=lambda month: months[month]))
    after = takewhile(_is_near, pairwise(months_in_order[busiest:]))
    before = takewhile(_is_near, pairwise(months_in_order[busiest::-1]))
    return [months_in_order[busiest], *(month for _, month in before), *(month for _, month in after)]


def _is_near(pair: tuple[date, date]) -> bool:
    one, other = pair
    return abs((one.year - other.year) * 12 + one.month - other.month) <= LONGEST_GAP


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _from_first_to_last(terms: Collection[Term]) -> Seen | None:
    known = sorted((year, term) for year, term in terms if year in _YEARS and term in _TERMS)
    if not known:
        return None
    (first_year, first), (last_year, last) = known[0], known[-1]
    start, end = _TERMS[first][0], _TERMS[last][1]
    covers = Covers(start=date(first_year + (first > 1), *start), end=date(last_year + 1, *end))
    return Seen(covers, 0)
