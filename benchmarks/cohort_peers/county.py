"""A generated county in the layout of the analysis store: one Parquet file a table, and one database of them all.

    python -m benchmarks.cohort_peers.county FOLDER --events 10000000

Records come from an explicit seed. They are skewed over families, some people change family once or leave, some ages
are not known, and first starts and last ends of memberships are missing. Every record that decides the education
criterion is of a person of school age, and every family lives in the county throughout, so that a contestant need
not ask who was here or had a child.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.cohort_peers.columns import days, drawn, numbers, words
from benchmarks.cohort_peers.events import write_events
from benchmarks.cohort_peers.people import (
    ALWAYS,
    MONTH_STARTS,
    MONTHS,
    NEVER,
    NO_FAMILY,
    People,
    draw_people,
)
from benchmarks.cohort_peers.school import attendance_table, term_table
from benchmarks.cohort_peers.spells import spell_table
from tf_eval.data.layout import DDL, LAYOUT

SEED = 2012
FAMILIES = 120_000
EVENTS = 10_000_000
DISTRICTS = ("north", "south", "east", "west", "city")
INTERVENTIONS = ("family_intervention", "parenting_course", "key_worker")
DATABASE = "county.duckdb"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--families", type=int, default=FAMILIES)
    options = parser.parse_args()
    write_county(options.folder, options.events, options.families)
    write_database(options.folder)


def write_county(folder: Path, events: int = EVENTS, families: int = FAMILIES, seed: int = SEED) -> None:
    """Write every table of the layout that a cohort reads as a Parquet file into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    people = draw_people(rng, families)
    tables: dict[str, Callable[[], pa.Table]] = {
        "county": county_table,
        "coverage": coverage_table,
        "term": term_table,
        "person": lambda: person_table(people),
        "family": lambda: pa.table({"family_id": numbers(np.arange(1, families + 1))}),
        "family_member": lambda: member_table(people),
        "family_home": lambda: home_table(rng, families),
        "spell": lambda: spell_table(rng, people),
        "attendance": lambda: attendance_table(rng, people),
        "support": lambda: support_table(rng, families),
    }
    for name, make in tables.items():
        pq.write_table(make(), folder / f"{name}.parquet", compression="zstd")
    write_events(rng, people, events, folder / "event.parquet")


def write_database(folder: Path) -> Path:
    """Load the Parquet files into a database with all tables of the layout; those without a file stay empty."""
    path = folder / DATABASE
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute(DDL)
        for file in sorted(folder.glob("*.parquet")):
            connection.execute(f"INSERT INTO {file.stem} BY NAME FROM read_parquet('{file}')")
    return path


def county_table() -> pa.Table:
    start, end = days(MONTH_STARTS[[0]]), days(MONTH_STARTS[[-1]])
    row = {"name": ["generated"], "stamp": ["generated"], "layout": [LAYOUT], "sources": ["none"]}
    return pa.table({**row, "start_date": start, "end_date": end})


def coverage_table() -> pa.Table:
    """One agency covers everything throughout: what is not recorded did not happen."""
    names = ["event", "spell", "attendance", "support"]
    return pa.table(
        {
            "agency": pa.array(["all"] * len(names)),
            "table_name": pa.array(names),
            "kind": pa.array([None] * len(names), pa.string()),
            "start_date": days(np.repeat(MONTH_STARTS[0], len(names))),
            "end_date": days(np.repeat(MONTH_STARTS[-1], len(names))),
        }
    )


def person_table(people: People) -> pa.Table:
    age = numbers(people.age, missing=~people.age_known, of=pa.int32())
    return pa.table({"person_id": numbers(np.arange(1, len(people) + 1)), "age_months": age})


def member_table(people: People) -> pa.Table:
    changed = np.flatnonzero(people.second != NO_FAMILY)
    columns = {
        "family_id": numbers(np.concatenate([people.first, people.second[changed]])),
        "person_id": numbers(np.concatenate([np.arange(len(people)), changed]) + 1),
        "start_date": days(np.concatenate([people.joined, people.left[changed]])),
        "end_date": days(np.concatenate([people.left, np.full(len(changed), NEVER)])),
    }
    return pa.table(columns)


def home_table(rng: np.random.Generator, families: int) -> pa.Table:
    """One family in seven moves house once."""
    moves = np.flatnonzero(rng.random(families) < 1 / 7)
    moved_on = np.full(families, NEVER)
    moved_on[moves] = MONTH_STARTS[rng.integers(1, MONTHS, len(moves))]
    start = np.concatenate([np.full(families, ALWAYS), moved_on[moves]])
    homes = len(start)
    columns = {
        "family_id": numbers(np.concatenate([np.arange(families), moves]) + 1),
        "district": drawn(rng, DISTRICTS, homes),
        "deprivation_decile": numbers(rng.integers(1, 11, homes), of=pa.int32()),
        "start_date": days(start),
        "end_date": days(np.concatenate([moved_on, np.full(len(moves), NEVER)])),
    }
    return pa.table(columns)


def support_table(rng: np.random.Generator, families: int) -> pa.Table:
    """One family in twenty is offered something; two in three of those start it."""
    offered_to = rng.choice(families, families // 20, replace=False)
    number = len(offered_to)
    offered = rng.integers(MONTH_STARTS[36], MONTH_STARTS[-1] - 200, number)
    started = np.where(rng.random(number) < 2 / 3, offered + rng.integers(0, 60, number), NEVER)
    ended = np.where(started == NEVER, NEVER, started + rng.integers(30, 140, number))
    intervention = rng.integers(0, len(INTERVENTIONS), number)
    columns = {
        "support_id": numbers(np.arange(1, number + 1)),
        "agency": words(["county"], np.zeros(number, int)),
        "family_id": numbers(offered_to + 1),
        "intervention": words(INTERVENTIONS, intervention),
        "provider": words(["county team"], np.zeros(number, int)),
        "worker": numbers(rng.integers(1, 200, number)),
        "district": drawn(rng, DISTRICTS, number),
        "offered": days(offered),
        "started": days(started),
        "ended": days(ended),
        "consent": pa.array(np.ones(number, bool)),
    }
    return pa.table(columns)


if __name__ == "__main__":
    main()
