"""Do the intervals of pooled effects hold what was planted? ``benchmarks/pooling_coverage.py`` asks it of more."""

import numpy as np
import pytest

from benchmarks.pooling_coverage import covered

# Lowest shares, four Monte Carlo errors of 400 draws below those of 2,000: the mean's interval covers in 95 or more.
# The prediction interval is as wide as three places leave tau, and covers in all where places are alike.
LOWEST = {(3, 0.0): (0.95, 0.99), (5, 4.0): (0.91, 0.905), (10, 1.0): (0.94, 0.92)}


@pytest.mark.parametrize(("places", "tau"), LOWEST)
def test_intervals_hold_the_mean_and_a_new_place(places, tau):
    held = [covered(places, tau, seed) for seed in range(400)]
    shares = [np.mean([row[name] for row in held]) for name in ("mean", "prediction")]
    assert (np.array(shares) >= LOWEST[places, tau]).all()
