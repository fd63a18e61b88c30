"""Systematic error among controls: R's EmpiricalCalibration."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tf_eval.evidence import Calibration, calibrate

STORED = json.loads((Path(__file__).parent / "data" / "calibration.json").read_text())
SCCS, POSITIVE = STORED["sccs"], STORED["positive_controls"]

# The peer climbs the likelihood to a relative 1e-8 of itself, which leaves about 1e-4 of a parameter; R prints four
# decimals.
FITTED = 2e-4
# The peer takes mean and sigma as known. Ours allows for their having been fitted to so many controls, which widens.
WIDENED = (1.0, 1.2)


def calibration(stored: dict) -> Calibration:
    return calibrate(pd.DataFrame(stored["controls"]))


def test_negative_controls_have_the_mean_and_spread_of_r():
    found = calibration(SCCS)
    assert found.mean == pytest.approx(SCCS["mean"], abs=FITTED)
    assert found.sigma == pytest.approx(SCCS["sigma"], abs=FITTED)


def test_an_estimate_is_put_right_as_by_r_and_doubted_more():
    other = SCCS["other"]
    found = calibration(SCCS).apply(other["value"], other["std_error"])
    assert found.value == pytest.approx((other["low"] + other["high"]) / 2, abs=FITTED)
    assert WIDENED[0] < (found.high - found.low) / (other["high"] - other["low"]) < WIDENED[1]
    assert other["p_value"] < found.p_value < other["p_value"] + 0.02


def test_positive_controls_have_the_lines_of_r():
    found = calibration(POSITIVE).model
    assert found.mean == pytest.approx(POSITIVE["mean"], abs=FITTED)
    # Sigma is known to a tenth of itself, and its likelihood is flat accordingly.
    assert found.log_sigma == pytest.approx(POSITIVE["log_sigma"], abs=5 * FITTED)


@pytest.mark.parametrize("place", range(2))
def test_intervals_of_positive_controls_are_turned_round_as_by_r(place):
    other = {name: values[place] for name, values in POSITIVE["others"].items()}
    found = calibration(POSITIVE).apply(other["value"], other["std_error"])
    assert found.value == pytest.approx(other["estimate"], abs=FITTED)
    assert found.low < other["low"] and other["high"] < found.high
    assert WIDENED[0] < np.ptp([found.low, found.high]) / np.ptp([other["low"], other["high"]]) < WIDENED[1]
