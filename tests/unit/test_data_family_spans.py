"""Unbroken spans of days."""

import duckdb

from tf_eval.data.families.spans import merged

HOMES, ROWS = 300, 2700


def test_equal_rows_make_one_span():
    """Many homes and many equal rows of each, for it takes a sort of some size to put equal rows in another order."""
    with duckdb.connect() as connection:
        connection.execute(f"""
            CREATE TABLE stay AS
            WITH part AS (SELECT range AS row, (range * 7 // {HOMES} % 3)::INTEGER AS days FROM range({ROWS}))
            SELECT row % {HOMES} AS home, DATE '2010-01-01' + days AS start_date, DATE '2011-01-01' + days AS end_date
            FROM part
        """)
        found = connection.execute(f"SELECT count(*), count(DISTINCT home) FROM ({merged('stay', 'home')})").fetchone()
    assert found == (HOMES, HOMES)
