"""Spans [start, end) of families, looked up or laid out where they are asked for."""

from collections.abc import Iterable

import numpy as np

from tf_eval.cohort.forms import Span
from tf_eval.cohort.months import as_day_numbers

_DAYS = 1 << 22  # more than any day's number, and than twice that of the far future
_MIDDLE = _DAYS >> 1


def expand(start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the whole numbers of each span [start, end) in order, behind the place of the span they belong to.

    Args:
        start, end: whole numbers, one of each for a span; a span that ends before it starts is empty.
    """
    lengths = np.maximum(end - start, 0)
    owner = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    before = np.repeat((lengths.cumsum() - lengths - start), lengths)
    return owner, np.arange(len(owner)) - before


def open_at(spans: tuple[np.ndarray, np.ndarray, np.ndarray], rows: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Return whether a span of each row is open on its day.

    Args:
        spans: row, first day and first day after the end (NaT: none) of each span; those of a row are disjoint.
        rows: the rows asked about.
        days: the day asked about in each row, datetime64.
    """
    row, start, end = spans
    opens = row * _DAYS + as_day_numbers(start) + _MIDDLE
    order = np.argsort(opens, kind="stable")
    place = np.searchsorted(opens[order], rows * _DAYS + as_day_numbers(days) + _MIDDLE, side="right")
    last = np.append(-1, order)[place]
    found = last >= 0
    last, asked = last[found], days[found]
    found[found] = (row[last] == rows[found]) & (np.isnat(end[last]) | (end[last] > asked))
    return found


def gaps(
    group: np.ndarray, start: np.ndarray, end: np.ndarray, tolerated: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the group, start and end of the spans between those of each group, but for those no longer than tolerated.

    Args:
        group: the number of each span's group from 0, ascending; within it spans are in order of their starts.
        start, end: whole numbers, those of days at most.
        tolerated: the length of a gap that is none yet.
    """
    reached = np.maximum.accumulate(group * _DAYS + end)
    since = reached[:-1] - group[1:] * _DAYS
    found = np.flatnonzero((group[1:] == group[:-1]) & (start[1:] - since > tolerated))
    return group[found + 1], since[found], start[found + 1]


def overlaps(first: np.ndarray, last: np.ndarray, spans: Iterable[Span]) -> np.ndarray:
    """Return whether any day from ``first`` to ``last`` (datetime64) lies in one of the spans."""
    found = np.zeros(len(first), dtype=bool)
    for start, end in spans:
        found |= (first < np.datetime64(end)) & (last >= np.datetime64(start))
    return found


def without_overlaps(group: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return later starts for spans, so that those of a group have the same union and no day twice.

    Args:
        group: the number of each span's group from 0, ascending; within it spans are in order of their starts.
        start, end: day numbers.
    """
    later = start.copy()
    # A group stands above all days of the one before it, whose ends therefore move nothing in it.
    reached = np.maximum.accumulate(group * _DAYS + end)
    later[1:] = np.maximum(start[1:], reached[:-1] - group[1:] * _DAYS)
    return later
