"""How far two distributions are apart, against slow sums that follow the definitions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tf_eval.matching.review.counted import Counted
from tf_eval.matching.review.distributions import ecdf_gaps, overlap_coefficients

TREATED = np.arange(12) < 5
VALUES = arrays(float, 12, elements=st.integers(-3, 3))
WEIGHTS = arrays(float, 12, elements=st.integers(0, 4)).filter(lambda w: w[TREATED].any() and w[~TREATED].any())


def share_up_to(value: float, values: np.ndarray, weight: np.ndarray) -> float:
    return weight[values <= value].sum() / weight.sum()


@settings(deadline=None)
@given(values=VALUES, weight=WEIGHTS)
def test_the_gaps_are_those_of_the_distribution_functions_at_every_value_of_the_sample(values, weight):
    arms = [(values[arm], weight[arm]) for arm in (TREATED, ~TREATED)]
    gaps = [abs(share_up_to(value, *arms[0]) - share_up_to(value, *arms[1])) for value in np.unique(values)]
    found = ecdf_gaps(values, [Counted.of(TREATED, weight)])[0]
    if not np.isin(values, (0, 1)).all():
        assert found == pytest.approx((max(gaps), np.mean(gaps)))


def area_below_both(values: np.ndarray, weight: np.ndarray, bandwidth: float) -> float:
    """Add up the lower of two densities, each a sum of a normal curve for every row."""
    at = np.linspace(values.min() - 6 * bandwidth, values.max() + 6 * bandwidth, 20_001)
    curves = np.exp(-0.5 * ((at[:, None] - values) / bandwidth) ** 2) / (bandwidth * np.sqrt(2 * np.pi))
    heights = [curves[:, arm] @ weight[arm] / weight[arm].sum() for arm in (TREATED, ~TREATED)]
    return np.minimum(*heights).sum() * (at[1] - at[0])


@settings(deadline=None, max_examples=40)
@given(values=VALUES.filter(lambda v: len(np.unique(v[TREATED])) > 1 and v.min() < 0), weight=WEIGHTS)
def test_the_overlap_is_the_area_below_both_densities(values, weight):
    smaller = values[TREATED]
    quarter, three_quarters = np.percentile(smaller, (25, 75))
    spreads = [spread for spread in (smaller.std(ddof=1), (three_quarters - quarter) / 1.34) if spread]
    expected = area_below_both(values, weight, 1.06 * min(spreads) * 5**-0.2)
    found = overlap_coefficients(values, TREATED, [Counted.of(TREATED, weight)])
    assert found == pytest.approx([expected], abs=1e-3)  # values stand on a grid of a sixteenth of the bandwidth


def test_the_overlap_of_known_cases():
    treated = np.arange(4000) < 1000
    flat, alike = np.random.default_rng(5).random(4000), [Counted.of(treated, np.ones(4000))]
    assert overlap_coefficients(np.where(treated, flat, flat + 50), treated, alike) == pytest.approx([0.0], abs=1e-9)
    assert overlap_coefficients(np.full(4000, 7.0), treated, alike) == [1.0]
    assert overlap_coefficients(np.where(treated, 2.0, np.resize([2.0, 3.0], 4000)), treated, alike)[0] < 0.6
    assert overlap_coefficients(np.resize([3.0, 4.0], 4000), treated, alike) == pytest.approx([1.0])
    yes_no = np.where(treated, np.resize([1, 1, 0, 0], 4000), np.resize([1, 0, 0, 0], 4000)).astype(float)
    assert overlap_coefficients(yes_no, treated, alike) == pytest.approx([0.75])


def test_a_value_far_out_does_not_ask_for_endless_bins():
    values = np.append(np.random.default_rng(6).normal(size=999), 1e12)
    treated = np.arange(1000) < 300
    assert 0.9 < overlap_coefficients(values, treated, [Counted.of(treated, np.ones(1000))])[0] <= 1


@settings(deadline=None, max_examples=40)
@given(values=VALUES, weight=WEIGHTS, scale=st.sampled_from([1e-3, 7.0, 1e6]), shift=st.integers(-1000, 1000))
def test_no_unit_of_measurement_nor_origin_matters(values, weight, scale, shift):
    counted = [Counted.of(TREATED, weight)]
    ours, other = (overlap_coefficients(each, TREATED, counted)[0] for each in (values, values * scale + shift * scale))
    assert 0 <= ours <= 1
    if not np.isin(values, (0, 1)).all() and not np.isin(values * scale + shift * scale, (0, 1)).all():
        assert other == pytest.approx(ours, abs=1e-6)
