"""Generated school terms, and each child's sessions in them."""

import numpy as np
import pyarrow as pa

from benchmarks.cohort_peers.columns import days, numbers, words
from benchmarks.cohort_peers.people import AFTER_LAST_DAY, NO_FAMILY, People

SCHOOL_AGE = (5 * 12, 16 * 12)
POSSIBLE = (104, 150)
YEARS = range(2009, 2015)
DAYS_OF_A_TERM = (("09-03", "12-20"), ("01-05", "03-28"), ("04-16", "07-22"))
TERMS = [
    (f"{year}/{(year + 1) % 100:02d}", place, f"{year + (place > 1)}-{start}", f"{year + (place > 1)}-{end}")
    for year in YEARS
    for place, (start, end) in enumerate(DAYS_OF_A_TERM, start=1)
]


def term_table() -> pa.Table:
    year, place, start, end = zip(*TERMS, strict=True)
    columns = {
        "term_no": numbers(np.arange(1, len(TERMS) + 1), of=pa.int32()),
        "academic_year": pa.array(year),
        "term": numbers(np.array(place), of=pa.int32()),
        "start_date": days(_days(start)),
        "end_date": days(_days(end)),
    }
    return pa.table(columns)


def attendance_table(rng: np.random.Generator, people: People) -> pa.Table:
    """Return a row for each covered term that begins while a child is of school age; one in fifty is missing."""
    usual = np.minimum(0.012 * people.weight**0.7 * rng.lognormal(0, 0.8, len(people)), 0.6)
    parts = []
    starts, ends = (_days([term[side] for term in TERMS]) for side in (2, 3))
    for place, start in enumerate(starts[ends < AFTER_LAST_DAY]):
        everyone = np.arange(len(people))
        age = people.age_on(everyone, np.full(len(people), start))
        at_school = (age >= SCHOOL_AGE[0]) & (age < SCHOOL_AGE[1]) & (rng.random(len(people)) >= 0.02)
        parts.append((np.full(at_school.sum(), place), everyone[at_school], np.full(at_school.sum(), start)))
    place, person, start = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _table(rng, people, usual[person], (place, person, start))


def _table(rng: np.random.Generator, people: People, usual: np.ndarray, rows: tuple[np.ndarray, ...]) -> pa.Table:
    place, person, start = rows
    possible = rng.integers(*POSSIBLE, len(place))
    unauthorised = rng.binomial(possible, usual)
    family = people.family_on(person, start)
    columns = {
        "attendance_id": numbers(np.arange(1, len(place) + 1)),
        "agency": words(["schools"], np.zeros(len(place), int)),
        "person_id": numbers(person + 1),
        "family_id": numbers(family, missing=family == NO_FAMILY),
        "academic_year": words([term[0] for term in TERMS], place),
        "term": numbers(np.array([term[1] for term in TERMS])[place], of=pa.int32()),
        "term_no": numbers(place + 1, of=pa.int32()),
        "possible": numbers(possible, of=pa.int32()),
        "authorised": numbers(rng.binomial(possible - unauthorised, 0.04), of=pa.int32()),
        "unauthorised": numbers(unauthorised, of=pa.int32()),
        "recorded_on": days(start + 120),
    }
    return pa.table(columns)


def _days(texts: object) -> np.ndarray:
    return np.array(list(texts), dtype="datetime64[D]").astype(np.int64)
