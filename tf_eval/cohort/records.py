"""Each condition on records as plain SQL: when it is met, when it cannot be told, and by which records.

One entry for each kind of leaf. ``spans`` gives rows (family_id, start_date, end_date, state) that may overlap;
``evidence`` gives the records that decide it on a day, for the families and days of a given statement.
"""

from functools import singledispatch

from tf_eval.cohort.coverage import Coverage
from tf_eval.cohort.criteria import EventCount, Leaf, OpenSpell, TermShare
from tf_eval.cohort.forms import (
    CANNOT_TELL,
    FAR_PAST,
    MET,
    Span,
    day,
    or_far_future,
    plus_days,
    plus_months,
    union,
    word_list,
)

EVIDENCE_COLUMNS = "family_id, table_name, record_id, person_id, date, kind"


@singledispatch
def spans(leaf: Leaf, coverage: Coverage) -> str:
    """Return the statement for the spans of a leaf."""
    raise TypeError(f"no SQL for {type(leaf).__name__}")


@singledispatch
def evidence(leaf: Leaf, asked: str) -> str:
    """Return the statement for the records that decide a leaf; ``asked`` gives rows (family_id, on_date)."""
    raise TypeError(f"no SQL for {type(leaf).__name__}")


# Events ---------------------------------------------------------------------------------------------------------------


@spans.register
def _(leaf: EventCount, coverage: Coverage) -> str:
    sure = _reached(leaf, "WHERE sure = 1", MET)
    # An event by someone of unknown age may count: with it the number may be reached.
    doubtful = [_reached(leaf, "", CANNOT_TELL)] if leaf.under_age else []
    gaps = [_may_hold_an_event(leaf, gap) for gap in coverage.unseen("event", leaf.kinds)]
    return union([sure, *doubtful, *gaps])


@evidence.register
def _(leaf: EventCount, asked: str) -> str:
    return f"""SELECT family_id, 'event' AS table_name, event_id AS record_id, person_id, date, kind
FROM (
SELECT counted.family_id, counted.event_id, counted.person_id, counted.date, counted.kind,
       COUNT(*) OVER (PARTITION BY {_counted_by(leaf, "counted.")}) AS events
FROM ({_counted(leaf)}) AS counted
JOIN ({asked}) AS asked ON asked.family_id = counted.family_id
WHERE counted.sure = 1 AND counted.date <= asked.on_date AND counted.forgotten > asked.on_date
) AS in_window
WHERE events >= {leaf.at_least}"""


def _counted_by(leaf: EventCount, prefix: str = "") -> str:
    columns = ("family_id",) if leaf.by == "family" else ("family_id", "person_id")
    return ", ".join(prefix + column for column in columns)


def _counted(leaf: EventCount) -> str:
    """Every event of the leaf with the first day on which it counts no more, and whether it counts for sure."""
    sure, young = "1", ""
    if leaf.under_age:
        sure = "CASE WHEN event.age_months IS NULL THEN 0 ELSE 1 END"
        young = f" AND (event.age_months IS NULL OR event.age_months < {12 * leaf.under_age})"
    forgotten, clock = _forgotten(leaf, "event.date")
    return f"""SELECT event.family_id, event.person_id, event.event_id, event.date, event.kind,
       {forgotten} AS forgotten, {sure} AS sure
FROM event{clock}
WHERE event.kind IN ({word_list(leaf.kinds)}) AND event.family_id IS NOT NULL{young}"""


def _forgotten(leaf: EventCount, date: str) -> tuple[str, str]:
    """Return the expression for the first day on which a date is out of the look-back, and the join it needs."""
    if leaf.months:
        return plus_months(date, leaf.months), ""
    clock = f"\nJOIN ({_term_by_day(leaf.terms)}) AS clock ON clock.begins <= {date} AND clock.next_begins > {date}"
    return "clock.forgotten", clock


def _term_by_day(terms: int) -> str:
    """Every day belongs to the term that began last; the days before the calendar are one term, the last is open."""
    return f"""SELECT begins, {or_far_future("LEAD(begins, 1) OVER (ORDER BY begins)")} AS next_begins,
       {or_far_future(f"LEAD(begins, {terms}) OVER (ORDER BY begins)")} AS forgotten
FROM (SELECT start_date AS begins FROM term UNION ALL SELECT {day(FAR_PAST)} AS begins) AS every_begin"""


def _reached(leaf: EventCount, where: str, state: int) -> str:
    """The number is reached from an event's day until the event ``at_least - 1`` before it is forgotten."""
    return f"""SELECT family_id, date AS start_date, reached_until AS end_date, {state} AS state
FROM (
SELECT family_id, date,
       LAG(forgotten, {leaf.at_least - 1}) OVER (PARTITION BY {_counted_by(leaf)} ORDER BY date, event_id)
       AS reached_until
FROM ({_counted(leaf)}) AS counted {where}
) AS reached
WHERE reached_until > date"""


def _may_hold_an_event(leaf: EventCount, gap: Span) -> str:
    """An unseen day may hold an event until its last day would be forgotten."""
    forgotten, clock = _forgotten(leaf, "gap.last_day")
    return f"""SELECT family.family_id, {day(gap[0])} AS start_date, {forgotten} AS end_date, {CANNOT_TELL} AS state
FROM family CROSS JOIN (SELECT {plus_days(day(gap[1]), -1)} AS last_day) AS gap{clock}"""


# Spells ---------------------------------------------------------------------------------------------------------------


@spans.register
def _(leaf: OpenSpell, coverage: Coverage) -> str:
    met = f"""SELECT family_id, start_date, {or_far_future("end_date")} AS end_date, {MET} AS state
FROM spell WHERE {_is_spell(leaf)} AND family_id IS NOT NULL"""
    return union([met, *(_unseen(gap) for gap in coverage.unseen("spell", leaf.kinds))])


@evidence.register
def _(leaf: OpenSpell, asked: str) -> str:
    return f"""SELECT spell.family_id, 'spell' AS table_name, spell.spell_id AS record_id, spell.person_id,
       spell.start_date AS date, spell.kind
FROM spell
JOIN ({asked}) AS asked ON asked.family_id = spell.family_id
WHERE {_is_spell(leaf)} AND spell.start_date <= asked.on_date
  AND {or_far_future("spell.end_date")} > asked.on_date"""


def _is_spell(leaf: OpenSpell) -> str:
    details = f" AND spell.detail IN ({word_list(leaf.details)})" if leaf.details else ""
    return f"spell.kind IN ({word_list(leaf.kinds)}){details}"


def _unseen(gap: Span) -> str:
    return f"""SELECT family_id, {day(gap[0])} AS start_date, {day(gap[1])} AS end_date, {CANNOT_TELL} AS state
FROM family"""


# Attendance -----------------------------------------------------------------------------------------------------------


@spans.register
def _(leaf: TermShare, coverage: Coverage) -> str:
    met = f"""SELECT runs.family_id, clock.counts_from AS start_date, clock.next_counts AS end_date, {MET} AS state
FROM ({_runs(leaf)}) AS runs
JOIN ({_term_clock(leaf.terms)}) AS clock ON clock.term_no = runs.term_no"""
    gaps = [_term_unseen(leaf, gap) for gap in coverage.unseen("attendance", [None])]
    return union([met, _before_the_calendar(leaf), *gaps])


@evidence.register
def _(leaf: TermShare, asked: str) -> str:
    return f"""SELECT attendance.family_id, 'attendance' AS table_name, attendance.attendance_id AS record_id,
       attendance.person_id, term.end_date AS date, '{leaf.numerator}' AS kind
FROM attendance
JOIN term ON term.term_no = attendance.term_no
JOIN ({_runs(leaf)}) AS runs
  ON runs.family_id = attendance.family_id AND runs.person_id = attendance.person_id
JOIN ({_term_clock(leaf.terms)}) AS clock ON clock.term_no = runs.term_no
JOIN ({asked}) AS asked ON asked.family_id = attendance.family_id
WHERE attendance.term_no > runs.term_no - {leaf.terms} AND attendance.term_no <= runs.term_no
  AND clock.counts_from <= asked.on_date AND clock.next_counts > asked.on_date"""


def _runs(leaf: TermShare) -> str:
    """Every child and term at whose end the share over it and the terms before it is high enough."""
    share = leaf.threshold
    return f"""SELECT family_id, person_id, term_no
FROM (
SELECT attendance.family_id, attendance.person_id, term.term_no,
       SUM(attendance.{leaf.numerator}) AS missed, SUM(attendance.possible) AS possible
FROM attendance
JOIN term ON attendance.term_no > term.term_no - {leaf.terms} AND attendance.term_no <= term.term_no
WHERE attendance.family_id IS NOT NULL
GROUP BY attendance.family_id, attendance.person_id, term.term_no
) AS last_terms
WHERE possible > 0 AND {share.denominator} * missed >= {share.numerator} * possible"""


def _term_clock(terms: int) -> str:
    """From when a finished term counts as the last one, and until when it is among the last ``terms``."""
    ended = plus_days("end_date", 1)
    return f"""SELECT term_no, start_date, end_date, {ended} AS counts_from,
       {or_far_future(f"LEAD({ended}, 1) OVER (ORDER BY term_no)")} AS next_counts,
       {or_far_future(f"LEAD({ended}, {terms}) OVER (ORDER BY term_no)")} AS forgotten,
       ROW_NUMBER() OVER (ORDER BY term_no) AS place
FROM term"""


def _term_unseen(leaf: TermShare, gap: Span) -> str:
    """A term with an unseen day may hold anything for as long as it is among the last ones."""
    return f"""SELECT family.family_id, clock.counts_from AS start_date, clock.forgotten AS end_date,
       {CANNOT_TELL} AS state
FROM family
CROSS JOIN ({_term_clock(leaf.terms)}) AS clock
WHERE clock.start_date < {day(gap[1])} AND clock.end_date >= {day(gap[0])}"""


def _before_the_calendar(leaf: TermShare) -> str:
    """Until the calendar's first so many terms have ended, earlier terms would have to be known."""
    return f"""SELECT family.family_id, {day(FAR_PAST)} AS start_date, clock.counts_from AS end_date,
       {CANNOT_TELL} AS state
FROM family
CROSS JOIN ({_term_clock(leaf.terms)}) AS clock
WHERE clock.place = {leaf.terms}"""
