"""The distribution of systematic error, in cases that can be worked out."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.calibration import coverage
from tf_eval.evidence.calibration.error_model import fit


def test_errors_that_are_all_alike_leave_the_mean_and_the_standard_deviation():
    """With one standard error s the likelihood's mean is the mean, and sigma² the variance (by n) less s²."""
    value = np.array([1.0, 2.0, 4.0, 5.0, 8.0])
    found = fit(value, np.full(5, 0.5), np.zeros(5))
    # The likelihood is climbed to 1e-7 of log sigma.
    assert found.mean_at(0) == pytest.approx(value.mean())
    assert float(found.sigma_at(0)) == pytest.approx(np.sqrt(value.var() - 0.25), rel=1e-6)


def test_a_further_estimate_without_chance_has_the_usual_prediction_interval():
    """Where chance is next to nothing it is that of a normal sample: s² (1 + 1/n) with n - 1 degrees of freedom."""
    value, n = np.array([1.0, 2.0, 4.0, 5.0, 8.0, 9.0]), 6
    variance, freedom = fit(value, np.full(n, 1e-4), np.zeros(n)).predicted(0.0, 1e-4)
    # The likelihood is climbed to 1e-7 of log sigma.
    assert variance == pytest.approx(value.var(ddof=1) * (1 + 1 / n), rel=1e-6)
    assert freedom == pytest.approx(n - 1, rel=1e-6)


def test_a_line_without_chance_has_the_prediction_interval_of_least_squares():
    truth = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 2.0])
    value = np.array([0.2, 0.4, 0.3, 1.0, 1.2, 2.3, 2.5, 2.1])
    found = fit(value, np.full(8, 1e-4), truth)
    flat = replace(found, log_sigma=(float(np.log(0.2)), 0.0))
    variance, freedom = flat.predicted(2.0, 1e-4)
    columns = np.column_stack([np.ones(8), truth])
    leverage = np.array([1, 2]) @ np.linalg.inv(columns.T @ columns) @ np.array([1, 2])
    assert variance == pytest.approx(0.04 * 8 / 6 * (1 + leverage), rel=1e-4)
    # Sigma is a line of its own here, of which as much is known at a point as of the mean.
    assert freedom == pytest.approx(6 / 8 / leverage, rel=1e-4)


def test_chance_that_outweighs_systematic_error_brings_back_the_normal():
    value = np.random.default_rng(1).normal(size=30)
    _, freedom = fit(value, np.full(30, 0.1), np.zeros(30)).predicted(0.0, 50.0)
    assert freedom > 1e4


def test_controls_off_by_less_than_chance_leave_no_systematic_error():
    assert fit(np.array([0.1, -0.1, 0.2, -0.2, 0.0]), np.ones(5), np.zeros(5)).sigma_at(0) < 0.01


def test_planted_effects_that_are_all_found_leave_the_error_of_negative_controls():
    error, value = np.full(20, 0.1), np.random.default_rng(1).normal(0.3, 0.2, size=20)
    truth = np.repeat([0.0, 2.0], 20)
    found = fit(np.tile(value, 2) + truth, np.tile(error, 2), truth)
    one = fit(value, error, np.zeros(20))
    # The likelihood is climbed to 1e-7 of log sigma.
    assert found.mean == pytest.approx((one.mean[0], 1.0), abs=1e-5)
    assert found.log_sigma == pytest.approx((one.log_sigma[0], 0.0), abs=1e-4)


def test_twenty_controls_cover():
    """A smoke test of 100 draws of the benchmark: 95 % could be as little as 88.5 % (three errors of 2.2 points)."""
    found = coverage(20, 3.0, draws=100)
    assert found["calibrated"] > 0.885 > 0.7 > found["chance_alone"]
