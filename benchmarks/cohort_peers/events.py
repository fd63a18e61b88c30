"""Generated events, in chunks, so that any number of them can be written in little memory."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.cohort_peers.columns import days, numbers, words
from benchmarks.cohort_peers.people import NO_FAMILY, People

CHUNK = 1_000_000
ROW_GROUP = 122_880
OFFENDERS_UNDER_18 = 0.6


@dataclass(frozen=True)
class Kind:
    """A kind of event: who records it, its share of all events, of people aged [youngest, oldest) years."""

    name: str
    agency: str
    share: float
    youngest: int
    oldest: int


KINDS = (
    Kind("police_callout", "police", 0.40, 14, 90),
    Kind("asb_incident", "police", 0.35, 10, 90),
    Kind("domestic_abuse_callout", "police", 0.12, 16, 90),
    Kind("concern", "social_care", 0.06, 0, 18),
    Kind("fixed_exclusion", "schools", 0.025, 5, 16),
    Kind("permanent_exclusion", "schools", 0.002, 5, 16),
    Kind("proven_offence", "youth_justice", 0.015 * OFFENDERS_UNDER_18, 10, 18),
    Kind("proven_offence", "youth_justice", 0.015 * (1 - OFFENDERS_UNDER_18), 18, 90),
    Kind("asb_contract", "community_safety", 0.01, 10, 90),
    Kind("housing_asb_action", "housing", 0.01, 18, 90),
    Kind("asbo", "community_safety", 0.004, 10, 90),
    Kind("asb_injunction", "community_safety", 0.004, 18, 90),
)
FIXED_EXCLUSION = 4


class Draw:
    """Draws people and days for one kind: in proportion to the family's weight and to the time at the right age."""

    def __init__(self, people: People, kind: Kind) -> None:
        self._start, self._end = people.days_aged(kind.youngest, kind.oldest)
        odds = people.weight * (self._end - self._start)
        self._cumulated = np.cumsum(odds) / odds.sum()

    def __call__(self, rng: np.random.Generator, number: int) -> tuple[np.ndarray, np.ndarray]:
        person = np.searchsorted(self._cumulated, rng.random(number), side="right")
        start, end = self._start[person], self._end[person]
        return person, start + (rng.random(number) * (end - start)).astype(np.int64)


def write_events(rng: np.random.Generator, people: People, events: int, path: Path) -> None:
    """Write so many events; within a chunk they are in no order."""
    draws = [Draw(people, kind) for kind in KINDS]
    writer = None
    for begin in range(0, events, CHUNK):
        table = _chunk(rng, people, draws, begin, min(CHUNK, events - begin))
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=ROW_GROUP)
    if writer:
        writer.close()


def _chunk(rng: np.random.Generator, people: People, draws: list[Draw], begin: int, number: int) -> pa.Table:
    share = np.array([kind.share for kind in KINDS])
    kind = rng.choice(len(KINDS), number, p=share / share.sum())
    person, day = np.zeros(number, np.int64), np.zeros(number, np.int64)
    for place, draw in enumerate(draws):
        rows = np.flatnonzero(kind == place)
        person[rows], day[rows] = draw(rng, len(rows))
    family = people.family_on(person, day)
    excluded_for = np.where(kind == FIXED_EXCLUSION, rng.integers(1, 11, number) / 2, np.nan)
    columns = {
        "event_id": numbers(np.arange(begin + 1, begin + number + 1)),
        "agency": words([kind.agency for kind in KINDS], kind),
        "person_id": numbers(person + 1),
        "family_id": numbers(family, missing=family == NO_FAMILY),
        "kind": words([kind.name for kind in KINDS], kind),
        "date": days(day),
        "recorded_on": days(day + rng.geometric(0.2, number) - 1),
        "value": pa.array(excluded_for, mask=np.isnan(excluded_for)),
        "age_months": numbers(people.age_on(person, day), missing=~people.age_known[person], of=pa.int32()),
    }
    return pa.table(columns)
