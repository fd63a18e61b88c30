"""LaLonde's data against R 4.2.2 and MatchIt 4.7.2 with optmatch; the settings stand in data/matching_optimal.json.

Many rows have equal scores, so that several matches have the same least total distance. What all of them share is
compared: who is matched, and the total.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.accepted import accepted
from tf_eval.matching import check_balance, match

DATA = Path(__file__).parent / "data"
THEIRS = json.loads((DATA / "matching_optimal.json").read_text(encoding="utf-8"))["specs"]
SCORE = np.array(json.loads((DATA / "matching.json").read_text(encoding="utf-8"))["propensity"]["ps"])
CALLS = {
    "optimal_1to1": {"method": "optimal"},
    "full_att": {"method": "full"},
    "full_cal02": {"method": "full", "caliper": 0.2},
}
TOLERANCE = 1e-6


@pytest.fixture(scope="module")
def lalonde() -> pd.DataFrame:
    return pd.read_csv(DATA / "lalonde.csv").iloc[:, 1:]


@pytest.fixture(params=CALLS)
def pair(request, lalonde):
    """Our match and MatchIt's numbers for the same call."""
    return ours(lalonde, request.param), THEIRS[request.param]


def ours(lalonde: pd.DataFrame, name: str):
    covariates = ["age", "educ", "race", "married", "nodegree", "re74", "re75"]
    return match(lalonde, treated="treat", on=covariates, caliper_scale="probability", **CALLS[name])


def total(treated: np.ndarray, set_code: np.ndarray) -> float:
    """Return the sum of the distances of all treated from all comparison rows of their sets."""
    rows = pd.DataFrame({"treated": treated, "set": set_code, "score": SCORE}).dropna()
    pairs = rows[rows["treated"] == 1].merge(rows[rows["treated"] == 0], on="set")
    return float((pairs["score_x"] - pairs["score_y"]).abs().sum())


def test_as_many_are_matched(pair):
    matched, theirs = pair
    sizes = matched.table().pivot(index="size", columns="arm", values="rows")[["comparison", "treated"]]
    for size, name in {"matched": "Matched", "dropped": "Unmatched"}.items():
        assert sizes.loc[size].tolist() == theirs["counts_control_treated"][name]


def test_the_total_distance_is_the_same(pair, lalonde):
    matched, theirs = pair
    theirs_again = total(lalonde["treat"].to_numpy(), np.array(theirs["subclass"], dtype=float))
    assert theirs_again == pytest.approx(theirs["total"], abs=TOLERANCE)
    found = total(lalonde["treat"].to_numpy(), matched.frame["set_id"].reindex(lalonde.index).to_numpy())
    assert found == pytest.approx(theirs["total"], abs=TOLERANCE)


@pytest.mark.parametrize("name", ["full_att", "full_cal02"])
def test_a_full_match_by_a_sparse_assignment_has_the_same_total_distance(lalonde, name):
    """As any limit on covariates has it done; here none of two rows that differ anyway may be set together."""
    covariates = ["age", "educ", "race", "married", "nodegree", "re74", "re75"]
    asked = {"treated": "treat", "on": covariates, "caliper_scale": "probability", "anti_exact": "row", **CALLS[name]}
    matched = match(lalonde.assign(row=np.arange(len(lalonde))), **asked)
    found = total(lalonde["treat"].to_numpy(), matched.frame["set_id"].reindex(lalonde.index).to_numpy())
    assert found == pytest.approx(THEIRS[name]["total"], abs=TOLERANCE)


def totals(lalonde: pd.DataFrame, **limits) -> tuple[float, float]:
    """Return the total distance of full matches with these limits, along the score and among pairs."""
    asked = {"treated": "treat", "on": ["age", "educ", "race", "married", "nodegree", "re74", "re75"]}
    asked |= {"method": "full", "caliper_scale": "probability"}
    lalonde = lalonde.assign(row=np.arange(len(lalonde)))
    found = [match(lalonde, **asked, **limits, **more).frame for more in ({}, {"anti_exact": "row"})]
    return tuple(total(lalonde["treat"].to_numpy(), one["set_id"].reindex(lalonde.index).to_numpy()) for one in found)


def test_a_full_match_with_one_row_of_either_arm_in_a_set_is_an_optimal_one(lalonde):
    theirs = THEIRS["optimal_1to1"]["total"]
    assert totals(lalonde, min_ratio=1, max_ratio=1) == pytest.approx((theirs, theirs), abs=TOLERANCE)


def test_tighter_limits_cost_distance_but_no_more_than_going_by_rank(lalonde):
    """With at most three everybody can have a partner: rows at like ranks, two or three comparison rows each."""
    free, many, few = totals(lalonde), totals(lalonde, max_ratio=10), totals(lalonde, max_ratio=3)
    assert free[0] == pytest.approx(THEIRS["full_att"]["total"], abs=TOLERANCE)
    assert free[0] < many[0] < few[0] < by_rank(lalonde["treat"].to_numpy())
    for along, among in (free, many, few):
        assert along == pytest.approx(among, abs=TOLERANCE)


def by_rank(treated: np.ndarray) -> float:
    """Return the total distance where each treated row has the comparison rows at like ranks of the score."""
    one, other = np.sort(SCORE[treated == 1]), np.sort(SCORE[treated == 0])
    return float(np.abs(one[np.arange(len(other)) * len(one) // len(other)] - other).sum())


def test_pairs_are_of_the_same_rows_with_the_same_balance_and_effect(lalonde):
    matched, theirs = ours(lalonde, "optimal_1to1"), THEIRS["optimal_1to1"]
    weight = matched.frame["weight"].reindex(lalonde.index, fill_value=0.0)
    np.testing.assert_allclose(weight, theirs["weights"], rtol=0, atol=TOLERANCE)
    mean = accepted(matched).frame.groupby("treat")["re78"].mean()
    assert mean[1] - mean[0] == pytest.approx(theirs["att"], abs=TOLERANCE)
    balance = check_balance(matched).table().set_index("label")["smd_after"]
    for row in theirs["balance_matched"][1:]:
        (label,) = (name for name in balance.index if name.replace(": ", "") == row["covariate"])
        assert balance[label] == pytest.approx(row["Std. Mean Diff."], abs=TOLERANCE)


def test_within_a_caliper_rows_of_one_score_weigh_the_same_together(lalonde):
    matched = ours(lalonde, "full_cal02")
    weights = pd.DataFrame({"score": SCORE.round(9), "theirs": THEIRS["full_cal02"]["weights"]})
    weights["ours"] = matched.frame["weight"].reindex(lalonde.index, fill_value=0.0)
    together = weights[lalonde["treat"] == 0].groupby("score").sum()
    np.testing.assert_allclose(together["ours"], together["theirs"], rtol=0, atol=TOLERANCE)
