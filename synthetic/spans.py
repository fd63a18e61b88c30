"""Rows that say who was with what and when: a person in a family, a family in a home, a person in a home."""

from dataclasses import dataclass, replace

import numpy as np

FOREVER = np.datetime64("9999-12-31")


@dataclass(frozen=True, eq=False)
class Spans:
    """``who`` was with ``what`` from ``start`` up to the day before ``end`` (FOREVER: still is); numbers and days."""

    who: np.ndarray
    what: np.ndarray
    start: np.ndarray
    end: np.ndarray

    def __len__(self) -> int:
        return len(self.who)

    def plus(self, other: "Spans") -> "Spans":
        """Return the rows of both, one below the other."""
        pairs = zip(self._columns(), other._columns(), strict=True)
        return Spans(*(np.concatenate(pair) for pair in pairs))

    def ended(self, who: np.ndarray, days: np.ndarray) -> "Spans":
        """Return the rows with those of each of ``who`` ended by its day."""
        last = np.full(int(max(self.who.max(initial=0), who.max(initial=0))) + 1, FOREVER)
        last[who] = days
        return replace(self, end=np.minimum(self.end, last[self.who])).real()

    def real(self) -> "Spans":
        """Return the rows that hold a day at least."""
        return self.taken(self.start < self.end)

    def taken(self, rows: np.ndarray) -> "Spans":
        return Spans(*(column[rows] for column in self._columns()))

    def ordered(self) -> "Spans":
        """Return the rows in order of who and start."""
        return self.taken(np.lexsort((self.start, self.who)))

    def through(self, other: "Spans") -> "Spans":
        """Return who was with whatever the own ``what`` was with at the time: people in homes by way of families."""
        other = other.ordered()
        first = np.searchsorted(other.who, self.what, side="left")
        number = np.searchsorted(other.who, self.what, side="right") - first
        mine = np.repeat(np.arange(len(self)), number)
        theirs = np.arange(len(mine)) - np.repeat(np.cumsum(number) - number, number) + np.repeat(first, number)
        start = np.maximum(self.start[mine], other.start[theirs])
        end = np.minimum(self.end[mine], other.end[theirs])
        return Spans(self.who[mine], other.what[theirs], start, end).real()

    def interrupted(self, by: "Spans") -> "Spans":
        """Return the rows with ``what`` replaced by that of ``by`` for the time of each of its rows."""
        rows = self
        for turn in _turns(by):
            rows = rows._interrupted_once(turn)
        return rows._joined()

    def _joined(self) -> "Spans":
        """Return the rows with those made one that are of the same two and follow each other without a break."""
        rows = self.ordered()
        follows = (
            (rows.who[1:] == rows.who[:-1]) & (rows.what[1:] == rows.what[:-1]) & (rows.start[1:] == rows.end[:-1])
        )
        first = np.flatnonzero(np.concatenate([[True], ~follows])[: len(rows)])
        last = np.append(first[1:], len(rows)) - 1
        return Spans(rows.who[first], rows.what[first], rows.start[first], rows.end[last])

    def _interrupted_once(self, by: "Spans") -> "Spans":
        """Interrupt by at most one row for each person."""
        people = int(max(self.who.max(initial=0), by.who.max(initial=0))) + 1
        start, end, what = np.full(people, FOREVER), np.full(people, FOREVER), np.full(people, -1)
        start[by.who], end[by.who], what[by.who] = by.start, by.end, by.what
        start, end, what = start[self.who], end[self.who], what[self.who]
        before = replace(self, end=np.minimum(self.end, start))
        during = Spans(self.who, what, np.maximum(self.start, start), np.minimum(self.end, end))
        after = replace(self, start=np.maximum(self.start, end))
        return before.plus(during).plus(after).real()

    def _columns(self) -> tuple[np.ndarray, ...]:
        return self.who, self.what, self.start, self.end


def _turns(spans: Spans) -> list[Spans]:
    """Return first rows, second rows and so on of everybody."""
    spans = spans.ordered()
    turn = np.arange(len(spans)) - np.searchsorted(spans.who, spans.who, side="left")
    return [spans.taken(turn == number) for number in range(int(turn.max(initial=-1)) + 1)]


def open_ended(days: np.ndarray) -> np.ndarray:
    """Return days with FOREVER for NaT."""
    return np.where(np.isnat(days), FOREVER, days)


def closed(days: np.ndarray) -> np.ndarray:
    """Return days with NaT for FOREVER."""
    return np.where(days == FOREVER, np.datetime64("NaT"), days)
