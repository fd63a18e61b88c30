"""The mean distance of pairs, against all pairs one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tf_eval.matching.review.pair_distances import pair_distance

# Of few members most sets have one row of an arm, or none; of many most have several of both.
FEW = st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.integers(-5, 5)), min_size=1, max_size=6)
MANY = st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.integers(-5, 5)), min_size=7, max_size=20)


@settings(deadline=None)
@given(members=FEW | MANY)
def test_it_is_the_mean_over_all_pairs_of_a_set(members):
    set_id, treated, values = (np.array(part) for part in zip(*members, strict=True))
    apart = [
        abs(float(values[one] - values[other]))
        for one in np.flatnonzero(treated)
        for other in np.flatnonzero(~treated)
        if set_id[one] == set_id[other]
    ]
    found = pair_distance(treated, np.arange(len(values)), set_id)(values.astype(float))
    assert found == pytest.approx(np.mean(apart) if apart else np.nan, nan_ok=True)


def test_without_sets_there_is_none():
    none = np.empty(0, dtype=np.int64)
    assert np.isnan(pair_distance(np.array([True, False, False]), none, none)(np.ones(3)))
