"""Homes: in which property, and so in which district, a family lives from day to day."""

from datetime import date

import duckdb

from tf_eval.data.families.spans import merged, pieces
from tf_eval.data.sql import literal


def write_homes(connection: duckdb.DuckDBPyConnection, *, end: date) -> None:
    """Write ``family_place`` (family_id, property, start_date, end_date) and, from it, ``family_home``.

    A family is followed beyond its last day as a family (its youngest child has come of age, or has gone to another
    family) to where most of its last members live, so that an end of its homes means that it has left.
    """
    connection.execute(_LOCATED)
    connection.execute(_PLACE)
    connection.execute(_PROPERTY_FACT)
    connection.execute(_home(end))


_LOCATED = """
    CREATE OR REPLACE TEMP TABLE located AS
    WITH last_day AS (
        SELECT family_id, max(end_date) AS end_date FROM membership GROUP BY family_id
    ), followed AS (
        SELECT family_id, person_id, start_date, end_date FROM membership
        UNION ALL
        SELECT family_id, person_id, greatest(span.start_date, last_day.end_date), span.end_date
        FROM family_span AS span JOIN last_day USING (family_id)
        WHERE span.end_date > last_day.end_date
    )
    SELECT family_id, person_id, property, greatest(followed.start_date, dwelling.start_date) AS start_date,
        least(followed.end_date, dwelling.end_date) AS end_date
    FROM followed JOIN dwelling USING (person_id)
    WHERE NOT is_away AND followed.start_date < dwelling.end_date AND dwelling.start_date < followed.end_date
"""

# Of two homes with as many members the one that the family was in first.
_PLACE = f"""
    CREATE OR REPLACE TEMP TABLE family_place AS
    WITH several AS (
        SELECT family_id FROM located GROUP BY family_id HAVING min(property) < max(property)
    ), moved AS (
        SELECT * FROM located SEMI JOIN several USING (family_id)
    ), piece AS (
        {pieces("moved", "family_id")}
    ), placed AS (
        SELECT family_id, property, piece.start_date, piece.end_date
        FROM piece JOIN moved USING (family_id)
        WHERE moved.start_date <= piece.start_date AND moved.end_date >= piece.end_date
        GROUP BY family_id, property, piece.start_date, piece.end_date
        QUALIFY row_number() OVER (
            PARTITION BY family_id, piece.start_date
            ORDER BY count(*) DESC, min(moved.start_date), min(person_id)
        ) = 1
    ), stayed AS (
        SELECT family_id, property, start_date, end_date FROM located ANTI JOIN several USING (family_id)
        UNION ALL
        SELECT family_id, property, start_date, end_date FROM placed
    )
    {merged("stayed", "family_id, property")}
"""

# What most rows say of a property; of two equally frequent values the first.
_PROPERTY_FACT = """
    CREATE OR REPLACE TEMP TABLE property_fact AS
    WITH said AS (
        SELECT property, district, deprivation_decile FROM residence_claim
        SEMI JOIN family_place USING (property)
    ), district AS (
        SELECT property, district FROM said WHERE district IS NOT NULL GROUP BY property, district
        QUALIFY row_number() OVER (PARTITION BY property ORDER BY count(*) DESC, district) = 1
    ), decile AS (
        SELECT property, deprivation_decile FROM said WHERE deprivation_decile IS NOT NULL
        GROUP BY property, deprivation_decile
        QUALIFY row_number() OVER (PARTITION BY property ORDER BY count(*) DESC, deprivation_decile) = 1
    )
    SELECT property, district, deprivation_decile FROM district FULL JOIN decile USING (property)
"""


def _home(end: date) -> str:
    known = """(
        SELECT family_id, district, deprivation_decile, start_date, end_date
        FROM family_place LEFT JOIN property_fact USING (property)
    )"""
    return f"""
        CREATE OR REPLACE TEMP TABLE family_home AS
        SELECT family_id, district, deprivation_decile, start_date,
            CASE WHEN end_date < DATE {literal(end)} THEN end_date END AS end_date
        FROM ({merged(known, "family_id, district, deprivation_decile")})
        ORDER BY family_id, start_date
    """
