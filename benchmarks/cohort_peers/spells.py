"""Generated spells: benefits and work of adults, and where children are when they are not in an ordinary school."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from benchmarks.cohort_peers.columns import days, numbers, words
from benchmarks.cohort_peers.people import AFTER_LAST_DAY, FIRST_DAY, NEVER, NO_FAMILY, People
from tf_eval.data.contract import BENEFITS

ADULT = 18 * 12  # months
EARLIEST = FIRST_DAY - 3 * 365  # a benefit may have been drawn for long when the covered time begins


@dataclass(frozen=True)
class Kind:
    """A kind of spell: who records it, how many a person of age has of it, and how many days it lasts on average."""

    name: str
    agency: str
    each: float
    lasts: int
    youngest: int
    oldest: int


KINDS = (
    Kind("out_of_work_benefit", "dwp", 0.45, 400, 18, 66),
    Kind("employment", "dwp", 0.50, 600, 18, 66),
    Kind("work_programme", "dwp", 0.05, 200, 18, 66),
    Kind("esf_provision", "county", 0.02, 150, 18, 66),
    Kind("pupil_referral_unit", "schools", 0.015, 200, 5, 16),
    Kind("alternative_provision", "schools", 0.010, 200, 5, 16),
    Kind("off_roll", "schools", 0.010, 90, 5, 16),
    Kind("child_in_need", "social_care", 0.06, 250, 0, 18),
    Kind("child_protection_plan", "social_care", 0.015, 250, 0, 18),
    Kind("looked_after", "social_care", 0.008, 400, 0, 18),
    Kind("custody", "youth_justice", 0.002, 120, 12, 18),
)


def spell_table(rng: np.random.Generator, people: People) -> pa.Table:
    """Return all spells, cut to the time in each family, as in a built county; those outside of families are whole."""
    drawn = [_draw(rng, people, kind, place) for place, kind in enumerate(KINDS)]
    kind, person, start, end = (np.concatenate(column) for column in zip(*drawn, strict=True))
    detail = np.where(kind == 0, rng.integers(0, len(BENEFITS), len(kind)), -1)
    first = np.maximum(start, people.joined[person]), np.minimum(end, people.left[person])
    second = np.maximum(start, people.left[person]), end
    in_first = first[0] < first[1]
    in_second = (second[0] < second[1]) & (people.second[person] != NO_FAMILY)
    pieces = ((in_first, first), (in_second, second), (~in_first & ~in_second, (start, end)))
    rows = np.concatenate([np.flatnonzero(here) for here, _ in pieces])
    cut_start, cut_end = (np.concatenate([piece[side][here] for here, piece in pieces]) for side in (0, 1))
    return _table(people, (rows + 1, kind[rows], person[rows], detail[rows]), start[rows], cut_start, cut_end)


def _draw(rng: np.random.Generator, people: People, kind: Kind, place: int) -> tuple[np.ndarray, ...]:
    """Return kind, person, start and end of the spells of one kind, while the person is of the right age."""
    start, end = people.days_aged(kind.youngest, kind.oldest)
    person = np.repeat(np.arange(len(people)), rng.poisson(kind.each * np.minimum(people.weight, 4)))
    person = person[start[person] < end[person]]
    opens = np.where(people.age[person] >= ADULT, EARLIEST, start[person])
    begins = opens + (rng.random(len(person)) * (end[person] - opens)).astype(np.int64)
    until = begins + 1 + rng.exponential(kind.lasts, len(person)).astype(np.int64)
    # Only the time itself ends a spell with what is known; a birthday does.
    grown = end[person] < AFTER_LAST_DAY
    until = np.where(grown, np.minimum(until, end[person]), np.where(until >= AFTER_LAST_DAY, NEVER, until))
    lasts = until > begins
    return np.full(lasts.sum(), place), person[lasts], begins[lasts], until[lasts]


def _table(
    people: People, facts: tuple[np.ndarray, ...], recorded: np.ndarray, start: np.ndarray, end: np.ndarray
) -> pa.Table:
    spell, kind, person, detail = facts
    family = people.family_on(person, start)
    columns = {
        "spell_id": numbers(spell),
        "agency": words([kind.agency for kind in KINDS], kind),
        "person_id": numbers(person + 1),
        "family_id": numbers(family, missing=family == NO_FAMILY),
        "kind": words([kind.name for kind in KINDS], kind),
        "start_date": days(start),
        "end_date": days(end),
        "recorded_on": days(recorded + 7),
        "detail": words(BENEFITS, detail),
        "age_months": numbers(people.age_on(person, recorded), missing=~people.age_known[person], of=pa.int32()),
    }
    return pa.table(columns)
