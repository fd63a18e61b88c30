"""The meaning of every criterion as slow, obvious Python: for one family and one day, look at every record.

Shares no code with the engine: no SQL, no spans, no look at any other day.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from itertools import count, takewhile

import numpy as np

from tests.cohort_county import SmallCounty
from tests.cohort_days import months_later
from tf_eval.cohort.criteria import EventCount, InSpell, Leaf, Member, Node, Nomination, TermShare
from tf_eval.cohort.lookback import Lookback

MET, CANNOT_TELL, NOT_MET = 2, 1, 0


class Reference:
    """Criteria decided for one family on one day, by what had happened or by what had arrived."""

    def __init__(self, county: SmallCounty, clock: str) -> None:
        tables = county.tables
        self.arrived = clock == "arrived"
        self.births = county.births
        self.terms = tables["term"]
        self.coverage = tables["coverage"]
        self.members = tables["family_member"]
        self.events = _by_person(tables.get("event", []))
        self.spells = _by_person(tables.get("spell", []))
        self.attendance = _by_person(tables.get("attendance", []))

    def states(self, node: Node, families: Sequence[int], days: Sequence[date]) -> np.ndarray:
        """Return the states of a node, families x days."""
        if isinstance(node, Leaf):
            return np.array([[self.state(node, family, on) for on in days] for family in families])
        parts = np.array([self.states(part, families, days) for part in node.parts])
        met, possible = (parts == MET).sum(axis=0), (parts >= CANNOT_TELL).sum(axis=0)
        return np.where(met >= node.k, MET, np.where(possible >= node.k, CANNOT_TELL, NOT_MET))

    @cache  # noqa: B019 (a reference lives as long as its test)
    def state(self, leaf: Leaf, family: int, on: date) -> int:
        decide = {
            EventCount: self._event_count,
            Nomination: self._nomination,
            InSpell: self._in_spell,
            Member: self._member,
            TermShare: self._term_share,
        }
        return decide[type(leaf)](leaf, self._people(family, on), on)

    def _people(self, family: int, on: date) -> list[int]:
        return [
            person
            for of, person, start, end in self.members
            if of == family and start <= on and (end is None or on < end)
        ]

    def _had_arrived(self, recorded: date | None, on: date) -> bool:
        return not self.arrived or recorded is None or recorded <= on

    # Events -----------------------------------------------------------------------------------------------------------

    def _event_count(self, leaf: EventCount, people: list[int], on: date) -> int:
        sure, possible = defaultdict(int), defaultdict(int)
        for person in people:
            who = person if leaf.by == "person" else "all"
            for _, _, _, _, kind, happened, recorded, age in self.events[person]:
                if kind in leaf.kinds and self._counts(leaf, happened, recorded, on):
                    of_age = _of_age(leaf, age)
                    sure[who] += of_age is True
                    possible[who] += of_age is not False
        if max(sure.values(), default=0) >= leaf.at_least:
            return MET
        doubtful = max(possible.values(), default=0) >= leaf.at_least
        return CANNOT_TELL if doubtful or self._may_be_missing(leaf, "event", leaf.kinds, None, on) else NOT_MET

    def _nomination(self, leaf: Nomination, people: list[int], on: date) -> int:
        for person in people:
            for _, agency, _, _, kind, happened, recorded, _ in self.events[person]:
                wanted = kind == "concern" and (leaf.agencies is None or agency in leaf.agencies)
                if wanted and self._counts(leaf, happened, recorded, on):
                    return MET
        return CANNOT_TELL if self._may_be_missing(leaf, "event", ("concern",), leaf.agencies, on) else NOT_MET

    def _counts(self, leaf: Leaf, happened: date, recorded: date | None, on: date) -> bool:
        return self._had_arrived(recorded, on) and self._looks_back_to(leaf.lookback, happened, on)

    def _looks_back_to(self, lookback: Lookback, happened: date, on: date) -> bool:
        if happened > on:
            return False
        if lookback.days:
            return (on - happened).days < lookback.days
        if lookback.months:
            return on < months_later(happened, lookback.months)
        if self._is_after_the_calendar(on):
            return False
        return self._term_at(on) - self._term_at(happened) < lookback.terms

    @cache  # noqa: B019
    def _term_at(self, on: date) -> int:
        return sum(start <= on for _, _, _, start, _ in self.terms)

    @cache  # noqa: B019
    def _is_after_the_calendar(self, on: date) -> bool:
        """Sixty days after the last term of the calendar another has begun."""
        return on >= max(end for *_, end in self.terms) + timedelta(days=60)

    # Spells -----------------------------------------------------------------------------------------------------------

    def _in_spell(self, leaf: InSpell, people: list[int], on: date) -> int:
        states = [self._of_spell(leaf, spell, on) for person in people for spell in self.spells[person]]
        unseen = self._may_be_missing(leaf, "spell", leaf.kinds, None, on)
        return max([CANNOT_TELL if unseen else NOT_MET, *states])

    def _of_spell(self, leaf: InSpell, spell: tuple, on: date) -> int:
        _, _, person, _, kind, start, _, recorded, detail = spell
        wanted = kind in leaf.kinds and (leaf.details is None or detail in leaf.details)
        if not wanted or not self._had_arrived(recorded, on):
            return NOT_MET
        days = self._days_looked_back_at(leaf.lookback, on)
        of_age = {self._has_age(leaf, person, day) for day in days if self._covers(spell, day)}
        if not of_age - {False}:
            return NOT_MET
        return MET if True in of_age and self._is_preceded(leaf, person, start, on) else CANNOT_TELL

    @cache  # noqa: B019
    def _days_looked_back_at(self, lookback: Lookback, on: date) -> list[date]:
        if not lookback:
            return [on]
        days = (on - timedelta(days=back) for back in count())
        return list(takewhile(lambda day: day.year > 2000 and self._looks_back_to(lookback, day, on), days))

    def _covers(self, spell: tuple, day: date) -> bool:
        """Whether a spell goes on for a day is seen as long as all of the agencies cover its kind."""
        return spell[5] <= day and day < (spell[6] or self._seen_until(spell[4]))

    @cache  # noqa: B019
    def _seen_until(self, kind: str) -> date:
        rows = [row for row in self.coverage if row[1] == "spell" and row[2] in (kind, None)]
        agencies = {row[0] for row in rows}
        return min((max(row[4] for row in rows if row[0] == agency) for agency in agencies), default=date.min)

    def _is_preceded(self, leaf: InSpell, person: int, start: date, on: date) -> bool:
        return leaf.preceded_by is None or any(
            kind in leaf.preceded_by and happened <= start and self._had_arrived(recorded, on)
            for _, _, _, _, kind, happened, recorded, _ in self.events[person]
        )

    def _has_age(self, leaf: InSpell | Member, person: int, on: date) -> bool | None:
        """Ages of people are those of the first day of the month."""
        if not leaf.ages:
            return True
        birth = self.births[person]
        if birth is None:
            return None
        age = (on.year - birth.year) * 12 + on.month - birth.month - (birth.day > 1)
        return age >= 0 and bool(_of_age(leaf, age))

    def _member(self, leaf: Member, people: list[int], on: date) -> int:
        ages = [self._has_age(leaf, person, on) for person in people]
        if ages.count(True) >= leaf.at_least:
            return MET
        return CANNOT_TELL if len(ages) - ages.count(False) >= leaf.at_least else NOT_MET

    # Attendance -------------------------------------------------------------------------------------------------------

    def _term_share(self, leaf: TermShare, people: list[int], on: date) -> int:
        ended = [term for term in self.terms if self._counts_from(term) <= on]
        last = [] if self._is_after_the_calendar(on) else ended[-leaf.terms :]
        numbers = {term[0] for term in last}
        for person in people:
            rows = [row for row in self.attendance[person] if row[6] in numbers and self._had_arrived(row[10], on)]
            possible, missed = sum(row[7] for row in rows), sum(_missed(leaf, row) for row in rows)
            if possible and missed * 100 >= round(leaf.at_least * 100) * possible:
                return MET
        untold = self._is_after_the_calendar(on) or len(last) < leaf.terms
        return CANNOT_TELL if untold or self._unseen_term(tuple(last)) else NOT_MET

    @cache  # noqa: B019
    def _counts_from(self, term: tuple) -> date:
        ended = term[4] + timedelta(days=1)
        if not self.arrived:
            return ended
        recorded = [row[10] for rows in self.attendance.values() for row in rows if row[6] == term[0]]
        return min((max(ended, on or ended) for on in recorded), default=date.max)

    @cache  # noqa: B019
    def _unseen_term(self, terms: tuple) -> bool:
        days = (start + timedelta(days=day) for _, _, _, start, end in terms for day in range((end - start).days + 1))
        return not all(self._covered("attendance", (None,), None, day) for day in days)

    # Coverage ---------------------------------------------------------------------------------------------------------

    @cache  # noqa: B019
    def _may_be_missing(self, leaf: Leaf, table: str, kinds: tuple, agencies: tuple | None, on: date) -> bool:
        if leaf.lookback.terms and self._is_after_the_calendar(on):
            return True
        days = self._days_looked_back_at(leaf.lookback, on)
        return any(not self._covered(table, kinds, agencies, day) for day in days)

    @cache  # noqa: B019
    def _covered(self, table: str, kinds: tuple, agencies: tuple | None, on: date) -> bool:
        return all(self._sent(table, kind, agency, on) for kind in kinds for agency in agencies or (None,))

    def _sent(self, table: str, kind: str | None, agency: str | None, on: date) -> bool:
        rows = [
            (sender, start, end)
            for sender, name, sent, start, end in self.coverage
            if name == table and sent in (kind, None) and agency in (sender, None)
        ]
        seen = {sender for sender, start, end in rows if start <= on < end}
        return bool(rows) and {sender for sender, _, _ in rows} == seen


def _of_age(leaf: EventCount | InSpell | Member, age: int | None) -> bool | None:
    """Whether an age in completed months is one of the leaf's; None where it is not known."""
    if not leaf.ages:
        return True
    if age is None:
        return None
    return (leaf.from_age is None or age >= 12 * leaf.from_age) and (
        leaf.under_age is None or age < 12 * leaf.under_age
    )


def _missed(leaf: TermShare, row: tuple) -> int:
    return {"authorised": row[8], "unauthorised": row[9], "all": row[8] + row[9]}[leaf.numerator]


def _by_person(rows: list[tuple]) -> defaultdict[int, list[tuple]]:
    found = defaultdict(list)
    for row in rows:
        found[row[2]].append(row)
    return found
