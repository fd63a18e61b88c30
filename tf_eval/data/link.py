"""People across agencies: which records are of one person.

Records that share a national identifier (NHS number, unique pupil number, National Insurance number) are of one person,
unless that identifier stands beside two birth dates. Records without a shared identifier are of one person where the
whole name, the birth date and the sex agree exactly, unless two different people have all of these in common.
"""

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

IDENTIFIERS = ("nhs_number", "upn", "nino")
TWO_BIRTH_DATES = ("one identifier, two birth dates", "not linked by it; find out whose identifier it is")
TWO_PEOPLE = (
    "same name and birth date, different people",
    "not linked, for no postcode tells them apart; add an identifier",
)


@dataclass(frozen=True, eq=False)
class Linkage:
    """Who is who.

    ``person_link`` has one row for each record: agency, local_id, person_id. ``conflicts`` has one row for each record
    that a doubt kept apart: agency, local_id, column_name, rule, advice.
    """

    person_link: pa.Table
    conflicts: pa.Table


def link_people(records: pa.Table) -> Linkage:
    """Return which records are of one person.

    Args:
        records: one row for each record with the columns of the contract's ``person_record``; agency and local_id
            together are unique.

    Returns:
        Persons numbered from 1 in the order of their first record by agency and local_id, so that the same records
        always give the same numbers, in whatever order they come.
    """
    with duckdb.connect() as connection:
        connection.register("records", records)
        connection.execute(_RECORD)
        connection.execute(_IDENTIFIER)
        size = records.num_rows
        _write_groups(connection, "core", _components(connection, "SELECT record, key FROM sound_identifier", size))
        connection.execute(_NAME)
        edges = "SELECT record, key FROM sound_identifier UNION ALL SELECT record, key FROM name_key"
        _write_groups(connection, "person", _components(connection, edges, size))
        links = connection.execute(_LINKS).to_arrow_table()
        return Linkage(links, connection.execute(_CONFLICTS).to_arrow_table())


def _components(connection: duckdb.DuckDBPyConnection, edges: str, size: int) -> np.ndarray:
    """Return the group of each record, numbered from 1 in the order of the first record; records share keys."""
    numbered = f"SELECT record, dense_rank() OVER (ORDER BY key) - 1 AS key FROM ({edges})"
    found = connection.execute(numbered).fetchnumpy()
    record, key = found["record"].astype(np.int64), found["key"].astype(np.int64) + size
    nodes = size + (int(key.max()) - size + 1 if len(key) else 0)
    graph = coo_matrix((np.ones(len(record), dtype=np.int8), (record, key)), shape=(nodes, nodes))
    _, group = connected_components(graph, directed=False)
    _, first, renumbered = np.unique(group[:size], return_index=True, return_inverse=True)
    order = np.empty(len(first), dtype=np.int64)
    order[np.argsort(first)] = np.arange(1, len(first) + 1)
    return order[renumbered]


def _write_groups(connection: duckdb.DuckDBPyConnection, name: str, groups: np.ndarray) -> None:
    connection.register("groups", pa.table({"record": np.arange(len(groups)), "id": groups}))
    connection.execute(f"CREATE TABLE {name} AS SELECT record, id AS {name}_id FROM groups")


def _letters(column: str) -> str:
    """Return the SQL of a name or code without case, accents, blanks, hyphens and apostrophes."""
    return rf"nullif(regexp_replace(lower(strip_accents({column})), '[^\p{{L}}\p{{N}}]', '', 'g'), '')"


_RECORD = f"""
    CREATE TABLE record AS
    SELECT row_number() OVER (ORDER BY agency, local_id) - 1 AS record, agency, local_id, birth_date,
        {", ".join(f"{_letters(name)} AS {name}" for name in IDENTIFIERS)},
        {_letters("surname")} || '|' || {_letters("forename")} || '|' || birth_date || '|' || sex AS name,
        {_letters("postcode")} AS postcode
    FROM records
"""

_IDENTIFIER = f"""
    CREATE TABLE identifier AS
    SELECT record, column_name, column_name || ':' || value AS key,
        count(DISTINCT birth_date) OVER (PARTITION BY column_name, value) > 1 AS is_doubtful
    FROM (UNPIVOT (SELECT record, birth_date, {", ".join(IDENTIFIERS)} FROM record)
          ON {", ".join(IDENTIFIERS)} INTO NAME column_name VALUE value);
    CREATE VIEW sound_identifier AS SELECT record, column_name, key FROM identifier WHERE NOT is_doubtful
"""

# A name is ambiguous where the people known by identifiers who bear it have two values of one kind of identifier.
_NAME = """
    CREATE TABLE ambiguous AS
    WITH known AS (
        SELECT DISTINCT core_id, column_name, key FROM core JOIN sound_identifier USING (record)
    )
    SELECT DISTINCT name
    FROM (SELECT DISTINCT name, core_id FROM record JOIN core USING (record) WHERE name IS NOT NULL)
    JOIN known USING (core_id)
    GROUP BY name, column_name
    HAVING count(DISTINCT core_id) > 1 AND count(DISTINCT key) > 1;
    CREATE TABLE name_key AS
    SELECT record, is_ambiguous,
        CASE WHEN is_ambiguous THEN 'name and postcode:' || name || '|' || postcode ELSE 'name:' || name END AS key
    FROM (SELECT *, name IN (SELECT name FROM ambiguous) AS is_ambiguous FROM record WHERE name IS NOT NULL);
    DELETE FROM name_key WHERE key IS NULL
"""

_LINKS = """
    SELECT agency, local_id, person_id FROM record JOIN person USING (record) ORDER BY record
"""

_CONFLICTS = f"""
    SELECT agency, local_id, column_name, '{TWO_BIRTH_DATES[0]}' AS rule, '{TWO_BIRTH_DATES[1]}' AS advice
    FROM identifier JOIN record USING (record) WHERE is_doubtful
    UNION ALL
    SELECT agency, local_id, 'surname', '{TWO_PEOPLE[0]}', '{TWO_PEOPLE[1]}'
    FROM record JOIN person USING (record)
    WHERE name IN (SELECT name FROM ambiguous)
        AND person_id NOT IN (SELECT person_id FROM person JOIN sound_identifier USING (record))
    ORDER BY ALL
"""
