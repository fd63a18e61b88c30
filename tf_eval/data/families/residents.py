"""Residents: who lives in the homes that may hold several households, and who of them lived together elsewhere."""

import duckdb

from tf_eval.data.families.components import write_components
from tf_eval.data.families.spans import MONTH, NEVER_ENDS


def write_residents(connection: duckdb.DuckDBPyConnection, *, most: int) -> None:
    """Write ``shared_home`` (home, is_crowd, has_many_adults), ``resident`` and ``companions`` (node, component).

    ``resident`` (number, home, is_crowd, person_id, came, gone) has one row for each person of such a home, with the
    first day and the end of living there; ``companions`` joins the numbers of residents of one home who lived together
    in another that is none of these. In a crowd people meet by chance: companions there must also have come, or gone,
    within a month of each other; and who came on one day and went on one day are companions.

    Args:
        connection: a connection with the tables occupancy, many_adults and not_left.
        most: when more people than that come to a crowd or leave it on one day, that is a day of the register's.
    """
    connection.execute(_SHARED_HOME)
    connection.execute(_RESIDENT)
    write_components(connection, "companions", _COMPANION.format(most=most))


_SHARED_HOME = """
    CREATE OR REPLACE TEMP TABLE shared_home AS
    WITH noted AS (
        SELECT home, TRUE AS has_many_adults FROM many_adults
        UNION ALL SELECT home, FALSE FROM not_left
    )
    SELECT home, FALSE AS is_crowd, bool_or(has_many_adults) AS has_many_adults FROM noted GROUP BY home
    UNION ALL
    SELECT DISTINCT home, TRUE, FALSE FROM occupancy WHERE is_crowd
"""
_RESIDENT = """
    CREATE OR REPLACE TEMP TABLE resident AS
    SELECT row_number() OVER (ORDER BY home, person_id) AS number, home, is_crowd, person_id,
        min(start_date) AS came, max(end_date) AS gone
    FROM occupancy SEMI JOIN shared_home USING (home)
    GROUP BY home, is_crowd, person_id
"""
_COMPANION = f"""
    WITH elsewhere AS (
        SELECT * FROM occupancy ANTI JOIN shared_home USING (home)
    ), passing AS (
        SELECT *, count(*) OVER (PARTITION BY home, came) AS coming, count(*) OVER (PARTITION BY home, gone) AS going
        FROM resident WHERE is_crowd AND gone < {NEVER_ENDS}
    )
    SELECT number AS node, number AS other FROM resident
    UNION ALL
    SELECT one.number, other.number
    FROM resident AS one
    JOIN elsewhere AS own ON own.person_id = one.person_id
    JOIN elsewhere AS beside ON beside.home = own.home
    JOIN resident AS other ON other.person_id = beside.person_id AND other.home = one.home
    WHERE one.number < other.number AND own.start_date < beside.end_date AND beside.start_date < own.end_date
        AND (NOT one.is_crowd OR abs(one.came - other.came) <= {MONTH}
            OR (abs(one.gone - other.gone) <= {MONTH} AND one.gone < {NEVER_ENDS}))
    UNION ALL
    SELECT number, min(number) OVER (PARTITION BY home, came, gone)
    FROM passing WHERE coming <= {{most}} AND going <= {{most}}
"""
