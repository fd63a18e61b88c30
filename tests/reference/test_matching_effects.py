"""Effects on matched rows of LaLonde's data against R 4.2.2 (MatchIt 4.7.2, sandwich 3.0-2, marginaleffects).

The settings stand in data/matching_effects.json. R prints 15 digits, and both sides solve the same least squares, so
a relative 1e-8 leaves room for nothing but rounding. The delta method of marginaleffects takes its derivatives by
finite differences, whose own error is about 1e-7 of a derivative: 1e-6 for those errors.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.accepted import accepted
from tf_eval.matching import estimate_effect, match
from tf_eval.matching.effects.clusters import spread_cr1, spread_two_ways
from tf_eval.matching.effects.contrast import fit_method
from tf_eval.matching.effects.rows import Rows
from tf_eval.matching.reading.covariates import code_covariates

DATA = Path(__file__).parent / "data"
REFERENCE = json.loads((DATA / "matching_effects.json").read_text(encoding="utf-8"))["specs"]
COVARIATES = ["age", "educ", "race", "married", "nodegree", "re74", "re75"]
OURS = {
    "nn_1to1": {},
    "nn_1to1_cal02": {"caliper": 0.2},
    "nn_1to1_cal02_exact_race": {"caliper": 0.2, "exact": ["race"]},
    "nn_1to3_cal02": {"caliper": 0.2, "ratio": 3},
}
IN_CELLS = {
    "exact": {"on": ["race", "married", "nodegree"], "method": "exact"},
    "cem_default": {"on": COVARIATES, "method": "coarsened_exact"},
    "subclass6": {"on": COVARIATES, "method": "subclassification", "caliper_scale": "probability"},
}
THEIRS = ("exact", "subclass6", "full_att", "cem_default")
SAME, DELTA = 1e-8, 1e-6


@pytest.fixture(scope="module")
def lalonde() -> pd.DataFrame:
    return pd.read_csv(DATA / "lalonde.csv").iloc[:, 1:]


@pytest.fixture(params=OURS)
def ours(request, lalonde):
    found = accepted(match(lalonde, treated="treat", on=COVARIATES, caliper_scale="probability", **OURS[request.param]))
    return found, REFERENCE[request.param]["effect"]


def rows_of(frame: pd.DataFrame, covariates: list[str], weight, set_code) -> Rows:
    values, names = code_covariates(frame, covariates).regressors()
    outcome, treated = frame["re78"].to_numpy(), frame["treat"].to_numpy(bool)
    return Rows(outcome, treated, np.asarray(weight, float), np.asarray(set_code), None, values, names)


def test_difference_with_errors_by_set(ours):
    matched, theirs = ours
    effect = estimate_effect(matched, "re78", correction="CR1")
    assert effect.estimate == pytest.approx(theirs["att_simple"], rel=SAME)
    assert effect.std_error == pytest.approx(theirs["se_cluster"], rel=SAME)
    assert effect.degrees_of_freedom == matched.frame["set_id"].nunique() - 1


def test_g_computation_with_errors_by_set(ours):
    matched, theirs = ours
    effect = estimate_effect(matched, "re78", method="g_computation", correction="CR1")
    assert effect.estimate == pytest.approx(theirs["att_gcomp"], rel=SAME)
    assert effect.std_error == pytest.approx(theirs["se_gcomp"], rel=DELTA)


@pytest.mark.parametrize("name", IN_CELLS)
def test_sets_of_several_treated_rows(name, lalonde):
    matched, theirs = accepted(match(lalonde, treated="treat", **IN_CELLS[name])), REFERENCE[name]["effect"]
    by_set = {"cluster": "set", "correction": "CR1"}
    effect = estimate_effect(matched, "re78", **by_set)
    assert effect.estimate == pytest.approx(theirs["att_simple"], rel=SAME)
    assert effect.std_error == pytest.approx(theirs["se_cluster"], rel=SAME)
    modelled = estimate_effect(matched, "re78", method="g_computation", covariates=COVARIATES, **by_set)
    assert modelled.estimate == pytest.approx(theirs["att_gcomp"], rel=SAME)
    assert modelled.std_error == pytest.approx(theirs["se_gcomp"], rel=DELTA)


@pytest.mark.parametrize("name", THEIRS)
def test_sets_of_every_shape(name, lalonde):
    """Sets and weights of MatchIt: several treated in a set, strata of a hundred rows, rows left out."""
    theirs = REFERENCE[name]
    weight, sets = np.array(theirs["weights"]), np.array(theirs["sets"])
    kept = weight > 0
    set_code = np.unique(sets[kept], return_inverse=True)[1]
    rows = rows_of(lalonde[kept], COVARIATES, weight[kept], set_code)
    for method, estimate, error in (
        ("difference", "att_simple", "se_cluster"),
        ("g_computation", "att_gcomp", "se_gcomp"),
    ):
        fit, contrast = fit_method(rows, method)
        spread = spread_cr1(fit, contrast, set_code)
        assert contrast @ fit.coefficients == pytest.approx(theirs["effect"][estimate], rel=SAME)
        assert np.sqrt(spread.variance) == pytest.approx(theirs["effect"][error], rel=DELTA)


def test_errors_by_row_are_those_of_hc1(ours):
    matched, theirs = ours
    frame = matched.frame
    rows = rows_of(frame, COVARIATES, frame["weight"], np.arange(len(frame)))
    spread = spread_cr1(*fit_method(rows, "difference"), rows.set_code)
    assert np.sqrt(spread.variance) == pytest.approx(theirs["se_HC1"], rel=SAME)


def test_errors_by_pair_and_unit_with_replacement(lalonde):
    """A comparison row that serves in several pairs is in each of them; errors are clustered by pair and by unit."""
    theirs = REFERENCE["nn_repl"]
    unit = np.array(theirs["pairs"]).ravel() - 1
    pair = np.repeat(np.arange(len(unit) // 2), 2)
    rows = rows_of(lalonde.iloc[unit], COVARIATES, np.ones(len(unit)), pair)
    fit, contrast = fit_method(rows, "difference")
    unit_code = np.unique(unit, return_inverse=True)[1]
    spread = spread_two_ways(*(spread_cr1(fit, contrast, code) for code in (pair, unit_code, np.arange(len(unit)))))
    assert contrast @ fit.coefficients == pytest.approx(theirs["effect"]["att_simple"], rel=SAME)
    assert np.sqrt(spread.variance) == pytest.approx(theirs["effect"]["se_cluster_pair_unit"], rel=SAME)
