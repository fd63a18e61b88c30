"""Sensitivity to what is hidden against R (rbounds, EValue, sensemakr); settings in data/matching_sensitivity.json."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from tf_eval.matching import e_value, e_value_of_counts
from tf_eval.matching.sensitivity.hidden_bias import p_value_bounds
from tf_eval.matching.sensitivity.omitted import Coefficient, benchmark
from tf_eval.matching.sensitivity.scores import signed_rank_scores

DATA = Path(__file__).parent / "data"
REFERENCE = json.loads((DATA / "matching_sensitivity.json").read_text(encoding="utf-8"))
DARFUR = REFERENCE["darfur"]
ROUNDING = 1e-9  # R prints 15 digits


def test_signed_rank_bounds_equal_psens():
    treated = np.repeat([True, False], 113)
    outcome, set_code = np.concatenate([REFERENCE["pairs"]["yt"], REFERENCE["pairs"]["yc"]]), np.tile(np.arange(113), 2)
    scores = signed_rank_scores(outcome, treated, set_code)
    for row in REFERENCE["psens"]:
        low, high = p_value_bounds(scores, treated, set_code, row["Gamma"])
        # psens prints four decimals.
        assert (low, high) == pytest.approx((row["Lower bound"], row["Upper bound"]), abs=0.5e-4 + 1e-9)


@pytest.mark.parametrize(
    ("name", "given", "options"),
    [
        ("RR_3.9_1.8_8.7", (3.9, 1.8, 8.7), {"measure": "risk_ratio"}),
        ("RR_0.8_0.71_0.91", (0.8, 0.71, 0.91), {"measure": "risk_ratio"}),
        ("OR_common_0.86", (0.86, 0.75, 0.99), {"measure": "odds_ratio"}),
        ("OR_rare", (0.86, 0.75, 0.99), {"measure": "odds_ratio", "rare": True}),
        ("HR_common", (0.56, 0.46, 0.69), {"measure": "hazard_ratio"}),
        # EValue takes a standard error of 0.25, of which 1.78 / 0.91 to each side (a rounded 1.96) make the interval.
        ("OLS_d", (0.5, 0.5 - 0.25 * 1.78 / 0.91, 0.5 + 0.25 * 1.78 / 0.91), {"measure": "standardised_difference"}),
    ],
)
def test_e_values_equal_evalue(name, given, options):
    (ratio, _, _), (point, low, high) = REFERENCE["evalue"][name]
    found = e_value(*given, **options)
    assert (found.risk_ratio, found.e_value) == pytest.approx((ratio, point), rel=ROUNDING)
    assert found.e_value_ci == pytest.approx(high if low is None else low, rel=ROUNDING)


def test_e_value_of_counts_equals_evalue():
    """EValue looks for the limit on a grid of 0.0001, of which a step moves this E-value by 0.0002."""
    known = REFERENCE["counts"]
    found = e_value_of_counts(tuple(known["treated"]), tuple(known["comparison"]))
    assert found.e_value_ci == pytest.approx(known["lower"], abs=4e-4)


def darfur(freedom: int) -> Coefficient:
    """An estimate of 0.097, with the quantile of t at ``freedom``."""
    known = (DARFUR["estimate"], DARFUR["std_error"], DARFUR["degrees_of_freedom"])
    return Coefficient(*known, float(stats.t.ppf(0.975, freedom)))


def test_robustness_values_equal_sensemakr():
    """For the robustness value sensemakr takes the quantile of t that the hidden variable would leave."""
    coefficient = darfur(DARFUR["degrees_of_freedom"] - 1)
    # Estimate and error are known to 7 digits.
    assert coefficient.robustness_value() == pytest.approx(DARFUR["robustness_value"], abs=1e-6)
    assert coefficient.robustness_value_ci() == pytest.approx(DARFUR["robustness_value_ci"], abs=1e-6)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_benchmarks_equal_sensemakr(place):
    """The partial R2 of the covariate are found from one times its strength; two and three times test the rest."""
    once = DARFUR["r2_treatment"][0] / (1 + DARFUR["r2_treatment"][0])
    through = once**2 / (1 - once) ** 2
    odds = DARFUR["r2_outcome"][0] * (1 - through) / (1 + np.sqrt(through)) ** 2
    found = benchmark(once, odds / (1 + odds), place + 1.0)
    assert found == pytest.approx((DARFUR["r2_treatment"][place], DARFUR["r2_outcome"][place]), rel=ROUNDING)
    known = tuple(DARFUR[name][place] for name in ("adjusted", "ci_low", "ci_high"))
    # For intervals it takes the quantile that the regression has.
    assert darfur(DARFUR["degrees_of_freedom"]).adjusted(*found) == pytest.approx(known, rel=1e-8)
