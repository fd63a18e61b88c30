"""True records: monthly outcomes become dated events and spells of particular people."""

from dataclasses import dataclass

import numpy as np

from synthetic.county import County
from synthetic.interventions import Support
from synthetic.months import birthday, days_in, first_days, month_numbers
from synthetic.outcomes import Histories
from synthetic.population import ADULT_SLOTS, NEVER, SLOTS
from synthetic.programme import NOT_STARTED

_EVERYBODY = (10, 200)
_ADULTS = (18, 200)
_MINORS = (0, 18)
_AGES = {
    "asb_incident": _EVERYBODY,
    "police_callout": _ADULTS,
    "domestic_abuse_callout": _ADULTS,
    "housing_asb_action": _ADULTS,
    "asbo": _EVERYBODY,
    "asb_injunction": _EVERYBODY,
    "asb_contract": _EVERYBODY,
    "concern": _MINORS,
}
_SIBLING_SHARES = {"child_in_need": 0.5, "child_protection_plan": 0.8, "looked_after": 0.4}


@dataclass(frozen=True, eq=False)
class Events:
    """Dated events of people."""

    person: np.ndarray
    date: np.ndarray


@dataclass(frozen=True, eq=False)
class Spells:
    """Spells of people, open from ``start`` up to the day before ``end`` (NaT: still open)."""

    person: np.ndarray
    start: np.ndarray
    end: np.ndarray


@dataclass(frozen=True, eq=False)
class Attendance:
    """Sessions of children by term (a row number of the school calendar)."""

    person: np.ndarray
    term: np.ndarray
    possible: np.ndarray
    authorised: np.ndarray
    unauthorised: np.ndarray


@dataclass(frozen=True, eq=False)
class DatedSupport:
    """Offers and starts with their days (NaT where there was none), for the families' first adults."""

    family: np.ndarray
    person: np.ndarray
    intervention: np.ndarray
    offered: np.ndarray
    started: np.ndarray
    ended: np.ndarray


@dataclass(frozen=True, eq=False)
class TrueRecords:
    """What happened, to whom and when, inside the window; no agency has seen it yet."""

    events: dict[str, Events]
    spells: dict[str, Spells]
    attendance: Attendance
    support: DatedSupport


def date_records(county: County, observed: Histories, support: Support) -> TrueRecords:
    """Return the true records of the observed histories of all families."""
    events = {kind: _family_events(county, kind, table) for kind, table in observed.family_counts.items()}
    events |= {kind: _child_events(county, kind, table) for kind, table in observed.child_counts.items()}
    spells = {kind: _child_spells(county, kind, table) for kind, table in observed.child_states.items()}
    spells |= {kind: _sibling_spells(county, kind, observed.family_states[kind]) for kind in _SIBLING_SHARES}
    spells["out_of_work_benefit"] = _adult_spells(county, observed.family_states["out_of_work_benefit"])
    return TrueRecords(events, spells, _attendance(county, observed), _support(county, support))


def _expanded(county: County, table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the row and the month number of every single event of the window."""
    table = table[:, county.clock.window]
    row, column = np.nonzero(table)
    times = table[row, column]
    return np.repeat(row, times), np.repeat(column + county.clock.first, times)


def _family_events(county: County, kind: str, table: np.ndarray) -> Events:
    family, month = _expanded(county, table)
    rng = county.streams.of(f"{kind} dates")
    person = _somebody(county, family, month, _AGES[kind], rng)
    day = np.floor(rng.random(len(family)) * days_in(month)).astype("timedelta64[D]")
    return Events(person, first_days(month) + day)


def _somebody(
    county: County, family: np.ndarray, month: np.ndarray, ages: tuple[int, int], rng: np.random.Generator
) -> np.ndarray:
    """Draw one member of each family among those who are of these ages (years) for the whole month."""
    people = county.population.slots[family]
    birth = np.where(people >= 0, month_numbers(county.population.birth)[people], NEVER)
    age = month[:, None] - birth
    able = (people >= 0) & (age > 12 * ages[0]) & (age < 12 * ages[1])
    chosen = np.argmax(rng.random((len(family), SLOTS)) * able, axis=1)
    return people[np.arange(len(family)), chosen]


def _child_events(county: County, kind: str, table: np.ndarray) -> Events:
    child, month = _expanded(county, table)
    first, last = first_days(month), first_days(month + 1) - 1
    if kind != "proven_offence":
        term = county.terms.of_month[month - county.clock.origin]
        first, last = np.maximum(first, county.terms.start[term]), np.minimum(last, county.terms.end[term])
    span = (last - first).astype(np.int64) + 1
    day = np.floor(county.streams.of(f"{kind} dates").random(len(child)) * span).astype("timedelta64[D]")
    return Events(county.population.children[child], first + day)


def _edges(county: County, kind: str, table: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return row, first month, start and end of every spell of a table of states.

    Days lie well inside the month, so a state at a month's end is what the spells of that day say.
    """
    change = np.diff(table.astype(np.int8), prepend=0, append=0, axis=1)
    row, begins = np.nonzero(change == 1)
    ends = np.nonzero(change == -1)[1]
    rng = county.streams.of(f"{kind} dates")
    day = rng.integers(1, 27, size=(2, *table.shape), dtype=np.int8)
    start = first_days(begins + county.clock.origin) + day[0, row, begins]
    open_still = ends == county.clock.columns
    end = first_days(ends + county.clock.origin) + day[1, row, np.minimum(ends, county.clock.columns - 1)]
    return row, begins + county.clock.origin, start, np.where(open_still, np.datetime64("NaT"), end)


def _cut(county: County, person: np.ndarray, start: np.ndarray, end: np.ndarray) -> Spells:
    """Return the spells that touch the window and begin before the family leaves, ended when it leaves."""
    left = county.population.left[county.population.family[person]]
    end = np.fmin(end, left)
    kept = (np.isnat(left) | (start < left)) & (np.isnat(end) | (end > county.clock.start))
    return Spells(person[kept], start[kept], end[kept])


def _adult_spells(county: County, table: np.ndarray) -> Spells:
    family, _, start, end = _edges(county, "out_of_work_benefit", table)
    return _cut(county, county.population.slots[family, 0], start, end)


def _child_spells(county: County, kind: str, table: np.ndarray) -> Spells:
    child, _, start, end = _edges(county, kind, table)
    return _cut(county, county.population.children[child], start, end)


def _sibling_spells(county: County, kind: str, table: np.ndarray) -> Spells:
    """Give a family's spell to its youngest child and to some of the others, each up to its 18th birthday."""
    family, month, start, end = _edges(county, kind, table)
    people = county.population.slots[family, ADULT_SLOTS:]
    birth = np.where(people >= 0, month_numbers(county.population.birth)[people], NEVER)
    age = month[:, None] - birth
    minor = (people >= 0) & (age > 0) & (age < 12 * 18)
    place = np.arange(people.shape[1])
    youngest = place == np.where(minor, place, -1).max(axis=1)[:, None]
    too = county.streams.of(f"{kind} siblings").random(people.shape) < _SIBLING_SHARES[kind]
    row, column = np.nonzero(minor & (youngest | too))
    person = people[row, column]
    return _cut(county, person, start[row], np.fmin(end[row], birthday(county.population.birth[person], 18)))


def _attendance(county: County, observed: Histories) -> Attendance:
    inside = county.terms.start >= county.clock.start
    child, term = np.nonzero((observed.possible > 0) & inside)
    possible, unauthorised = observed.possible[child, term], observed.unauthorised[child, term]
    share = 1 / (1 + np.exp(-county.preset.model.absence.authorised))
    authorised = county.streams.of("authorised absence").binomial(possible - unauthorised, share)
    return Attendance(county.population.children[child], term, possible, authorised, unauthorised)


def _support(county: County, support: Support) -> DatedSupport:
    """Date offers in the first half of their month and starts in the second half."""
    rng = county.streams.of("support dates")
    rows = len(support.family)
    started = np.where(
        support.started == NOT_STARTED,
        np.datetime64("NaT"),
        first_days(support.started + county.clock.origin) + rng.integers(13, 27, size=rows),
    )
    planned = np.array([item.months for item in county.preset.interventions.values()])[support.intervention]
    length = np.round(30.4 * planned * rng.uniform(0.6, 1.4, size=rows)).astype("timedelta64[D]")
    ended = np.fmin(started + length, np.where(np.isnat(started), started, county.population.left[support.family]))
    return DatedSupport(
        family=support.family,
        person=county.population.slots[support.family, 0],
        intervention=support.intervention,
        offered=first_days(support.offered + county.clock.origin) + rng.integers(0, 12, size=rows),
        started=started,
        ended=np.where(ended < county.clock.end, ended, np.datetime64("NaT")),
    )
