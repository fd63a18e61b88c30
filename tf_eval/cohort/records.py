"""The records that each condition counts, as plain SQL: each with the days on which it counts for a family.

One entry for each kind of leaf in ``records``: a row for each record with person_id, record_id, date, kind (its
number, see ``kinds``), the days [start_date, end_date) on which it counts, ``sure`` (0 where it cannot be told whether
it does), and for attendance ``missed`` and ``possible``. ``held`` gives the rows to the families that their people
belong to on those days. What a record comes to is the same on every day of its span, so that all later work is on
spans alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import singledispatch

from tf_eval.cohort.ages import Ages
from tf_eval.cohort.clocks import Clock, known_from
from tf_eval.cohort.criteria import NOMINATION, EventCount, InSpell, Leaf, Member, Nomination, TermShare
from tf_eval.cohort.forms import (
    FAR_FUTURE,
    FAR_PAST,
    Span,
    clamp,
    day,
    earlier,
    first_of_month,
    is_share,
    later,
    month_number,
    or_far_future,
    plus_days,
    union,
    word_list,
)
from tf_eval.cohort.kinds import MEMBER, code, code_list
from tf_eval.cohort.term_clocks import ended_terms, forgotten

BY_FAMILY = ("family_id",)
BY_PERSON = ("family_id", "person_id")
COLUMNS = ("person_id", "record_id", "date", "kind", "sure")
SESSIONS = ("missed", "possible")
_MISSED = {
    "unauthorised": "attendance.unauthorised",
    "authorised": "attendance.authorised",
    "all": "(attendance.authorised + attendance.unauthorised)",
}


@dataclass(frozen=True)
class Reading:
    """How records are read.

    clock     which of a record's two dates counts, see ``clocks``
    horizon   the days [from, until) that are asked about
    members   the table that says who belongs to which family when: the county's, or a part of it
    event, spell, attendance   the tables of the records: what is wanted of the county's, see ``sources``
    term_clock   the table that says from when each term counts, see ``term_clocks``
    seen_until   for kinds of spell, the day from which it is no longer seen whether one goes on
    """

    clock: Clock
    horizon: Span
    members: str = "family_member"
    event: str = "event"
    spell: str = "spell"
    attendance: str = "attendance"
    term_clock: str = "term_clock"
    seen_until: Mapping[str, date] = field(default_factory=dict)


def counted_by(leaf: Leaf) -> tuple[str, ...]:
    """Return the columns within which a leaf's records are counted or added up."""
    by_person = isinstance(leaf, TermShare) or getattr(leaf, "by", None) == "person"
    return BY_PERSON if by_person else BY_FAMILY


def may_be_doubtful(leaf: Leaf) -> bool:
    """Whether of some records it may not be told whether they count: an age or the past is not known."""
    return bool(getattr(leaf, "ages", None) or getattr(leaf, "preceded_by", None))


def held(leaf: Leaf, reading: Reading) -> str:
    """Return the statement for a leaf's records in the families that their people belong to on the days they count."""
    columns = COLUMNS + SESSIONS * isinstance(leaf, TermShare)
    begins, ends = f"COALESCE(member.start_date, {day(FAR_PAST)})", or_far_future("member.end_date")
    return f"""SELECT member.family_id, {", ".join(f"record.{name}" for name in columns)},
       {later("record.start_date", begins)} AS start_date, {earlier("record.end_date", ends)} AS end_date
FROM ({clamp(records(leaf, reading), reading.horizon, ", ".join(columns))}) AS record
JOIN {reading.members} AS member ON member.person_id = record.person_id
WHERE record.start_date < {ends} AND {begins} < record.end_date"""


@singledispatch
def records(leaf: Leaf, reading: Reading) -> str:
    """Return the statement for the records of a leaf, whosever they are."""
    raise TypeError(f"no SQL for {type(leaf).__name__}")


@records.register
def _(leaf: EventCount, reading: Reading) -> str:
    of_age = _between("event.age_months", leaf.ages)
    return _events(leaf, reading, f"event.kind IN ({code_list(leaf.kinds)}){of_age}", _sure_if(leaf.ages, "event"))


@records.register
def _(leaf: Nomination, reading: Reading) -> str:
    agencies = f" AND event.agency IN ({word_list(leaf.agencies)})" if leaf.agencies else ""
    return _events(leaf, reading, f"event.kind = {code(NOMINATION)}{agencies}", "1")


def _events(leaf: EventCount | Nomination, reading: Reading, wanted: str, sure: str) -> str:
    until, join = forgotten(leaf.lookback, "event.date")
    return f"""SELECT event.person_id, event.event_id AS record_id, event.date, event.kind,
       {sure} AS sure, {known_from(reading.clock, "event.date", "event.recorded_on")} AS start_date, {until} AS end_date
FROM {reading.event} AS event{join}
WHERE {wanted}"""


def _sure_if(ages: Ages, table: str) -> str:
    return f"CASE WHEN {table}.age_months IS NULL THEN 0 ELSE 1 END" if ages else "1"


def _between(age: str, ages: Ages) -> str:
    """Return the condition for an age in months; one that is not known may be any."""
    bounds = [f"{age} >= {ages.from_months}"] * (ages.from_age is not None)
    bounds += [f"{age} < {ages.under_months}"] * (ages.under_age is not None)
    return f" AND ({age} IS NULL OR {' AND '.join(bounds)})" if bounds else ""


@records.register
def _(leaf: InSpell, reading: Reading) -> str:
    """With a look-back, each day of the spell is looked back at, up to its last."""
    until, join = "end_date", ""
    if leaf.lookback:
        until, join = forgotten(leaf.lookback, plus_days("spell.end_date", -1))
    columns = "spell.person_id, spell.record_id, spell.date, spell.kind, spell.sure"
    return f"""SELECT {columns},
       {later("spell.start_date", "spell.known_on")} AS start_date, {until} AS end_date
FROM ({_spell_days(leaf, reading)}) AS spell{join}
WHERE spell.start_date < spell.end_date"""


def _spell_days(leaf: InSpell, reading: Reading) -> str:
    """The days of each spell at the ages asked for; of a person of unknown age all days are doubtful."""
    known_on = known_from(reading.clock, "spell.start_date", "spell.recorded_on")
    if not leaf.preceded_by:
        return _spells(leaf, reading, _sure_if(leaf.ages, "person"), known_on)
    doubtful = _spells(leaf, reading, "0", known_on)
    known_after = later(known_on, "earlier.known_on")
    preceded = f"""
JOIN ({_first_before(leaf, reading)}) AS earlier
  ON earlier.person_id = spell.person_id AND earlier.start_date = spell.start_date"""
    return union([doubtful, _spells(leaf, reading, _sure_if(leaf.ages, "person"), known_after, preceded)])


def _spells(leaf: InSpell, reading: Reading, sure: str, known_on: str, join: str = "") -> str:
    begins, ends = _age_days(leaf.ages)
    details = f" AND spell.detail IN ({word_list(leaf.details)})" if leaf.details else ""
    people = "\nJOIN person ON person.person_id = spell.person_id" if leaf.ages else ""
    start, end = "spell.start_date", f"COALESCE(spell.end_date, {_seen_until(leaf.kinds, reading)})"
    return f"""SELECT spell.person_id, spell.spell_id AS record_id, spell.start_date AS date, spell.kind,
       {sure} AS sure, {known_on} AS known_on, {later(start, begins) if leaf.ages else start} AS start_date,
       {earlier(end, ends) if leaf.ages else end} AS end_date
FROM {reading.spell} AS spell{people}{join}
WHERE spell.kind IN ({code_list(leaf.kinds)}){details}"""


def _seen_until(kinds: Sequence[str], reading: Reading) -> str:
    """Return the day until which a spell without an end is known to have gone on."""
    cases = [f"WHEN {code(kind)} THEN {day(reading.seen_until[kind])}" for kind in kinds if kind in reading.seen_until]
    return f"CASE spell.kind {' '.join(cases)} END" if cases else "NULL"


def _first_before(leaf: InSpell, reading: Reading) -> str:
    """From when it is known of each spell that one of the events had come before it."""
    known_on = known_from(reading.clock, "event.date", "event.recorded_on")
    return f"""SELECT spell.person_id, spell.start_date, MIN({known_on}) AS known_on
FROM {reading.spell} AS spell
JOIN {reading.event} AS event ON event.person_id = spell.person_id AND event.date <= spell.start_date
WHERE spell.kind IN ({code_list(leaf.kinds)}) AND event.kind IN ({code_list(leaf.preceded_by)})
GROUP BY spell.person_id, spell.start_date"""


def preceding(spells: str, leaf: InSpell, reading: Reading) -> str:
    """Return the events that had to come before some spells, each on the days of its spell from when it counts.

    Args:
        spells: the table of the spells that count, with family_id, ``COLUMNS``, start_date and end_date.
        leaf: the condition.
        reading: how records are read.
    """
    known_on = known_from(reading.clock, "event.date", "event.recorded_on")
    return f"""SELECT spell.family_id, spell.person_id, event.event_id AS record_id, event.date, event.kind, spell.sure,
       {later("spell.start_date", known_on)} AS start_date, spell.end_date
FROM {spells} AS spell
JOIN {reading.event} AS event ON event.person_id = spell.person_id AND event.date <= spell.date
WHERE event.kind IN ({code_list(leaf.preceded_by)}) AND {known_on} < spell.end_date"""


def _age_days(ages: Ages) -> tuple[str, str]:
    """Return the first day on which a person is of these ages, and the first on which they no longer are."""
    born = f"(SELECT {month_number('start_date')} FROM county) - person.age_months"
    begins = f"COALESCE({first_of_month(f'{born} + {ages.from_months or 0}')}, {day(FAR_PAST)})"
    if ages.under_age is None:
        return begins, day(FAR_FUTURE)
    return begins, or_far_future(first_of_month(f"{born} + {ages.under_months}"))


@records.register
def _(leaf: Member, reading: Reading) -> str:
    begins, ends = _age_days(leaf.ages)
    return f"""SELECT person.person_id, person.person_id AS record_id, {begins} AS date,
       {code(MEMBER)} AS kind, {_sure_if(leaf.ages, "person")} AS sure, {begins} AS start_date, {ends} AS end_date
FROM person"""


@records.register
def _(leaf: TermShare, reading: Reading) -> str:
    """Only children with a term that reaches the share by itself: sums of terms that all stay below it do so, too."""
    missed = _MISSED[leaf.numerator]
    return f"""SELECT sessions.* FROM ({sessions(leaf, reading)}) AS sessions
JOIN (SELECT DISTINCT person_id FROM {reading.attendance} AS attendance
      WHERE {missed} > 0 AND {is_share(missed, "attendance.possible", leaf.threshold)}) AS child
  ON child.person_id = sessions.person_id"""


def sessions(leaf: TermShare, reading: Reading) -> str:
    """Return the statement for the sessions of the terms that a leaf looks back at, whosever and however many missed.

    The columns are those of ``records``.
    """
    start = known_from(reading.clock, "clock.counts_from", "attendance.recorded_on")
    return f"""SELECT attendance.person_id, attendance.attendance_id AS record_id, clock.end_date AS date,
       {code(leaf.numerator)} AS kind, 1 AS sure, {start} AS start_date, clock.forgotten AS end_date,
       {_MISSED[leaf.numerator]} AS missed, attendance.possible
FROM {reading.attendance} AS attendance
JOIN ({ended_terms(leaf.terms, reading.term_clock)}) AS clock ON clock.term_no = attendance.term_no"""
