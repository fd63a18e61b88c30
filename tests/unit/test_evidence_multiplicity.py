"""Holm's adjustment, by hand and against statsmodels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from tf_eval.evidence.multiplicity import holm


def test_by_hand():
    # Smallest first: 0.01 x 3, then 0.03 x 2, then 0.04 x 1, which may not fall below the one before.
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])


def test_an_outcome_that_is_no_test_does_not_count():
    assert holm([0.02, np.nan, 0.5]) == pytest.approx([0.04, np.nan, 0.5], nan_ok=True)


def test_nothing_tested():
    assert np.isnan(holm([np.nan, np.nan])).all()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_agrees_with_statsmodels(p_values):
    # The same arithmetic in another order: equal to a few units in the last place.
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1], rel=1e-12, abs=1e-15)
