"""What the extracts cover, and so what cannot be told: a missing agency is not a zero."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tf_eval.cohort.engine import Engine, read_rows
from tf_eval.cohort.forms import FAR_FUTURE, FAR_PAST, Span


@dataclass(frozen=True)
class Coverage:
    """The periods [start, end) that each agency's extract says it covers, by table and kind (None: all its kinds)."""

    periods: dict[tuple[str, str | None, str], tuple[Span, ...]]

    @classmethod
    def read(cls, engine: Engine) -> "Coverage":
        """Read the county's coverage table."""
        rows = read_rows(engine, "SELECT table_name, kind, agency, start_date, end_date FROM coverage")
        periods = defaultdict(list)
        for table, kind, agency, start, end in rows:
            periods[table, kind, agency].append((start, end))
        return cls({key: tuple(sorted(spans)) for key, spans in periods.items()})

    @property
    def everybody(self) -> list[str]:
        """The agencies whose extracts cover anything."""
        return sorted({agency for _, _, agency in self.periods})

    def unseen(self, table: str, kinds: Iterable[str | None], agencies: Iterable[str] | None = None) -> list[Span]:
        """Return the spans in which some agency that sends one of these kinds does not cover it.

        A kind that no agency sends is unseen at all times. Where two agencies send a kind, both have to cover a day
        for that day to be told, since either may hold the record.

        Args:
            table: the table of the contract.
            kinds: the kinds of record.
            agencies: the only agencies whose records are asked for; None: all that send such records.
        """
        asked = [(kind, agency) for kind in kinds for agency in (agencies or [None])]
        return merge(gap for kind, agency in asked for gap in self._unseen_kind(table, kind, agency))

    def _unseen_kind(self, table: str, kind: str | None, agency: str | None) -> list[Span]:
        senders = self._senders(table, kind, agency)
        if not senders:
            return [(FAR_PAST, FAR_FUTURE)]
        return [gap for spans in senders for gap in complement(spans)]

    def ends_by_sender(self, table: str, kinds: Iterable[str | None]) -> dict[tuple[str | None, str], date]:
        """Return for each of these kinds and each agency that sends it the day after the last that it covers."""
        return {
            (kind, agency): min(max(end for _, end in spans) for spans in self._senders(table, kind, agency))
            for kind in kinds
            for agency in self.agencies(table, [kind])
        }

    def seen_until(self, table: str, kinds: Iterable[str | None]) -> date | None:
        """Return the day on which the first of the agencies that send these kinds ends; None where none does."""
        return min(self.ends_by_sender(table, kinds).values(), default=None)

    def seen_until_by_kind(self, table: str, kinds: Iterable[str]) -> dict[str, date]:
        """Return ``seen_until`` of each of the kinds that any agency sends."""
        found = {kind: self.seen_until(table, [kind]) for kind in kinds}
        return {kind: until for kind, until in found.items() if until}

    def extent(self, table: str, kinds: Iterable[str | None]) -> Span | None:
        """Return the first day and the day after the last that any extract covers, or None where none covers any."""
        spans = [span for kind in kinds for periods in self._senders(table, kind) for span in periods]
        return (min(start for start, _ in spans), max(end for _, end in spans)) if spans else None

    def of_agencies(self, agencies: Iterable[str]) -> "Coverage":
        """Return what these agencies alone cover."""
        wanted = set(agencies)
        return Coverage({key: spans for key, spans in self.periods.items() if key[2] in wanted})

    def agencies(self, table: str, kinds: Iterable[str | None]) -> list[str]:
        """Return the agencies that send any of these kinds, in the order of their names."""
        wanted = {None, *kinds}
        return sorted({agency for name, kind, agency in self.periods if name == table and kind in wanted})

    def _senders(self, table: str, kind: str | None, agency: str | None = None) -> list[tuple[Span, ...]]:
        return [
            spans
            for (name, sent, sender), spans in self.periods.items()
            if name == table and sent in (kind, None) and agency in (sender, None)
        ]


def merge(spans: Iterable[Span]) -> list[Span]:
    """Return the union of spans as disjoint spans in order."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        elif start < end:
            merged.append((start, end))
    return merged


def complement(spans: Iterable[Span]) -> list[Span]:
    """Return the days outside of all spans."""
    gaps, reached = [], FAR_PAST
    for start, end in merge(spans):
        gaps += _span(reached, start)
        reached = end
    return gaps + _span(reached, FAR_FUTURE)


def _span(start: date, end: date) -> list[Span]:
    return [(start, end)] if start < end else []
