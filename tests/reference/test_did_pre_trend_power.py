"""Power of tests before treatment: R pretrends on He and Wang (2017), as its README prints it."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.event_study import event_study

STORED = json.loads((Path(__file__).parent / "data" / "honest.json").read_text())
EXPECTED = STORED["pretrends"]
HE_WANG = STORED["studies"]["he_wang"]

# R's chances come from pmvnorm, whose error is up to 1e-3 by default and about 1e-4 here; its critical value is 1.96.
CHANCE = {"abs": 2e-4}


def study():
    return event_study(HE_WANG["effects"], HE_WANG["covariance"], HE_WANG["n_before"])


def test_the_slope_that_is_found_in_half_of_studies():
    row = study().pre_trend_power(powers=[0.5]).rows[0]
    assert row.test == "single"
    assert row.slope == pytest.approx(EXPECTED["slope_for_half"], rel=5e-4)
    assert row.power == pytest.approx(0.5, abs=1e-6)


def test_power_and_what_speaks_for_a_slope():
    row = study().pre_trend_power(slope=EXPECTED["slope_for_half"]).rows[0]
    assert row.power == pytest.approx(EXPECTED["power"], **CHANCE)
    assert row.bayes_factor == pytest.approx(EXPECTED["bayes_factor"], abs=3e-4)
    # Exact in both; the covariance is known to ten decimals.
    assert row.likelihood_ratio == pytest.approx(EXPECTED["likelihood_ratio"], rel=1e-5)


def test_effects_in_the_studies_that_pass():
    for time, expected in enumerate(EXPECTED["mean_after_passing"]):
        row = study().pre_trend_power(slope=EXPECTED["slope_for_half"], target=time).rows[0]
        assert row.bias == pytest.approx((time + 1) * EXPECTED["slope_for_half"])
        assert row.bias_after_passing == pytest.approx(expected, abs=1e-5)


def test_a_violation_that_is_no_line():
    expected = EXPECTED["quadratic"]
    row = study().pre_trend_power(trend=lambda since: expected["per_period_squared"] * since**2).rows[0]
    assert np.isnan(row.slope)
    assert row.power == pytest.approx(expected["power"], **CHANCE)
    assert row.bayes_factor == pytest.approx(expected["bayes_factor"], abs=3e-4)
    assert row.likelihood_ratio == pytest.approx(expected["likelihood_ratio"], rel=1e-5)
