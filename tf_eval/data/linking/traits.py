"""What a core (records that are certainly one person) has in common, and when two cores are certainly two people."""

import duckdb


def write_traits(connection: duckdb.DuckDBPyConnection) -> None:
    """Write ``core_trait``: for each core its sound identifiers, and its birth dates and agencies as lists.

    Args:
        connection: a connection with ``record``, ``identifier`` and ``core`` (record, core_id).
    """
    connection.execute(_TRAIT)


def two_people(one: str, other: str) -> str:
    """Return the SQL that says whether two rows of ``core_trait`` are two people: identifiers or birth dates differ.

    An NHS number and a UPN carry a check digit, so no typing error makes one out of another; a NINO does not.
    """
    return f"""
        coalesce({one}.nhs_number <> {other}.nhs_number, FALSE) OR coalesce({one}.upn <> {other}.upn, FALSE)
        OR coalesce(NOT one_edit({one}.nino, {other}.nino), FALSE)
        OR (len({one}.births) > 0 AND len({other}.births) > 0 AND len(list_filter({one}.births, lambda first:
            len(list_filter({other}.births, lambda second: may_be_one_birth(first, second))) > 0)) = 0)
    """


_TRAIT = """
    CREATE TABLE core_trait AS
    WITH sound AS (
        SELECT core_id, max(value) FILTER (kind = 'nhs_number') AS nhs_number,
            max(value) FILTER (kind = 'upn') AS upn, max(value) FILTER (kind = 'nino') AS nino
        FROM core JOIN identifier USING (record) WHERE NOT is_doubtful GROUP BY core_id
    ), lived AS (
        SELECT core_id, coalesce(list(DISTINCT birth_date) FILTER (birth_date IS NOT NULL), []) AS births,
            list(DISTINCT agency) AS agencies
        FROM core JOIN record USING (record) GROUP BY core_id
    )
    FROM lived LEFT JOIN sound USING (core_id)
"""
