"""The forms on more rows than a sort keeps in their order."""

import duckdb

from tf_eval.cohort.forms import reached

# Each family has ten times three like spans, in no order. Where like spans change places between two sorts, the end of
# a later one is taken for that of an earlier one.
THREE_TIMES = """
SELECT family_id, DATE '2012-01-01' + days::INTEGER AS start_date, DATE '2012-01-31' + days::INTEGER AS end_date
FROM range(50000) AS families (family_id), range(0, 600, 60) AS rounds (days), range(3) AS triplets (triplet)
ORDER BY hash(family_id * 31 + days * 7 + triplet)
"""


def test_like_spans_end_where_they_end():
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE spans AS {THREE_TIMES}")
        twice = reached("SELECT * FROM spans", 2, ["family_id"])
        lengths = f"SELECT end_date - start_date AS days, COUNT(*) FROM ({twice}) GROUP BY days"
        assert connection.execute(lengths).fetchall() == [(30, 500_000)]
