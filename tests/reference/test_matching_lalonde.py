"""LaLonde's data against R 4.2.2 and MatchIt 4.7.2; the settings stand in data/matching.json.

R prints 15 digits, and both sides end at the top of the same likelihood, so 1e-6 leaves room for nothing but rounding.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.accepted import accepted
from tf_eval.matching import check_balance, effective_sample_size, match
from tf_eval.matching.reading.covariates import code_covariates
from tf_eval.matching.reading.distances import mahalanobis
from tf_eval.matching.score.propensity import fit_propensity

DATA = Path(__file__).parent / "data"
REFERENCE = json.loads((DATA / "matching.json").read_text(encoding="utf-8"))
COBALT = json.loads((DATA / "matching_balance.json").read_text(encoding="utf-8"))["cobalt"]
COVARIATES = ["age", "educ", "race", "married", "nodegree", "re74", "re75"]
PROBABILITY = {"on": COVARIATES, "caliper_scale": "probability"}
PAIRED = {
    "nn_1to1": PROBABILITY,
    "nn_1to1_cal02": {**PROBABILITY, "caliper": 0.2},
    "nn_1to1_cal02_exact_race": {**PROBABILITY, "caliper": 0.2, "exact": ["race"]},
    "nn_1to3_cal02": {**PROBABILITY, "caliper": 0.2, "ratio": 3},
}
CUTPOINTS = {
    "age": [20, 25, 30, 35, 40],
    "educ": [8.5, 11.5, 12.5],
    "re74": [1, 5000, 10000],
    "re75": [1, 5000, 10000],
}
IN_CELLS = {
    "exact": {"on": ["race", "married", "nodegree"], "method": "exact"},
    "cem_default": {"on": COVARIATES, "method": "coarsened_exact"},
    "cem_cutpoints": {"on": COVARIATES, "method": "coarsened_exact", "cutpoints": CUTPOINTS},
    "subclass6": {**PROBABILITY, "method": "subclassification"},
}
CALLS = PAIRED | IN_CELLS
# Many of the rows are alike in all covariates. Whom of several as near is taken is a rule of each programme's own, and
# each choice moves those after it: then as many have to be matched, at a total distance no larger.
TIED = {
    "nn_1to1_cal02_closest": {"caliper": 0.2, "order": "closest"},
    "nn_caliper_covs": {"caliper": 0.2, "calipers": {"age": 5, "re74": 2000}},
    "mahal_1to1": {"distance": "mahalanobis", "order": "data"},
    "mahal_in_ps_cal": {"distance": "mahalanobis", "distance_on": ["age", "educ", "re74", "re75"], "caliper": 0.2},
}
MEASURES = {
    "Means Treated": "mean_treated",
    "Means Control": "mean_comparison",
    "Std. Mean Diff.": "smd",
    "Var. Ratio": "variance_ratio",
    "eCDF Mean": "ecdf_mean",
    "eCDF Max": "ecdf_max",
}
TOLERANCE = 1e-6


@pytest.fixture(scope="module")
def lalonde() -> pd.DataFrame:
    frame = pd.read_csv(DATA / "lalonde.csv").iloc[:, 1:]
    return frame.set_axis(range(1, len(frame) + 1))  # R counts rows from 1


@pytest.fixture(params=CALLS)
def pair(request, lalonde):
    """Our match and MatchIt's numbers for the same call."""
    return match(lalonde, treated="treat", **CALLS[request.param]), REFERENCE["specs"][request.param]


def test_propensity_score_equals_glm(lalonde):
    values, names = code_covariates(lalonde, COVARIATES).regressors()
    ours = fit_propensity(values, names, lalonde["treat"].to_numpy(bool))
    theirs = REFERENCE["propensity"]
    coefficients = {name.replace(": ", ""): value for name, value in ours.coefficients.items()}
    assert coefficients == pytest.approx(theirs["coef"], rel=TOLERANCE)
    np.testing.assert_allclose(ours.probability, theirs["ps"], rtol=0, atol=TOLERANCE)
    assert ours.probability.std(ddof=1) == pytest.approx(theirs["sd_ps"], abs=TOLERANCE)
    assert ours.notes == ()


@pytest.mark.parametrize("name", IN_CELLS)
def test_same_cells(lalonde, name):
    ours = match(lalonde, treated="treat", **IN_CELLS[name])
    codes = ours.frame["set_id"], pd.Series(REFERENCE["specs"][name]["subclass"], index=lalonde.index).dropna()
    found, expected = ({frozenset(rows) for rows in code.groupby(code).groups.values()} for code in codes)
    assert found == expected


@pytest.mark.parametrize("name", PAIRED)
def test_same_pairs(lalonde, name):
    ours, theirs = match(lalonde, treated="treat", **PAIRED[name]), REFERENCE["specs"][name]
    sets = {
        int(members.index[members["treat"] == 1][0]): set(members.index[members["treat"] == 0])
        for _, members in ours.frame.groupby("set_id")
    }
    expected = {treated: {row for row in compared if row} for treated, *compared in theirs["match_matrix"]}
    assert sets == {treated: compared for treated, compared in expected.items() if compared}


def test_same_weights_and_sizes(pair, lalonde):
    ours, theirs = pair
    weight = ours.frame["weight"].reindex(lalonde.index, fill_value=0.0)
    np.testing.assert_allclose(weight, theirs["weights"], rtol=0, atol=TOLERANCE)
    sizes = ours.table().pivot(index="size", columns="arm", values="rows")[["comparison", "treated"]]
    counts = theirs["counts_control_treated"]
    for size, name in {"effective": "Matched (ESS)", "matched": "Matched", "dropped": "Unmatched"}.items():
        assert sizes.loc[size].tolist() == pytest.approx(counts[name], abs=TOLERANCE)
    compared = ours.frame.loc[ours.frame["treat"] == 0, "weight"]
    assert effective_sample_size(compared) == pytest.approx(counts["Matched (ESS)"][0], abs=TOLERANCE)


def test_same_effect_from_the_weights(pair):
    ours, theirs = pair
    means = {
        arm: np.average(rows["re78"], weights=rows["weight"]) for arm, rows in accepted(ours).frame.groupby("treat")
    }
    assert means[1] - means[0] == pytest.approx(theirs["att"], abs=TOLERANCE)


@pytest.mark.parametrize("when", ["before", "after"])
def test_same_balance(pair, when):
    ours, theirs = pair
    balance = check_balance(ours)
    table = balance.table().assign(name=lambda rows: rows["label"].str.replace(": ", ""))
    found = table.set_index("name").to_dict(orient="index") | {"distance": balance.score}
    asked = [row["covariate"] for row in theirs["balance_matched"]]
    before = [row for row in REFERENCE["balance_all"] if row["covariate"] in asked]
    for row in before if when == "before" else theirs["balance_matched"]:
        if when == "after":
            assert found[row["covariate"]]["pair_distance"] == pytest.approx(row["Std. Pair Dist."], abs=TOLERANCE)
        for name, measure in MEASURES.items():
            value, expected = found[row["covariate"]][f"{measure}_{when}"], row[name]
            assert value == pytest.approx(np.nan if expected is None else expected, abs=TOLERANCE, nan_ok=True), row


def test_the_known_pairs_and_effect(lalonde):
    ours = accepted(match(lalonde, treated="treat", on=COVARIATES, caliper=0.2, caliper_scale="probability"))
    treated, compared = ours.frame[ours.frame["treat"] == 1], ours.frame[ours.frame["treat"] == 0]
    assert (len(treated), len(compared)) == (113, 113)
    assert treated["re78"].mean() - compared["re78"].mean() == pytest.approx(1571.744, abs=0.001)


@pytest.mark.parametrize("name", TIED)
def test_where_ties_decide_as_many_are_matched_no_farther_apart(lalonde, name):
    ours = match(lalonde, treated="treat", on=COVARIATES, caliper_scale="probability", **TIED[name])
    theirs = {treated: compared for treated, *found in REFERENCE["specs"][name]["match_matrix"] for compared in found}
    found = {
        int(members.index[members["treat"] == 1][0]): int(members.index[members["treat"] == 0][0])
        for _, members in ours.frame.groupby("set_id")
    }
    theirs = {treated: compared for treated, compared in theirs.items() if compared}
    assert len(found) == len(theirs)
    assert _total(lalonde, found, TIED[name]) <= _total(lalonde, theirs, TIED[name]) * (1 + TOLERANCE)


def _total(lalonde: pd.DataFrame, pairs: dict[int, int], asked: dict) -> float:
    """Return the sum of the distances of pairs, by the score or in space."""
    where = np.array(REFERENCE["propensity"]["ps"])[:, None]
    if asked.get("distance") == "mahalanobis":
        values = code_covariates(lalonde, asked.get("distance_on", COVARIATES)).values
        where = mahalanobis(values, lalonde["treat"].to_numpy(bool))
    treated, compared = (np.array(rows) - 1 for rows in zip(*pairs.items(), strict=True))
    return float(np.linalg.norm(where[treated] - where[compared], axis=1).sum())


def test_with_reuse_everybody_has_the_nearest(lalonde):
    """MatchIt's 82 comparison rows and ours serve at the same distances; of rows alike, each takes one by its rule."""
    ours = match(lalonde, treated="treat", on=COVARIATES, caliper_scale="probability", reuse=True)
    theirs = REFERENCE["specs"]["nn_repl"]
    assert "set_id" not in ours.frame
    score = pd.Series(REFERENCE["propensity"]["ps"], index=lalonde.index)
    weight = pd.Series(theirs["weights"], index=lalonde.index)
    comparison = lalonde.index[lalonde["treat"] == 0]
    mine = ours.frame["weight"].reindex(comparison, fill_value=0.0)
    expected = np.average(score[comparison], weights=weight[comparison])
    assert np.average(score[comparison], weights=mine) == pytest.approx(expected, abs=TOLERANCE)
    assert len(ours.dropped) == 0


@pytest.mark.parametrize("when", ["before", "after"])
def test_same_measures_as_cobalt(lalonde, when):
    """cobalt 4.5.4.9001 on the same pairs. Its densities are those of ``density`` of R 4.2, which lie a little aside of
    where they should on its 512 points: so computed, all its overlaps come out to 0.0001, and on a fine grid up to
    0.0016 above."""
    balance = check_balance(match(lalonde, treated="treat", **PAIRED["nn_1to1_cal02"]))
    table = balance.table().assign(name=lambda rows: rows["label"].str.replace(": ", "_"))
    found = table.set_index("name").to_dict(orient="index") | {"distance": balance.score}
    suffix = {"before": "Un", "after": "Adj"}[when]
    for theirs in COBALT:
        ours = found[theirs["covariate"]]
        assert ours[f"smd_{when}"] == pytest.approx(theirs[f"Diff.{suffix}"], abs=TOLERANCE)
        assert ours[f"ecdf_max_{when}"] == pytest.approx(theirs[f"KS.{suffix}"], abs=TOLERANCE)
        apart, tolerance = 1 - ours[f"overlap_coefficient_{when}"], TOLERANCE if theirs["Type"] == "Binary" else 2e-3
        assert apart == pytest.approx(theirs[f"OVL.{suffix}"], abs=tolerance)


@pytest.mark.parametrize("sd", ["treated", "comparison", "pooled", "all"])
def test_the_standard_deviation_is_that_of_whom_it_is_asked_before_matching(lalonde, sd):
    """By hand, with the formulas of cobalt's s.d.denom (treated, control, pooled, all)."""
    ours = match(lalonde, treated="treat", **PAIRED["nn_1to1_cal02"])
    table = check_balance(ours, sd=sd).table().set_index("label")
    treated, compared = (lalonde[lalonde["treat"] == arm] for arm in (1, 0))
    samples = {"treated": [treated], "comparison": [compared], "pooled": [treated, compared], "all": [lalonde]}[sd]
    matched = ours.frame[ours.frame["treat"] == 1], ours.frame[ours.frame["treat"] == 0]
    for name, variance in {
        "re75": lambda rows: rows.var(),
        "married": lambda rows: rows.mean() * (1 - rows.mean()),
    }.items():
        scale = np.sqrt(np.mean([variance(rows[name]) for rows in samples]))
        before, after = (one[name].mean() - other[name].mean() for one, other in ((treated, compared), matched))
        found = table.loc[name, ["smd_before", "smd_after"]].tolist()
        assert found == pytest.approx([before / scale, after / scale], abs=TOLERANCE)
