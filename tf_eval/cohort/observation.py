"""What is seen of each outcome, from the records of the agencies. Only what there is is read; no zero is made."""

from collections.abc import Callable, Iterator

import numpy as np

from tf_eval.cohort.amounts import Amounts
from tf_eval.cohort.drawn import unfinished
from tf_eval.cohort.exposure import Exposure
from tf_eval.cohort.forms import FAR_FUTURE, Span, day, word_list
from tf_eval.cohort.grid import FAMILIES, Grid
from tf_eval.cohort.household_months import age_at_first_month, columns_of_age
from tf_eval.cohort.month_series import MonthSeries
from tf_eval.cohort.months import NEVER, first_day, last_day
from tf_eval.cohort.outcome_records import belongs
from tf_eval.cohort.outcomes import Outcome
from tf_eval.cohort.seen import Presence, Seen
from tf_eval.cohort.senders import coverage_of
from tf_eval.cohort.spans import expand, overlaps
from tf_eval.cohort.term_series import TermSeries

PENCE = 100

Series = MonthSeries | TermSeries
_Reader = Callable[[Grid, Outcome, Presence, Exposure], Series]


def observe(grid: Grid, outcome: Outcome, presence: Presence, exposure: Exposure) -> Series:
    """Return one outcome of the grid's families.

    It is seen where the family lives here, the extracts cover the month and its lag is over, and somebody could have
    produced it: was of its ages, and not in a spell in which it cannot come about.
    """
    return _READERS[outcome.kind](grid, outcome, presence, exposure)


def covered(grid: Grid, outcome: Outcome) -> np.ndarray:
    """Return whether extracts cover each whole month, though what happened in it may still be on its way."""
    return ~overlaps(first_day(grid.months), last_day(grid.months), _uncovered(grid, outcome))


def _counts(grid: Grid, outcome: Outcome, presence: Presence, exposure: Exposure) -> MonthSeries:
    cell = grid.read(_events(grid, outcome, [f"{grid.cell('event.date')} AS cell"]))["cell"]
    seen = _seen(grid, outcome, presence, exposure.none)
    return MonthSeries(Amounts.add_up(cell[seen.holds(cell)], len(grid.months)), seen)


def _money(grid: Grid, outcome: Outcome, presence: Presence, exposure: Exposure) -> MonthSeries:
    """In pence; a month with an event whose value was not recorded is missing."""
    pence = _pence(outcome)
    columns = [f"{grid.cell('event.date')} AS cell", f"COALESCE({pence}, 0) AS pence"]
    found = grid.read(_events(grid, outcome, [*columns, f"CASE WHEN {pence} IS NULL THEN 1 ELSE 0 END AS unknown"]))
    unknown = found["cell"][found["unknown"] == 1]
    seen = _seen(grid, outcome, presence, np.concatenate([exposure.none, unknown]))
    held = seen.holds(found["cell"])
    return MonthSeries(Amounts.add_up(found["cell"][held], len(grid.months), found["pence"][held]), seen, PENCE)


def _pence(outcome: Outcome) -> str:
    if outcome.price == "recorded":
        return f"CAST(ROUND(event.value * {PENCE}) AS BIGINT)"
    pence = {kind: round(price * PENCE) for kind, price in outcome.prices.items()}
    prices = " ".join(f"WHEN event.kind = {word_list([kind])} THEN {price}" for kind, price in pence.items())
    return f"CAST(CASE {prices} END AS BIGINT)"


def _events(grid: Grid, outcome: Outcome, columns: list[str]) -> str:
    start, end = grid.days
    return f"""SELECT {", ".join(columns)}
FROM event JOIN {FAMILIES} AS family ON family.family_id = event.family_id
WHERE {belongs(outcome)} AND event.date >= {day(start)} AND event.date < {day(end)}"""


def _states(grid: Grid, outcome: Outcome, presence: Presence, exposure: Exposure) -> MonthSeries:
    """A spell [start, end) is open on the last day of a month from the month it starts in until that it ends in."""
    found, months = _spells(grid, outcome), len(grid.months)
    first, past = columns_of_age(outcome, found["age"])
    start, end = np.maximum(found["first_month"], first), np.minimum(found["past_month"], past)
    span, column = expand(np.clip(start, 0, months), np.clip(end, 0, months))
    cell = (found["place"][span] * months + column).astype(np.int32)
    seen = _seen(grid, outcome, presence, exposure.none)
    return MonthSeries(Amounts.ones(cell[seen.holds(cell)], months), seen, is_state=True)


def _spells(grid: Grid, outcome: Outcome) -> dict[str, np.ndarray]:
    return grid.read(
        f"""SELECT family.place, {grid.column("spell.start_date")} AS first_month,
       {grid.column(f"COALESCE(spell.end_date, {day(FAR_FUTURE)})")} AS past_month,
       {age_at_first_month(grid)} AS age
FROM spell JOIN {FAMILIES} AS family ON family.family_id = spell.family_id
LEFT JOIN person ON person.person_id = spell.person_id
WHERE {belongs(outcome)}"""
    )


def _shares(grid: Grid, outcome: Outcome, presence: Presence, exposure: Exposure) -> TermSeries:
    found, terms = _sessions(grid, outcome), grid.terms
    term = np.searchsorted(terms.number, found["term_no"])
    kept = ~overlaps(terms.start, terms.end, list(_gaps(grid, outcome)))[term]
    cell, missed, possible = (found["place"] * len(terms) + term)[kept], found["missed"][kept], found["possible"][kept]
    ended = np.append(terms.end_months() - grid.months[0], NEVER)
    return TermSeries(cell, missed, possible, terms.of_months(grid.months), ended, presence)


def _sessions(grid: Grid, outcome: Outcome) -> dict[str, np.ndarray]:
    return grid.read(
        f"""SELECT family.place, attendance.term_no,
       CAST(SUM(attendance.{outcome.numerator}) AS BIGINT) AS missed,
       CAST(SUM(attendance.possible) AS BIGINT) AS possible
FROM attendance
JOIN {FAMILIES} AS family ON family.family_id = attendance.family_id
JOIN term ON term.term_no = attendance.term_no
WHERE {belongs(outcome)}
GROUP BY family.place, attendance.term_no HAVING SUM(attendance.possible) > 0
ORDER BY family.place, attendance.term_no"""
    )


_READERS: dict[str, _Reader] = {"count": _counts, "money": _money, "state": _states, "share": _shares}


def _seen(grid: Grid, outcome: Outcome, presence: Presence, lost: np.ndarray) -> Seen:
    unseen = overlaps(first_day(grid.months), last_day(grid.months), list(_gaps(grid, outcome)))
    return Seen.but(presence, ~unseen, lost)


def _gaps(grid: Grid, outcome: Outcome) -> Iterator[Span]:
    yield from _uncovered(grid, outcome)
    yield from unfinished(grid.engine, grid.coverage, outcome)


def _uncovered(grid: Grid, outcome: Outcome) -> list[Span]:
    return coverage_of(grid.coverage, outcome).unseen(outcome.table, outcome.kinds or (None,))
