"""Welch's test of parts against scipy's and statsmodels' own, and what shared families do to it."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.oneway import anova_oneway

from tf_eval.evidence.subgroups.interaction import compare_parts

RANDOM = np.random.default_rng(7)
SAMPLES = [RANDOM.normal(mean, spread, size) for mean, spread, size in ((0, 1, 22), (0.6, 2, 35), (0.2, 0.7, 60))]


def of(samples):
    values = np.array([sample.mean() for sample in samples])
    squares = np.array([sample.var(ddof=1) / len(sample) for sample in samples])
    return compare_parts(values, np.diag(squares), np.array([len(sample) - 1.0 for sample in samples]))


def test_two_parts_are_welchs_t():
    found, peer = of(SAMPLES[:2]), stats.ttest_ind(*SAMPLES[:2], equal_var=False)
    assert (found.statistic, found.p_value) == pytest.approx((peer.statistic**2, peer.pvalue))
    assert found.degrees_of_freedom == pytest.approx((1, peer.df))
    assert (found.low, found.high) == pytest.approx(tuple(peer.confidence_interval(0.95)))


def test_many_parts_are_welchs_analysis_of_variance():
    found, peer = of(SAMPLES), anova_oneway(SAMPLES, use_var="unequal")
    assert (found.statistic, found.p_value) == pytest.approx((peer.statistic, peer.pvalue))
    assert found.degrees_of_freedom == pytest.approx(tuple(peer.df))
    assert np.isnan(found.difference) and np.isnan(found.low)


def test_what_moves_all_parts_alike_tells_nothing_of_their_difference():
    values, own, freedom = np.array([1.0, 2.0, 4.0]), np.diag([1.0, 0.5, 0.8]), np.full(3, 30.0)
    alone, together = (compare_parts(values, own + shared, freedom) for shared in (0.0, 5.0))
    assert together.statistic == pytest.approx(alone.statistic)
    assert together.p_value == pytest.approx(alone.p_value)


def test_parts_with_the_same_effect_do_not_differ():
    assert compare_parts(np.full(4, 3.0), np.eye(4), np.full(4, 25.0)).p_value == pytest.approx(1)
