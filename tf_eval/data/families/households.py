"""Households: who of a home lives together, from day to day."""

from itertools import groupby
from math import inf
from operator import itemgetter

import duckdb
import pyarrow as pa

from tf_eval.data.families.parties import Party, Resident, crowd_households, households
from tf_eval.data.families.spans import NEVER_ENDS

_EPOCH = "DATE '1970-01-01'"


def write_households(connection: duckdb.DuckDBPyConnection) -> None:
    """Write ``told_apart`` (home, person_id, part) and ``dwelling``.

    ``told_apart`` numbers from 1 the households of those homes and crowds in which several can be told apart;
    ``dwelling`` (person_id, household, property, start_date, end_date, is_away) has the households of all homes, which
    are one each but for these. Who is in a crowd and in no household of it dwells nowhere.
    """
    parts = _parts(connection)
    names = ("home", "person_id", "part")
    columns = zip(*parts, strict=True) if parts else ((),) * len(names)
    told = pa.table({name: pa.array(column, pa.int64()) for name, column in zip(names, columns, strict=True)})
    connection.register("told", told)
    connection.execute("CREATE OR REPLACE TEMP TABLE told_apart AS SELECT * FROM told")
    connection.unregister("told")
    connection.execute(_DWELLING)


def _parts(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, int, int]]:
    """Return home, person and part, each part with a number of its own."""
    rows = connection.execute(_RESIDENT_FACT).fetchall()
    told: list[tuple[int, Party]] = []
    for (home, is_crowd, has_many_adults), people in groupby(rows, key=itemgetter(0, 1, 2)):
        residents = [_resident(*row[3:]) for row in people]
        found = crowd_households(residents) if is_crowd else households(residents, has_many_adults=has_many_adults)
        told += [(home, household) for household in found]
    return [(home, one.person, part) for part, (home, household) in enumerate(told, start=1) for one in household]


def _resident(person: int, companions: int, came: int, gone: int | None, *known: int | str | None) -> Resident:
    return Resident(person, companions, came, inf if gone is None else gone, *known)


_RESIDENT_FACT = f"""
    SELECT home, resident.is_crowd, has_many_adults, person_id, component, came - {_EPOCH} AS came,
        nullif(gone, {NEVER_ENDS}) - {_EPOCH} AS gone,
        birth_date - {_EPOCH} AS birth, adult_on - {_EPOCH} AS of_age, sex
    FROM resident JOIN shared_home USING (home) JOIN companions ON node = number
    JOIN person USING (person_id) LEFT JOIN coming_of_age USING (person_id)
    ORDER BY home, number
"""
_DWELLING = """
    CREATE OR REPLACE TEMP TABLE dwelling AS
    SELECT person_id, coalesce((SELECT max(home) FROM occupancy) + part, home) AS household, property,
        start_date, end_date, FALSE AS is_away
    FROM occupancy LEFT JOIN told_apart USING (home, person_id)
    WHERE part IS NOT NULL OR NOT is_crowd
"""
