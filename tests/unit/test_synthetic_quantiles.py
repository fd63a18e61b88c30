"""Counts as increasing functions of uniforms: checked against scipy's distributions."""

import numpy as np
import pytest
from scipy import stats

from synthetic.quantiles import binomial_quantile, poisson_quantile

UNIFORMS = np.random.default_rng(1).random(4_000)


@pytest.mark.parametrize("rate", [0.001, 0.3, 2.0, 8.0, 14.0])
def test_poisson_counts_are_the_inverse_distribution_function(rate):
    found = poisson_quantile(UNIFORMS, np.full(UNIFORMS.shape, rate))
    assert np.array_equal(found, stats.poisson.ppf(UNIFORMS, rate))


@pytest.mark.parametrize(("trials", "share"), [(0, 0.3), (1, 0.5), (60, 0.01), (142, 0.3), (142, 0.95)])
def test_binomial_counts_are_the_inverse_distribution_function(trials, share):
    found = binomial_quantile(UNIFORMS, np.full(UNIFORMS.shape, trials), np.full(UNIFORMS.shape, share))
    assert np.array_equal(found, stats.binom.ppf(UNIFORMS, trials, share))


def test_a_rate_of_zero_gives_nothing_even_at_the_lowest_uniform():
    assert not poisson_quantile(np.array([0.0, 0.5, 0.9999999]), np.zeros(3)).any()


def test_a_lower_rate_never_gives_more():
    high = np.full(UNIFORMS.shape, 1.5)
    assert (poisson_quantile(UNIFORMS, high * 0.7) <= poisson_quantile(UNIFORMS, high)).all()
