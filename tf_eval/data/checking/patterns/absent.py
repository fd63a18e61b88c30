"""Kinds that an agency is said to cover and of which it has no row at all: they would count as true zeros."""

import duckdb


def find_absent_kinds(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str, str]]:
    """Return agency, files, table and kind of each kind in ``coverage`` that never arrives.

    A table without kinds stands for itself. The files are those of the agency that feed the table, or else all of its
    files.

    Args:
        connection: a connection with the tables ``loaded_*``, ``entry`` and ``coverage``.
    """
    return connection.execute(_ABSENT).fetchall()


_ABSENT = """
    WITH held AS (
        SELECT DISTINCT entry, agency, 'event' AS table_name, kind FROM loaded_event
        UNION ALL SELECT DISTINCT entry, agency, 'spell', kind FROM loaded_spell
        UNION ALL SELECT DISTINCT entry, agency, 'attendance', NULL FROM loaded_attendance
    ), declared AS (
        SELECT DISTINCT agency, table_name, kind FROM coverage
        WHERE table_name IN ('event', 'spell', 'attendance')
    ), absent AS (
        SELECT declared.* FROM declared ANTI JOIN held
            ON held.agency = declared.agency AND held.table_name = declared.table_name
            AND (declared.kind IS NULL OR held.kind = declared.kind)
    ), feeding AS (
        SELECT held.agency, table_name, string_agg(DISTINCT file, ', ' ORDER BY file) AS files
        FROM held JOIN entry USING (entry) GROUP BY ALL
    ), every AS (
        SELECT agency, string_agg(DISTINCT file, ', ' ORDER BY file) AS files FROM entry GROUP BY agency
    )
    SELECT absent.agency, coalesce(feeding.files, every.files, ''), table_name, coalesce(kind, table_name)
    FROM absent LEFT JOIN feeding USING (agency, table_name) LEFT JOIN every USING (agency)
    ORDER BY ALL
"""
