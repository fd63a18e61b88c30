"""People across agencies: which records are of one person.

First what is certain: what a clerk decided, shared identifiers that fit, the whole name with birth date and sex. Then
Splink gives the other pairs a probability, rivals share theirs, and the strongest link that contradicts nothing joins
first. The links are cut at three probabilities, so that an evaluation can be repeated with fewer wrong links or with
fewer missing ones.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from tf_eval.data.linking.agreement import create_macros
from tf_eval.data.linking.candidates import write_candidates
from tf_eval.data.linking.certain import identifier_links, name_links, write_identifier_pairs, write_twins
from tf_eval.data.linking.clusters import Clusters
from tf_eval.data.linking.decisions import write_decisions
from tf_eval.data.linking.notes import write_notes
from tf_eval.data.linking.records import IDENTIFIERS, write_records
from tf_eval.data.linking.review import review_pairs
from tf_eval.data.linking.rivals import write_links
from tf_eval.data.linking.scoring import write_probabilities
from tf_eval.data.linking.siblings import limit_siblings
from tf_eval.data.linking.traits import write_traits

# Measured on 100,000 hard records: of the links between 0.9 and 0.99 at least 98 in 100 are right, of those between 0.5
# and 0.9 about 92, below 0.5 about every second.
THRESHOLDS = {"strict": 0.99, "standard": 0.9, "loose": 0.5}
# Two records in one agency are one person only where the pair itself is as certain as the strict linkage asks.
TWICE = THRESHOLDS["strict"]


@dataclass(frozen=True, eq=False)
class Linkage:
    """Who is who.

    Attributes:
        person_link: one row for each record: agency, local_id, and the person's number at each threshold, strict,
            standard and loose. Whoever is one person at a stricter threshold is one at a looser.
        review: pairs for a clerk, the least certain first: agency_1, local_id_1, agency_2, local_id_2, probability,
            reason (the fields that agree and differ, without what stands in them).
        conflicts: what deserves a note: agency, local_id, column_name, rule, advice.
    """

    person_link: pa.Table
    review: pa.Table
    conflicts: pa.Table


def link_people(
    records: pa.Table, *, decisions: pa.Table | None = None, spill: Path | None = None, seed: int = 2012
) -> Linkage:
    """Return which records are of one person.

    Args:
        records: one row for each record with the columns of the contract's ``person_record``; agency and local_id
            together are unique.
        decisions: a clerk's answers, honoured at every threshold: agency_1, local_id_1, agency_2, local_id_2 and
            same, true or false; and, if it is to be named in refusals, row.
        spill: folder for what does not fit in memory, names among it; without one everything stays in memory.
        seed: of the random pairs that teach Splink how often two people agree by chance.

    Returns:
        Persons numbered from 1 in the order of their first record by agency and local_id, so that the same records
        always give the same numbers, in whatever order they come.

    Raises:
        InputError: decisions contradict one another, or a column of theirs is missing.
    """
    # DuckDB's own choice is a folder in the working folder, where names would lie open. Splink uses this connection.
    with duckdb.connect(config={"temp_directory": "" if spill is None else str(spill)}) as connection:
        _hide_progress(connection)
        create_macros(connection)
        write_records(connection, records)
        write_decisions(connection, decisions)
        clusters = _certain_people(connection)
        write_candidates(connection)
        write_probabilities(connection, seed=seed)
        limit_siblings(connection)
        write_links(connection, twice=TWICE)
        _write_people(connection, _probable_people(connection, clusters))
        write_notes(connection, standard=THRESHOLDS["standard"])
        return Linkage(
            person_link=connection.execute(_PERSON_LINK).to_arrow_table(),
            review=review_pairs(connection, least=THRESHOLDS["loose"], most=THRESHOLDS["strict"]),
            conflicts=connection.execute("SELECT DISTINCT * FROM note ORDER BY ALL").to_arrow_table(),
        )


def _hide_progress(connection: duckdb.DuckDBPyConnection) -> None:
    """Switch the engine's own progress bar off; in Jupyter without widgets it is off, and refuses to be touched."""
    if connection.execute("SELECT current_setting('enable_progress_bar')").fetchone()[0]:
        connection.execute("SET enable_progress_bar = false")


def _certain_people(connection: duckdb.DuckDBPyConnection) -> Clusters:
    """Join what is certain and write ``core`` (record, core_id) and its traits."""
    write_identifier_pairs(connection)
    write_twins(connection)
    connection.execute(_APART)
    clusters = _single_records(connection)
    clusters.join_whatever(_pairs(connection, "SELECT record_1, record_2 FROM decision WHERE same ORDER BY ALL"))
    clusters.join(identifier_links(connection))
    _write_core(connection, clusters)
    by_name = name_links(connection)
    clusters.allow_twice(_pairs(connection, "SELECT record_1, record_2 FROM twice"))
    clusters.join(by_name)
    _write_core(connection, clusters)
    write_traits(connection)
    return clusters


def _probable_people(connection: duckdb.DuckDBPyConnection, clusters: Clusters) -> dict[str, np.ndarray]:
    """Join what is probable, the strongest link first; return the person of each record at each threshold."""
    clusters.allow_twice(_pairs(connection, "SELECT record_1, record_2 FROM twice"))
    clusters.keep_apart(_pairs(connection, "SELECT record_1, record_2 FROM two_people"))
    people, stricter = {}, 2.0
    for level, threshold in THRESHOLDS.items():
        clusters.join(_pairs(connection, _LINKS_BETWEEN, {"least": threshold, "below": stricter}))
        people[level], stricter = clusters.numbers(), threshold
    return people


def _single_records(connection: duckdb.DuckDBPyConnection) -> Clusters:
    agency = [name for (name,) in connection.execute("SELECT agency FROM record ORDER BY record").fetchall()]
    sound = "SELECT record, value FROM identifier WHERE kind = ? AND NOT is_doubtful"
    identifiers = {kind: dict(connection.execute(sound, [kind]).fetchall()) for kind in IDENTIFIERS}
    clusters = Clusters(agency, identifiers)
    clusters.keep_apart(_pairs(connection, "SELECT record_1, record_2 FROM apart"))
    clusters.allow_twice(_pairs(connection, "SELECT record_1, record_2 FROM twice"))
    return clusters


def _pairs(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: dict[str, float] | None = None
) -> list[tuple[int, int]]:
    return connection.execute(query, parameters).fetchall()


def _write_core(connection: duckdb.DuckDBPyConnection, clusters: Clusters) -> None:
    _write_numbers(connection, "core", {"core_id": clusters.numbers()})


def _write_people(connection: duckdb.DuckDBPyConnection, people: dict[str, np.ndarray]) -> None:
    """Write ``person``: record and the person at each threshold."""
    _write_numbers(connection, "person", people)


def _write_numbers(connection: duckdb.DuckDBPyConnection, table: str, numbers: dict[str, np.ndarray]) -> None:
    size = len(next(iter(numbers.values())))
    connection.register("numbered", pa.table({"record": np.arange(size, dtype=np.int32), **numbers}))
    connection.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM numbered")
    connection.unregister("numbered")


# A clerk's word is stronger than the look of twins.
_APART = """
    CREATE TABLE apart AS
    SELECT record_1, record_2 FROM decision WHERE NOT same
    UNION SELECT record_1, record_2 FROM twin ANTI JOIN decision USING (record_1, record_2)
"""
_LINKS_BETWEEN = """
    SELECT record_1, record_2 FROM link WHERE probability >= $least AND probability < $below
    ORDER BY probability DESC, alone DESC, record_1, record_2
"""
_PERSON_LINK = """
    SELECT agency, local_id, strict, standard, loose FROM record JOIN person USING (record) ORDER BY record
"""
