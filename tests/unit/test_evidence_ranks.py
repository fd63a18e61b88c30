"""Sets of ranks: against the plainest form of the procedure, and where the answer is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tf_eval.evidence.league.ranks import rank_sets


def plain_rank_sets(values, covariance, deviations, confidence):
    """Pair by pair and draw by draw: one-sided tests of all ordered pairs, stepped down."""
    count = len(values)
    pairs = [(one, other) for one in range(count) for other in range(count) if one != other]

    def size(row, pair):
        one, other = pair
        square = covariance[one, one] + covariance[other, other] - 2 * covariance[one, other]
        return (row[one] - row[other]) / np.sqrt(square)

    left = list(pairs)
    while True:
        largest = sorted(max(size(draw, pair) for pair in left) for draw in deviations)
        reach = largest[int(np.ceil(confidence * len(largest) - 1e-9)) - 1]
        kept = [pair for pair in left if size(values, pair) <= reach]
        if len(kept) == len(left):
            break
        left = kept
    told = set(pairs) - set(left)
    low = [1 + sum((other, one) in told for other in range(count)) for one in range(count)]
    return low, [count - sum((one, other) in told for other in range(count)) for one in range(count)]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 6), st.sampled_from([0.5, 0.9, 0.95]))
def test_agree_with_the_plainest_form(seed, count, confidence):
    random = np.random.default_rng(seed)
    root = random.normal(size=(count, count)) + np.eye(count)
    covariance = root @ root.T + 0.1 * np.eye(count)
    deviations = random.multivariate_normal(np.zeros(count), covariance, 99)
    values = 4 * random.normal(size=count)
    found = rank_sets(values, covariance, deviations, confidence)
    low, high = plain_rank_sets(values, covariance, deviations, confidence)
    assert found.low.tolist() == low
    assert found.high.tolist() == high
    place = 1 + (values[:, None] > values).sum(axis=0)
    assert ((found.low <= place) & (place <= found.high)).all()


def test_two_are_told_apart_by_the_interval_of_their_difference():
    """With one pair the reach is the two-sided 95 % point, 1.96, but for the draws'."""
    deviations = np.random.default_rng(1).normal(size=(20_000, 2))
    for apart, low in ((1.9, [1, 1]), (2.02, [2, 1])):
        assert rank_sets(np.array([0, apart * np.sqrt(2)]), np.eye(2), deviations, 0.95).low.tolist() == low


def test_what_was_told_apart_makes_the_rest_easier_to_tell():
    """Of two pairs far from each other, each is compared with itself once the rest is told."""
    random = np.random.default_rng(1)
    deviations = random.normal(size=(9_999, 4))
    values = np.array([0, 3.5, 1000, 1003.5])
    # In one step all six differences count, and the reach is 2.57 of 1.41 each: 3.63.
    one_step = np.quantile(np.ptp(deviations, axis=1), 0.95)
    assert one_step == pytest.approx(3.63, abs=0.05)
    assert one_step > 3.5
    assert rank_sets(values, np.eye(4), deviations, 0.95).low.tolist() == [4, 3, 2, 1]
