"""The canonical order of rows is that of a plain sort by all columns."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tf_eval.matching.reading.canonical import canonical_order, canonical_ranks

ROWS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from([0.1, 0.2, -0.0]), st.sampled_from("ab"), st.booleans()), min_size=1
)


@settings(deadline=None)
@given(rows=ROWS)
def test_it_is_the_order_of_a_stable_sort_by_all_columns(rows):
    frame = pd.DataFrame(rows, columns=["whole", "part", "word", "flag"])
    expected = frame.sort_values(list(frame.columns), kind="stable").index.tolist()
    *columns, labels = (frame[name] for name in frame)
    assert canonical_order(canonical_ranks(columns), labels).tolist() == expected


@settings(deadline=None)
@given(rows=ROWS)
def test_rows_alike_in_all_columns_have_one_rank(rows):
    frame = pd.DataFrame(rows, columns=["whole", "part", "word", "flag"])
    rank = canonical_ranks(frame[name] for name in frame)
    assert rank.tolist() == [sum(other < row for other in rows) for row in rows]


def test_numbers_stand_before_words():
    mixed = pd.Series([2, "b", "a", 10], dtype=object)
    assert canonical_ranks([mixed]).tolist() == [0, 3, 2, 1]
