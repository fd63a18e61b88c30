"""The forms on more rows than a sort keeps in their order."""

import duckdb
import pytest

from tf_eval.cohort.forms import reached

# Each family has the same two pairs of like spans, two months apart. Where like rows change places between two sorts,
# the end of a later span is taken for that of an earlier one.
TWICE = """
SELECT family_id, DATE '2012-01-01' + round::INT AS start_date, DATE '2012-01-31' + round::INT AS end_date
FROM range(100000) AS family (family_id), range(0, 61, 60) AS rounds (round), range(2) AS twins (twin)
"""


@pytest.mark.parametrize("at_least", [1, 2])
def test_like_spans_end_where_they_end(at_least):
    days = "date_diff('day', start_date, end_date)"
    found = f"SELECT {days} AS days, COUNT(*) FROM ({reached(TWICE, at_least, ['family_id'])}) GROUP BY days"
    with duckdb.connect() as connection:
        assert connection.execute(found).fetchall() == [(30, 200_000)]
