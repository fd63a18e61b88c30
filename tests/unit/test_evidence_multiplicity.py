"""Allowances for many tests: by hand, against statsmodels, and against the plainest form of the algorithm."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from tf_eval.errors import InputError
from tf_eval.evidence.multiplicity import hochberg, holm, step_down, yekutieli


def test_holm_by_hand():
    # Smallest first: 0.01 x 3, then 0.03 x 2, then 0.04 x 1, which may not fall below the one before.
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])


def test_yekutieli_by_hand():
    # Largest first: 0.04 x 3/3, then 0.03 x 3/2, which may not be larger, then 0.01 x 3/1; all times 1 + 1/2 + 1/3.
    assert yekutieli([0.04, 0.01, 0.03]) == pytest.approx(np.array([0.04, 0.03, 0.04]) * 11 / 6)


def test_hochberg_by_hand():
    # Largest first: 0.04 x 3/3, then 0.03 x 3/2, which may not be larger, then 0.01 x 3/1.
    assert hochberg([0.04, 0.01, 0.03]) == pytest.approx([0.04, 0.03, 0.04])


@pytest.mark.parametrize("adjust", [hochberg, holm, yekutieli])
def test_an_outcome_that_is_no_test_does_not_count(adjust):
    found = adjust([0.02, np.nan, 0.5])
    assert np.isnan(found[1])
    assert found[[0, 2]] == pytest.approx(adjust([0.02, 0.5]))


@pytest.mark.parametrize("adjust", [hochberg, holm, yekutieli])
def test_nothing_tested(adjust):
    assert np.isnan(adjust([np.nan, np.nan])).all()


@settings(max_examples=20, deadline=None)  # statsmodels collects garbage in every call, which takes long
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_agree_with_statsmodels(p_values):
    # The same arithmetic in another order: equal to a few units in the last place.
    for adjust, method in ((hochberg, "fdr_bh"), (holm, "holm"), (yekutieli, "fdr_by")):
        assert adjust(p_values) == pytest.approx(multipletests(p_values, method=method)[1], rel=1e-12, abs=1e-15)


def plain_step_down(estimates, errors, deviations):
    """Romano and Wolf (2016), algorithm 4.1, hypothesis by hypothesis and draw by draw."""
    sizes = [abs(value) / error for value, error in zip(estimates, errors, strict=True)]
    left, adjusted, last = sorted(range(len(sizes)), key=lambda place: -sizes[place]), [0.0] * len(sizes), 0.0
    while left:
        first = left[0]
        reached = 1
        for draw in deviations:
            reached += max(abs(draw[place]) / errors[place] for place in left) >= sizes[first]
        last = max(last, reached / (len(deviations) + 1))
        adjusted[first] = last
        left = left[1:]
    return adjusted


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 8))
def test_step_down_agrees_with_its_plainest_form(seed, count):
    random = np.random.default_rng(seed)
    errors = random.uniform(0.5, 2, count)
    deviations = (random.normal(size=(99, 1)) + random.normal(size=(99, count))) * errors
    estimates = 3 * random.normal(size=count) * errors
    found = step_down(estimates, errors, deviations)
    assert found == pytest.approx(plain_step_down(estimates, errors, deviations))
    order = np.argsort(-np.abs(estimates / errors))
    assert (np.diff(found[order]) >= 0).all()


def test_step_down_of_one_test_is_the_share_of_draws_that_reach_it():
    # 1 and -2 reach 1 in size, 0.5 and 0 do not: (2 + 1) / (4 + 1).
    assert step_down([-1.0], [1.0], [[1.0], [-2.0], [0.5], [0.0]]) == pytest.approx([0.6])


@pytest.mark.parametrize("missing", ["estimate", "error", "draws"])
def test_what_is_missing_is_no_test_and_stays_missing(missing):
    random = np.random.default_rng(3)
    values, errors, drawn = np.array([2.0, 2.5, 1.0]), np.ones(3), random.normal(size=(199, 3))
    expected = step_down(values[[0, 2]], errors[[0, 2]], drawn[:, [0, 2]])
    {"estimate": values, "error": errors, "draws": drawn.T}[missing][1] = np.nan
    found = step_down(values, errors, drawn)
    assert np.isnan(found[1])
    assert found[[0, 2]] == pytest.approx(expected)


def test_one_estimate_many_times_over_costs_nothing():
    drawn = np.random.default_rng(3).normal(size=(999, 1))
    alone = step_down([2.2], [1.0], drawn)
    assert step_down([2.2] * 10, [1.0] * 10, np.repeat(drawn, 10, axis=1)) == pytest.approx(np.repeat(alone, 10))


@pytest.mark.parametrize(
    ("values", "errors", "drawn", "said"),
    [
        ([1.0, 2.0], [1.0], np.ones((9, 2)), "must be of shapes"),
        ([1.0, 2.0], [1.0, 1.0], np.ones((2, 9)), "must be of shapes"),
        ([1.0], [0.0], np.ones((9, 1)), "above 0"),
        ([1.0], [1.0], np.ones((0, 1)), "no draw"),
        (["high"], [1.0], np.ones((9, 1)), "must be numbers"),
    ],
)
def test_what_does_not_fit_is_refused(values, errors, drawn, said):
    with pytest.raises(InputError, match=said):
        step_down(values, errors, drawn)


def test_the_chance_of_a_false_claim_is_kept_and_more_is_found_than_by_holm():
    """Twelve tests that hang together (correlation 0.8), three with an effect of three errors; 300 studies."""
    random = np.random.default_rng(11)
    root = np.linalg.cholesky(np.full((12, 12), 0.8) + 0.2 * np.eye(12))
    drawn = random.normal(size=(999, 12)) @ root.T
    truth = np.r_[np.repeat(3.0, 3), np.zeros(9)]
    false, found, by_holm = 0, 0, 0
    for _ in range(300):
        values = truth + root @ random.normal(size=12)
        claimed = step_down(values, np.ones(12), drawn) <= 0.05
        false += claimed[3:].any()
        found += claimed[:3].sum()
        by_holm += (holm(2 * stats.norm.sf(np.abs(values)))[:3] <= 0.05).sum()
    # 5 % of 300 is 15, and 2.5 times its Monte-Carlo error (3.8) is 9.
    assert false <= 24
    assert found > 1.1 * by_holm
