"""What must hold of honest bounds whatever the event study."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.event_study import decaying, event_study
from tf_eval.did import Estimates

RESTRICTIONS = ["relative_magnitudes", "smoothness", "combined"]
BOUNDS = [0.0, 0.1, 0.5, 1.0, 2.0]
seeds = st.integers(0, 10_000)
targets = st.sampled_from([0, 1, "average"])


def study(seed: int, scale: float = 1.0) -> Estimates:
    """Three effects before treatment that are about nil, and three after it."""
    covariance = decaying(6)
    effects = np.random.default_rng(seed).multivariate_normal([0, 0, 0, 0.5, 0.4, 0.3], covariance)
    return event_study(scale * effects, scale**2 * covariance, 3)


def intervals(study: Estimates, restriction: str, target, scale: float = 1.0) -> np.ndarray:
    bounds = [scale * bound for bound in BOUNDS] if restriction == "smoothness" else BOUNDS
    return study.honest(restriction, bounds=bounds, target=target).intervals


@pytest.mark.parametrize("restriction", RESTRICTIONS)
@settings(max_examples=4, deadline=None)
@given(seeds, targets)
def test_intervals_grow_with_the_bound(restriction, seed, target):
    ends = intervals(study(seed), restriction, target)
    width = ends[:, 1] - ends[:, 0]
    # An end is found to within a thousandth of its own.
    assert (np.diff(width) > -2e-3 * width[1:]).all()
    assert width[-1] > width[0]


@settings(max_examples=5, deadline=None)
@given(seeds, targets)
def test_without_any_drift_the_interval_is_the_plain_one(seed, target):
    """Roughly: the test spends a tenth of its size elsewhere first."""
    found = study(seed).honest(bounds=[0.0], target=target)
    _, low, high = found.original
    np.testing.assert_allclose(found.intervals[0], [low, high], atol=0.05 * (high - low))


@pytest.mark.parametrize("restriction", RESTRICTIONS)
@settings(max_examples=3, deadline=None)
@given(seeds, targets, st.floats(0.01, 100), st.booleans())
def test_intervals_scale_with_the_outcome(restriction, seed, target, size, flip):
    one = intervals(study(seed), restriction, target)
    scaled = study(seed, -size if flip else size)
    other = intervals(scaled, restriction, target, size)
    expected = size * (-one[:, ::-1] if flip else one)
    np.testing.assert_allclose(other, expected, rtol=2e-3, atol=2e-3 * size)
