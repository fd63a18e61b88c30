"""Numbers chosen from LaLonde's data, each proved the largest by a bound that holds for every choice.

The notes of the results say so; what is chosen is proved to be alike by the audit and once more here.
"""

from pathlib import Path

import pandas as pd
import pytest

from tests.accepted import accepted
from tf_eval.matching import check_balance, estimate_effect, match

DATA = Path(__file__).parent / "data"
COVARIATES = ["age", "educ", "race", "married", "nodegree", "re74", "re75"]
LARGEST = "No choice of rows within the tolerance has more {} rows than this one."


@pytest.fixture(scope="module")
def lalonde() -> pd.DataFrame:
    return pd.read_csv(DATA / "lalonde.csv").iloc[:, 1:]


@pytest.mark.parametrize(
    ("asked", "treated"),
    [
        ({}, 116),
        ({"tolerance": 0.05}, 118),
        ({"tolerance": 0.1}, 120),
        ({"ratio": 2}, 72),
        ({"exact": "race"}, 116),
        ({"exact": "married"}, 116),
    ],
)
def test_the_largest_number_of_treated_rows(lalonde, asked, treated):
    ours = match(lalonde, treated="treat", on=COVARIATES, method="cardinality", **asked)
    sizes = ours.frame["treat"].value_counts()
    assert (sizes[1], sizes[0]) == (treated, treated * asked.get("ratio", 1))
    assert LARGEST.format("treated") in ours.notes
    balance = check_balance(ours)
    assert abs(balance.worst["smd_after"]) <= asked.get("tolerance", 0.02) + 2e-6
    assert balance.passed
    assert len(ours.dropped) == 185 - treated


def test_the_largest_profile(lalonde):
    ours = match(lalonde, treated="treat", on=COVARIATES, method="profile")
    sizes = ours.frame["treat"].value_counts()
    assert (sizes[1], sizes[0]) == (185, 95)
    assert LARGEST.format("comparison") in ours.notes
    assert abs(check_balance(ours).worst["smd_after"]) <= 0.02 + 2e-6


def test_squares_are_alike_too_and_the_gap_is_told(lalonde):
    ours = match(lalonde, treated="treat", on=["age", "educ", "re74"], method="cardinality", moments=2)
    treated = ours.frame["treat"] == 1
    for name in ("age", "educ", "re74"):
        of_all = lalonde.loc[lalonde["treat"] == 1, name]
        squares = (ours.frame[name] - of_all.mean()) ** 2
        spread = ((of_all - of_all.mean()) ** 2).std()
        assert abs(squares[treated].mean() - squares[~treated].mean()) <= (0.02 + 2e-6) * spread
    assert any(note.startswith("No choice of rows within the tolerance has more") for note in ours.notes)


@pytest.mark.parametrize("method", ["difference", "g_computation"])
def test_effects_on_the_rows_chosen(lalonde, method):
    ours = accepted(match(lalonde, treated="treat", on=COVARIATES, method="cardinality"))
    effect = estimate_effect(ours, "re78", method=method)
    means = ours.frame.groupby("treat")["re78"].mean()
    # Covariates are alike to within 0.02 standard deviations: adjusting for them moves the difference little.
    assert effect.estimate == pytest.approx(means[1] - means[0], abs=1e-6 if method == "difference" else 100)
