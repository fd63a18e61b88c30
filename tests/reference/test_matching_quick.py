"""LaLonde's data against R 4.2.2 and MatchIt 4.7.2 with quickmatch; the settings stand in data/matching_quick.json.

Which rows are made pairs first is not prescribed, so that the sets differ in part. What both promise is compared: how
many sets there are and how wide the widest is. Effects then differ by far less than their standard error.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.accepted import accepted
from tf_eval.matching import check_balance, estimate_effect, match

DATA = Path(__file__).parent / "data"
THEIRS = json.loads((DATA / "matching_quick.json").read_text(encoding="utf-8"))
SCORE = np.array(json.loads((DATA / "matching.json").read_text(encoding="utf-8"))["propensity"]["ps"])
COVARIATES = ["age", "educ", "race", "married", "nodegree", "re74", "re75"]
A_TENTH = 0.1  # of a standard error, or of the number
A_LITTLE = 0.15  # of a standard deviation; before, races are 1.9 of it apart


@pytest.fixture(scope="module")
def matched():
    lalonde = pd.read_csv(DATA / "lalonde.csv").iloc[:, 1:]
    return match(lalonde, treated="treat", on=COVARIATES, caliper_scale="probability", method="quick")


def widths(sets) -> pd.Series:
    return pd.Series(SCORE).groupby(np.asarray(sets)).agg(np.ptp)


def test_there_are_as_many_sets_the_widest_no_wider(matched):
    ours, theirs = widths(matched.frame["set_id"]), widths(THEIRS["subclass"])
    assert len(matched.frame) == len(SCORE)
    assert len(ours) == len(theirs)
    assert ours.max() <= theirs.max() + 1e-6


def test_as_many_rows_of_equal_weight_are_left(matched):
    effective = matched.table().set_index(["size", "arm"]).loc[("effective", "comparison"), "rows"]
    assert effective == pytest.approx(THEIRS["comparison_ess"], rel=A_TENTH)


def test_balance_and_effect_are_much_the_same(matched):
    balance = check_balance(matched).table().set_index("label")["smd_after"]
    for name, theirs in THEIRS["smd"].items():
        ours = [value for label, value in balance.items() if label.replace(": ", "") == name]
        assert name == "distance" or ours == pytest.approx([theirs], abs=A_LITTLE)
    effect = estimate_effect(accepted(matched), "re78")
    assert effect.estimate == pytest.approx(THEIRS["att"], abs=A_TENTH * THEIRS["std_error"])
