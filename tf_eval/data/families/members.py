"""Members: who belongs to which family, from day to day."""

from datetime import date

import duckdb

from tf_eval.data.families.spans import ALWAYS_BEGINS, MONTH, NEVER_ENDS, merged, one_at_a_time
from tf_eval.data.sql import literal


def write_members(connection: duckdb.DuckDBPyConnection, *, start: date, end: date) -> None:
    """Write ``family``, ``family_member`` and ``family_span``; see ``build_families``."""
    connection.execute(_CLAIMED)
    connection.execute(_BELONGED)
    connection.execute(_numbered(start, end))
    connection.execute("CREATE OR REPLACE TEMP TABLE family AS SELECT family_id FROM numbered_family ORDER BY ALL")
    connection.execute(_MEMBERSHIP)
    connection.execute(_member(end))
    connection.execute(_SPAN)


# Who comes back within a month never left. Where two families then claim one day, it belongs to the earlier one: there
# is one family a day.
_CLAIMED = f"""
    CREATE OR REPLACE TEMP TABLE claimed AS
    WITH shared AS (
        SELECT family, person_id, greatest(dwelling.start_date, tenure.start_date) AS start_date,
            least(dwelling.end_date, tenure.end_date) AS end_date
        FROM dwelling JOIN tenure USING (household)
        WHERE dwelling.start_date < tenure.end_date AND tenure.start_date < dwelling.end_date
    ), lasting AS (
        {merged("shared", "person_id, family", MONTH)}
    )
    {one_at_a_time("lasting", "person_id", "family")}
"""

# A child whom its own family claims meanwhile makes no family of those it is with for a while.
_BELONGED = f"""
    CREATE OR REPLACE TEMP TABLE belonged AS
    WITH childhood AS (
        SELECT family, start_date, least(end_date, adult_on) AS end_date
        FROM claimed JOIN coming_of_age USING (person_id) WHERE start_date < adult_on
    ), in_being AS (
        {merged("childhood", "family")}
    )
    SELECT family, person_id, greatest(claimed.start_date, in_being.start_date) AS start_date,
        least(claimed.end_date, in_being.end_date) AS end_date
    FROM claimed JOIN in_being USING (family)
    WHERE claimed.start_date < in_being.end_date AND in_being.start_date < claimed.end_date
"""


def _numbered(start: date, end: date) -> str:
    """Return the SQL that numbers the families of the covered time by first person, first day and his first day."""
    return f"""
        CREATE OR REPLACE TEMP TABLE numbered_family AS
        WITH known AS (
            SELECT family, min(person_id) AS first_person, min(start_date) AS first_day,
                arg_min(start_date, (person_id, start_date)) AS joined
            FROM belonged GROUP BY family
        ), covered AS (
            SELECT family FROM belonged GROUP BY family
            HAVING bool_or(start_date < DATE {literal(end)} AND end_date > DATE {literal(start)})
        )
        SELECT family, row_number() OVER (ORDER BY first_person, first_day, joined) AS family_id
        FROM known SEMI JOIN covered USING (family)
    """


_MEMBERSHIP = """
    CREATE OR REPLACE TEMP TABLE membership AS
    SELECT family_id, person_id, start_date, end_date FROM belonged JOIN numbered_family USING (family)
"""


def _member(end: date) -> str:
    return f"""
        CREATE OR REPLACE TEMP TABLE family_member AS
        SELECT family_id, person_id, start_date, CASE WHEN end_date < DATE {literal(end)} THEN end_date END AS end_date
        FROM membership ORDER BY ALL
    """


_SPAN = f"""
    CREATE OR REPLACE TEMP TABLE family_span AS
    WITH changed AS (
        SELECT person_id, family_id, start_date,
            lag(family_id) OVER (PARTITION BY person_id ORDER BY start_date) AS family_before
        FROM membership
    ), entered AS (
        SELECT person_id, family_id,
            CASE WHEN family_before IS NULL THEN {ALWAYS_BEGINS} ELSE start_date END AS start_date
        FROM changed WHERE family_id IS DISTINCT FROM family_before
    )
    SELECT person_id, family_id, start_date,
        lead(start_date, 1, {NEVER_ENDS}) OVER (PARTITION BY person_id ORDER BY start_date) AS end_date
    FROM entered ORDER BY ALL
"""
