"""Critical values of looks against other ways to the same probabilities."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from benchmarks.looks import ever_false
from tf_eval.evidence.looks.boundary import brings_news, critical_values
from tf_eval.evidence.looks.mixture import mixture_critical, mixture_p, prior_information
from tf_eval.evidence.looks.spending import SPENDING, spent


def stays_inside(information: np.ndarray, reach: np.ndarray) -> float:
    """Return the chance that no score leaves its boundary, by the multivariate normal's integral."""
    smaller, larger = np.minimum.outer(information, information), np.maximum.outer(information, information)
    joint = stats.multivariate_normal(cov=np.sqrt(smaller / larger), allow_singular=True, abseps=1e-8, maxpts=2_000_000)
    return float(joint.cdf(reach, lower_limit=-reach, rng=np.random.default_rng(1)))


def test_one_look_is_the_usual_interval():
    assert critical_values(np.array([3.0]), np.array([0.05])) == pytest.approx([stats.norm.isf(0.025)])


@pytest.mark.parametrize("spending", SPENDING)
def test_irregular_information_keeps_what_may_be_spent(spending):
    information, times = np.array([1.0, 1.4, 3.1, 3.3]), np.array([0.2, 0.4, 0.6, 1.0])
    reach = critical_values(information, np.diff(spent(times, 0.05, spending), prepend=0.0))
    # The peer integrates at random points, to 1e-5.
    assert stays_inside(information, reach) == pytest.approx(0.95, abs=2e-5)


def test_information_that_hardly_grows_is_integrated_as_well():
    information = np.array([1.0, 1.002, 1.004])
    reach = critical_values(information, np.full(3, 0.02))
    assert stays_inside(information, reach) == pytest.approx(0.94, abs=2e-5)


def test_a_look_without_news_has_its_own_level_and_changes_no_other():
    information, level = np.array([1.0, 2.0, 1.5, 3.0]), 0.01
    assert list(brings_news(information)) == [True, True, False, True]
    reach = critical_values(information, np.full(4, level))
    assert reach[2] == pytest.approx(stats.norm.isf(level / 2))
    others = np.array([0, 1, 3])
    assert reach[others] == pytest.approx(critical_values(information[others], np.full(3, level)))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.floats(0.02, 2), min_size=2, max_size=6),
    st.sampled_from(SPENDING),
    st.floats(1e-4, 0.3),
    st.floats(1.05, 2),
)
def test_a_higher_level_never_widens(growth, spending, alpha, more):
    """So intervals lie within each other, and the p-value is one."""
    information = np.cumprod(1 + np.array(growth))
    times = np.arange(1, len(growth) + 1) / len(growth)
    strict, loose = (
        critical_values(information, np.diff(spent(times, level, spending), prepend=0.0))
        for level in (alpha, alpha * more)
    )
    assert (loose < strict + 1e-9).all()


@pytest.mark.parametrize("spending", SPENDING)
def test_spending_starts_at_nothing_and_ends_at_all(spending):
    assert spent(np.array([1e-9, 1.0]), 0.05, spending) == pytest.approx([0, 0.05], abs=1e-9)


def test_the_mixture_is_tightest_where_it_was_asked_to_be():
    prior = prior_information(1.0, 0.05)
    information = np.arange(1.0, 40.0)
    reach = mixture_critical(information, prior, 0.05) / np.sqrt(information)
    other = [mixture_critical(np.array([12.0]), prior * factor, 0.05)[0] for factor in (0.9, 1.1)]
    assert mixture_critical(np.array([12.0]), prior, 0.05)[0] < min(other)
    assert (np.diff(reach) < 0).all()


def test_the_level_of_a_mixture_turns_its_critical_value_round():
    information = np.array([2.0, 30.0])
    assert mixture_p(mixture_critical(information, 3.0, 0.03), information, 3.0) == pytest.approx([0.03, 0.03])


def test_effects_of_nothing_are_seldom_found_over_24_looks():
    """A smoke test of 200 draws of the benchmark: 5 % could be as much as 9.7 % (three Monte-Carlo errors of 1.5)."""
    found = ever_false("walk", draws=200, seed=1)
    assert max(found["obrien_fleming"], found["pocock"], found["mixture"]) < 0.097
    assert found["naive"] > 0.2
