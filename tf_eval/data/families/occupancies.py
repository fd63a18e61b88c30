"""Occupancies: whose stays in one property make one home."""

import duckdb

from tf_eval.data.families.components import write_components
from tf_eval.data.families.spans import MONTH


def write_occupancies(connection: duckdb.DuckDBPyConnection) -> None:
    """Write ``occupancy`` (person_id, home, property, start_date, end_date, is_crowd), one row for each home stay.

    Two stays in one property are in one home if they overlap by more than a month, or one lies in the other. So
    households that live in a property one after the other stay apart even where a date of moving out was typed late.
    A crowd is one home, under a number below zero.
    """
    connection.execute(_NUMBERED)
    write_components(connection, "home_of", _SHARED)
    connection.execute(_OCCUPANCY)


_NUMBERED = """
    CREATE OR REPLACE TEMP TABLE numbered_stay AS
    SELECT row_number() OVER (ORDER BY person_id, start_date) AS number, *, end_date - start_date AS days
    FROM home_stay WHERE crowd_since IS NULL
"""
_SHARED = f"""
    SELECT number AS node, number AS other FROM numbered_stay
    UNION ALL
    SELECT one.number, other.number
    FROM numbered_stay AS one JOIN numbered_stay AS other USING (property)
    WHERE one.number < other.number
        AND least(one.end_date, other.end_date) - greatest(one.start_date, other.start_date)
            >= least({MONTH} + 1, one.days, other.days)
"""
_OCCUPANCY = """
    CREATE OR REPLACE TEMP TABLE occupancy AS
    SELECT person_id, component AS home, property, start_date, end_date, FALSE AS is_crowd
    FROM numbered_stay JOIN home_of ON node = number
    UNION ALL
    SELECT person_id, -dense_rank() OVER (ORDER BY property, crowd_since), property, start_date, end_date, TRUE
    FROM home_stay WHERE crowd_since IS NOT NULL
"""
