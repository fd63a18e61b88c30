"""Tenures: which family a household is, from day to day."""

from itertools import groupby
from operator import itemgetter

import duckdb
import pyarrow as pa

from tf_eval.data.families.components import write_components
from tf_eval.data.families.spans import ALWAYS_BEGINS, merged
from tf_eval.data.families.succession import Succession

_EPOCH = "DATE '1970-01-01'"
_LEAVES = 0


def write_tenures(connection: duckdb.DuckDBPyConnection) -> None:
    """Write ``tenure`` (family, household, start_date, end_date): the families in being, by numbers of no meaning.

    Nearly all households that children connect hold a single family that lives in one place at a time; what may part,
    meet, pause or have a child in care is followed change by change.
    """
    connection.execute(_CHILD_STAY)
    write_components(connection, "household_group", _CONNECTED)
    connection.execute(_WITH_CHILD)
    connection.execute(_ENTANGLED)
    connection.execute(_PLAIN_TENURE)
    _write_followed(connection)


def _write_followed(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the tenures of the entangled households to ``tenure``."""
    succession = Succession(_adults(connection))
    changes = connection.execute(_CHANGE).fetchall()
    for day, today in groupby(changes, key=itemgetter(0)):
        moves = [move[1:] for move in today]
        succession.change(
            day,
            leaving=[(child, household) for kind, child, household, _ in moves if kind == _LEAVES],
            arriving=[(child, household, is_away) for kind, child, household, is_away in moves if kind != _LEAVES],
        )
    names = ("family", "household", "start", "end")
    columns = zip(*succession.tenures, strict=True) if succession.tenures else ((),) * len(names)
    followed = pa.table({name: pa.array(column, pa.int64()) for name, column in zip(names, columns, strict=True)})
    connection.register("followed", followed)
    connection.execute(_FOLLOWED_TENURE)
    connection.unregister("followed")


def _adults(connection: duckdb.DuckDBPyConnection) -> dict[int, list[tuple[int, int, int]]]:
    """Return who lives as an adult in each entangled household, as (first day, end, person)."""
    adults: dict[int, list[tuple[int, int, int]]] = {}
    for household, start, end, person in connection.execute(_ADULT_STAY).fetchall():
        adults.setdefault(household, []).append((start, end, person))
    return adults


_CHILD_STAY = """
    CREATE OR REPLACE TEMP TABLE child_stay AS
    SELECT person_id, household, start_date, least(end_date, adult_on) AS end_date, is_away
    FROM dwelling JOIN coming_of_age USING (person_id)
    WHERE start_date < adult_on
"""
_CONNECTED = """
    SELECT household AS node,
        lag(household, 1, household) OVER (PARTITION BY person_id ORDER BY start_date) AS other
    FROM child_stay
"""
_WITH_CHILD = f"CREATE OR REPLACE TEMP TABLE with_child AS {merged('child_stay', 'household')}"

# Plain is a group of which one household at a time has children, always somebody's who was there the day before.
_ENTANGLED = f"""
    CREATE OR REPLACE TEMP TABLE entangled AS
    WITH occupied AS (
        SELECT component, start_date < max(end_date) OVER (
            PARTITION BY component ORDER BY start_date, end_date ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS is_double
        FROM with_child JOIN household_group ON node = household
    ), childhood AS (
        SELECT component, start_date, end_date - 1 AS end_date
        FROM ({merged("child_stay", "person_id")})
        JOIN (SELECT person_id, min(household) AS node FROM child_stay GROUP BY person_id) USING (person_id)
        JOIN household_group USING (node)
    ), unbroken AS (
        {merged("childhood", "component")}
    ), either AS (
        SELECT component FROM occupied WHERE is_double
        UNION SELECT component FROM unbroken GROUP BY component HAVING count(*) > 1
        UNION SELECT component FROM child_stay JOIN household_group ON node = household WHERE is_away
    )
    SELECT node AS household FROM household_group JOIN either USING (component)
"""
_PLAIN_TENURE = """
    CREATE OR REPLACE TEMP TABLE tenure AS
    SELECT component AS family, household, start_date, end_date
    FROM with_child JOIN household_group ON node = household
    ANTI JOIN entangled USING (household)
"""
_CHANGE = f"""
    WITH entangled_stay AS (
        SELECT * FROM child_stay SEMI JOIN entangled USING (household)
    )
    SELECT start_date - {_EPOCH} AS day, 1 AS kind, person_id, household, is_away FROM entangled_stay
    UNION ALL
    SELECT end_date - {_EPOCH}, {_LEAVES}, person_id, household, is_away FROM entangled_stay
    ORDER BY ALL
"""
_ADULT_STAY = f"""
    SELECT household, greatest(start_date, coalesce(adult_on, {ALWAYS_BEGINS})) - {_EPOCH} AS start,
        end_date - {_EPOCH} AS end, person_id
    FROM dwelling SEMI JOIN entangled USING (household) LEFT JOIN coming_of_age USING (person_id)
    WHERE NOT is_away AND (adult_on IS NULL OR adult_on < end_date)
    ORDER BY ALL
"""
# Below zero, where no plain family's number is.
_FOLLOWED_TENURE = f"""
    INSERT INTO tenure
    SELECT -family, household, {_EPOCH} + start::INTEGER, {_EPOCH} + "end"::INTEGER FROM followed
"""
