"""The meaning of every kind of clause as slow, obvious Python: for one family and two days, look at every record.

Shares no code with the room: no SQL, no frames, no spans.
"""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.cohort_days import months_later
from tests.cohort_reference import Reference
from tf_eval.cohort.criteria import EventCount, InSpell, TermShare
from tf_eval.value.claims.employment import Employment
from tf_eval.value.claims.few_events import FewEvents
from tf_eval.value.claims.recent_spell import RecentSpell
from tf_eval.value.claims.reduction import Reduction
from tf_eval.value.claims.session_share import SessionShare

MET, NOT_MET, NOT_APPLICABLE, NEUTRAL = "met", "not_met", "not_applicable", "neutral_by_exit"
UNTOLD = "untold"
PROVISION = ("pupil_referral_unit", "alternative_provision")


class ClaimReference(Reference):
    """Clauses decided for one family at one claim; what cannot be told is a state of its own."""

    def decide(self, test: Any, family: int, identified: date, on: date) -> str:
        kinds = {
            FewEvents: self._few_events,
            SessionShare: self._session_share,
            Reduction: self._reduction,
            RecentSpell: self._recent_spell,
            Employment: self._employment,
        }
        at_both = sorted(set(self._people(family, identified)) & set(self._people(family, on)))
        return kinds[type(test)](test, at_both, identified, on)

    # Children ---------------------------------------------------------------------------------------------------------

    def _few_events(self, test: FewEvents, people: list[int], identified: date, on: date) -> str:
        leaf = EventCount(test.kinds, terms=test.terms)

        def falls_short(child: int, day: date) -> bool:
            own = [
                row for row in self.events[child] if row[4] in test.kinds and self._counts(leaf, row[5], row[6], day)
            ]
            return len(own) >= test.fewer_than

        gap = any(
            self._may_be_missing(leaf, "event", test.kinds, None, day) for day in self._days(test, identified, on)
        )
        pupils = self._pupils(people, identified, on)
        return _of_each(
            pupils, lambda child: falls_short(child, identified), lambda child: falls_short(child, on), gap, test
        )

    def _session_share(self, test: SessionShare, people: list[int], identified: date, on: date) -> str:
        bound = Fraction(str(test.below or test.at_most))
        leaf = TermShare(test.numerator, at_least=float(bound), terms=test.terms)

        def falls_short(child: int, day: date) -> bool:
            missed, possible = self._sessions(leaf, child, day)
            share = Fraction(missed, possible) if possible else Fraction(0)
            return share >= bound if test.below else share > bound

        pupils, gap = self._pupils(people, identified, on), False
        elsewhere = set()
        for child, (counts, _) in list(pupils.items()):
            if counts and not self._sessions(leaf, child, on)[1]:
                if any(
                    row[4] in PROVISION and self._covers(row, on) and self._had_arrived(row[7], on)
                    for row in self.spells[child]
                ):
                    elsewhere.add(child)
                else:
                    gap = True
        if test.in_alternative_provision == NOT_APPLICABLE:
            pupils = {child: (of[0] and child not in elsewhere, of[1]) for child, of in pupils.items()}
            elsewhere = set()
        gap |= any(self._cannot_be_told(leaf, day) for day in self._days(test, identified, on))
        return _of_each(
            pupils,
            lambda child: falls_short(child, identified),
            lambda child: child in elsewhere or falls_short(child, on),
            gap,
            test,
        )

    def _days(self, test: FewEvents | SessionShare, identified: date, on: date) -> list[date]:
        return [on] if test.applies == "to_all" else [identified, on]

    def _pupils(self, people: list[int], identified: date, on: date) -> dict[int, tuple[bool, bool]]:
        """Child -> does it count, and has it left school."""
        found = {}
        for person in people:
            birth = self.births[person]
            if birth is None or _months_old(birth, on) < 60 or identified >= _leaves_school(birth):
                continue
            found[person] = (on < _leaves_school(birth), on >= _leaves_school(birth))
        return found

    def _sessions(self, leaf: TermShare, child: int, on: date) -> tuple[int, int]:
        numbers = {term[0] for term in self._last_terms(leaf, on)}
        rows = [row for row in self.attendance[child] if row[6] in numbers and self._had_arrived(row[10], on)]
        missed = {"unauthorised": lambda row: row[9], "all": lambda row: row[8] + row[9]}[leaf.numerator]
        return sum(map(missed, rows)), sum(row[7] for row in rows)

    def _last_terms(self, leaf: TermShare, on: date) -> list[tuple]:
        ended = [term for term in self.terms if self._counts_from(term) <= on]
        return [] if self._is_after_the_calendar(on) else ended[-leaf.terms :]

    def _cannot_be_told(self, leaf: TermShare, on: date) -> bool:
        last = self._last_terms(leaf, on)
        return self._is_after_the_calendar(on) or len(last) < leaf.terms or self._unseen_term(tuple(last))

    # Events -----------------------------------------------------------------------------------------------------------

    def _reduction(self, test: Reduction, people: list[int], identified: date, on: date) -> str:
        under, least = (test.under_age or 999) * 12, (test.from_age or 0) * 12
        has_ages = test.under_age is not None or test.from_age is not None
        before, after, grown_before, doubt, counted, grown = 0, 0, 0, False, 0, 0
        for person in people:
            birth = self.births[person]
            then, now = (None if birth is None else _months_old(birth, day) for day in (identified, on))
            counts = not has_ages or (now is not None and least <= now < under)
            has_grown = has_ages and now is not None and then < under <= now
            counted, grown = counted + counts, grown + has_grown
            for row in self.events[person]:
                when = self._when(test, row, identified, on)
                if row[4] not in test.kinds or when is None:
                    continue
                if has_ages and row[7] is None:
                    doubt = True
                elif not has_ages or least <= row[7] < under:
                    before += counts and "before" in when
                    after += counts and "after" in when
                    grown_before += has_grown and "before" in when
        if not counted and not grown:
            return NOT_APPLICABLE
        if doubt or self._gap_in_windows(test, identified, on):
            return UNTOLD
        if before == 0 and after > 0:
            return NOT_MET
        if before and Fraction(before - after, before) < Fraction(str(test.by_at_least)):
            return NOT_MET
        if grown_before:
            return NEUTRAL
        return MET if before else test.zero_baseline

    def _when(self, test: Reduction, row: tuple, identified: date, on: date) -> set[str] | None:
        happened, recorded, m = row[5], row[6], test.months
        if happened > on or not self._had_arrived(recorded, on):
            return None
        found = set()
        if on < months_later(happened, m):
            found.add("after")
        if test.against == "months_before" and months_later(happened, m) <= on < months_later(happened, 2 * m):
            found.add("before")
        if test.against == "before_identified" and happened <= identified < months_later(happened, m):
            found.add("before")
        return found or None

    def _gap_in_windows(self, test: Reduction, identified: date, on: date) -> bool:
        if test.against == "months_before":
            return self._may_be_missing(EventCount(test.kinds, months=2 * test.months), "event", test.kinds, None, on)
        leaf = EventCount(test.kinds, months=test.months)
        return any(self._may_be_missing(leaf, "event", test.kinds, None, day) for day in (identified, on))

    # Adults -----------------------------------------------------------------------------------------------------------

    def _recent_spell(self, test: RecentSpell, people: list[int], identified: date, on: date) -> str:
        states = set()
        for person in people:
            for row in self.spells[person]:
                if row[4] in test.kinds and on < months_later(row[5], test.months) and self._has_begun(row, on):
                    states.add(UNTOLD if self.births[person] is None else MET)
        if MET in states:
            return MET
        if not any(self._is_adult(person, on) for person in people):
            return NOT_APPLICABLE
        gap = self._may_be_missing(InSpell(test.kinds, months=test.months), "spell", test.kinds, None, on)
        return UNTOLD if gap or UNTOLD in states else NOT_MET

    def _employment(self, test: Employment, people: list[int], identified: date, on: date) -> str:
        benefits = {name: group for group in test.continuous for name in group.benefits}
        met, asked, doubt = False, False, False
        for person in people:
            begun = [row for row in self.spells[person] if self._has_begun(row, on)]
            drawn = [row for row in begun if row[4] == "out_of_work_benefit" and row[8] in benefits]
            since = [row for row in drawn if self._end(row) > identified]
            if not since:
                continue
            if self.births[person] is None:
                doubt = True
                continue
            asked = True
            last = max(since, key=lambda row: (min(self._end(row), on + timedelta(days=1)), benefits[row[8]].weeks))
            group = benefits[last[8]]
            weeks = [on - timedelta(days=back) for back in range(7 * group.of_last)]
            work = [row for row in begun if row[4] == "employment"]
            days = [day for day in weeks if self._any_covers(work, day) and not self._any_covers(drawn, day)]
            met |= len(days) >= 7 * group.weeks
        if met:
            return MET
        return UNTOLD if doubt or self._gap_in_work(test, identified, on) else NOT_MET if asked else NOT_APPLICABLE

    def _gap_in_work(self, test: Employment, identified: date, on: date) -> bool:
        longest = 7 * max(group.of_last for group in test.continuous)
        looks = [
            (InSpell((kind,), days=days), kind, day)
            for kind, days, day in (
                ("employment", longest, on),
                ("out_of_work_benefit", longest, on),
                ("out_of_work_benefit", 1, identified),
            )
        ]
        return any(self._may_be_missing(leaf, "spell", (kind,), None, day) for leaf, kind, day in looks)

    def _any_covers(self, rows: list[tuple], day: date) -> bool:
        return any(row[5] <= day < self._end(row) for row in rows)

    def _end(self, row: tuple) -> date:
        return row[6] or self._seen_until(row[4])

    def _has_begun(self, row: tuple, on: date) -> bool:
        """By the day it has, for somebody who is an adult by then, and as far as was known."""
        birth, start = self.births[row[2]], row[5]
        adult = date.min if birth is None else _reaches(birth, 18)
        first = max(start, adult)
        return first <= on and first < self._end(row) and self._had_arrived(row[7], on)

    def _is_adult(self, person: int, on: date) -> bool:
        return self.births[person] is not None and _months_old(self.births[person], on) >= 216


def _of_each(pupils: dict[int, tuple[bool, bool]], then: Any, now: Any, gap: bool, test: Any) -> str:
    counted = [child for child, (counts, _) in pupils.items() if counts]
    left = [child for child, (_, exited) in pupils.items() if exited]
    if not counted and not left:
        return NOT_APPLICABLE
    if any(map(now, counted)):
        return NOT_MET
    if gap:
        return UNTOLD
    if test.applies == "where_failed_before" and not any(map(then, pupils)):
        return NOT_APPLICABLE
    return NEUTRAL if any(map(then, left)) or not counted else MET


def _months_old(birth: date, on: date) -> int:
    return (on.year - birth.year) * 12 + on.month - birth.month - (birth.day > 1)


def _reaches(birth: date, years: int) -> date:
    """The first of the month from which somebody is of an age."""
    first = date(birth.year + years, birth.month, 1)
    return months_later(first, 1) if birth.day > 1 else first


def _leaves_school(birth: date) -> date:
    """The last Friday of June in the school year in which somebody is 16, which is to be by 1 September."""
    sixteen = _reaches(birth, 16)
    year = sixteen.year if sixteen <= date(sixteen.year, 9, 1) else sixteen.year + 1
    return max(day for day in (date(year, 6, number) for number in range(1, 31)) if day.weekday() == 4)
