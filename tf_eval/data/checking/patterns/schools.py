"""Terms that are missing for one school: it has pupils before and after, and next to no rows of them in between."""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from scipy.special import bdtr

from tf_eval.data.checking.patterns.periods import Periods

FAMILY_WISE = 1e-3  # as for the gaps of agencies and districts
FEWEST_PUPILS = 10  # the name of a school is free text of the extract: only what ten pupils share may be repeated
LEAST_ABSENT = 0.05  # of the pupils who were there before and come back, at least this share may miss a term


@dataclass(frozen=True)
class MissingTerm:
    """Terms from ``first`` to ``last`` (their places) that a school misses, with its ``pupils`` of before and after."""

    agency: str
    school: str
    first: int
    last: int
    pupils: int


def find_missing_terms(
    connection: duckdb.DuckDBPyConnection, terms: Periods, known: Mapping[str, np.ndarray]
) -> list[MissingTerm]:
    """Return the terms that single schools miss, where ten pupils were there before and after.

    Args:
        connection: a connection with the tables ``loaded_attendance`` and ``term``.
        terms: the county's terms in order of time.
        known: by agency, which of the terms its extracts cover and are not missing for all schools.

    That pupils miss a term is no finding: how many do so by chance is learnt from all schools.
    """
    connection.register("known_terms", _known_terms(terms, known))
    try:
        runs = connection.execute(_RUNS, {"fewest": FEWEST_PUPILS}).fetchall()
        absent, looked_at = connection.execute(_ABSENT).fetchone() if runs else (None, 0)
    finally:
        connection.unregister("known_terms")
    bound, present = FAMILY_WISE / max(looked_at, 1), 1 - max(absent or 0, LEAST_ABSENT)
    return [MissingTerm(*run, pupils) for *run, pupils, seen in runs if bdtr(seen, pupils, present) < bound]


def _known_terms(terms: Periods, known: Mapping[str, np.ndarray]) -> pa.Table:
    """Return each agency's known terms, numbered without the others."""
    rows = [
        {"agency": agency, "start_date": terms.starts[place].item(), "place": int(place), "number": number}
        for agency, is_known in known.items()
        for number, place in enumerate(np.flatnonzero(is_known))
    ]
    types = {"agency": pa.string(), "start_date": pa.date32(), "place": pa.int32(), "number": pa.int32()}
    return pa.Table.from_pylist(rows, schema=pa.schema(types))


_ATTENDED = """
    attended AS (
        SELECT DISTINCT agency, school, local_id, place, number
        FROM loaded_attendance JOIN term USING (academic_year, term) JOIN known_terms USING (agency, start_date)
        WHERE school IS NOT NULL
    ), school_term AS (
        SELECT agency, school, place, number, count(*) AS pupils FROM attended GROUP BY ALL
    )
"""

# Of the pupils' terms between two at the same school, the share that is missing; and how many terms schools have.
_ABSENT = f"""
    WITH {_ATTENDED}, step AS (
        SELECT number - lag(number) OVER (PARTITION BY agency, school, local_id ORDER BY number) AS terms FROM attended
    )
    SELECT count(*) FILTER (terms = 2) / nullif(count(*) FILTER (terms <= 2), 0), (SELECT count(*) FROM school_term)
    FROM step
"""

_RUNS = f"""
    WITH {_ATTENDED}, full_term AS (
        SELECT *, lead(number) OVER school AS next, lead(place) OVER school AS next_place
        FROM school_term WHERE pupils >= $fewest
        WINDOW school AS (PARTITION BY agency, school ORDER BY number)
    ), run AS (
        SELECT * FROM full_term WHERE next > number + 1
    ), pupil AS (
        SELECT agency, school, run.number, local_id,
            bool_or(attended.number = run.number) AND bool_or(attended.number = run.next) AS stayed,
            bool_or(attended.number > run.number AND attended.number < run.next) AS was_seen
        FROM run JOIN attended USING (agency, school)
        WHERE attended.number BETWEEN run.number AND run.next
        GROUP BY ALL
    )
    SELECT agency, school, min(between_terms.place), max(between_terms.place), counted.pupils, seen
    FROM (
        SELECT agency, school, number, count(*) FILTER (stayed) AS pupils,
            count(*) FILTER (stayed AND was_seen) AS seen
        FROM pupil GROUP BY ALL
    ) AS counted
    JOIN run USING (agency, school, number)
    JOIN known_terms AS between_terms
        ON between_terms.agency = run.agency AND between_terms.number > run.number AND between_terms.number < run.next
    WHERE counted.pupils >= $fewest
    GROUP BY ALL ORDER BY ALL
"""
