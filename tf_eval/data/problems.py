"""What is wrong with the extracts: row by row for the linker, and counted for everybody else."""

import duckdb


def create_problem_table(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the temporary table ``problem``: one line for each rule that a row breaks, and for each pattern.

    Only the linking store keeps it, for the place of a row tells whose it is.
    """
    connection.execute("""
        CREATE TEMP TABLE problem (agency VARCHAR, file VARCHAR, table_name VARCHAR, row_number BIGINT,
            column_name VARCHAR, rule VARCHAR, severity VARCHAR, shape VARCHAR, place VARCHAR, advice VARCHAR)
    """)


def write_findings(connection: duckdb.DuckDBPyConnection) -> None:
    """Count the lines of ``problem`` into the county's table ``finding``, with the shape of one cell for all alike."""
    connection.execute("""
        INSERT INTO finding
        SELECT agency, file, table_name, column_name, rule, severity, min(shape), place, advice, count(*)
        FROM temp.problem GROUP BY ALL ORDER BY ALL
    """)
