"""What weights mean for evidence: few effective families are few, and a verdict is of those who started."""

import numpy as np
import pandas as pd
import pytest

from tf_eval.errors import ConfigError
from tf_eval.evidence.check import design_checks
from tf_eval.evidence.outcome_effect import measure
from tf_eval.matching import check_balance, match


def weighted(highest: float, **options):
    """Thirty families with support and thirty without, one of which has this score and all others 0."""
    frame = pd.DataFrame({"started": np.arange(60) < 30, "family_id": range(60), "score": 0.0})
    frame.loc[59, "score"] = highest
    asked = {"on": "score", "score": "score", "treated": "started", "unit": "family_id"}
    return match(frame, **asked, **{"method": "inverse_probability", **options})


@pytest.mark.parametrize(("highest", "enough"), [(0.0, True), (5.0, False)])
def test_families_are_counted_by_what_their_weights_are_worth(highest, enough):
    matched = weighted(highest)
    checks = {check.name: check.passed for check in design_checks(check_balance(matched), matched)}
    assert checks["Enough families were studied"] is enough


def test_the_check_of_balance_names_the_limit_that_decides_it():
    matched = weighted(0.0)
    alike = design_checks(check_balance(matched, threshold=0.1, limit=0.2), matched)[0]
    assert alike.passed and alike.detail.endswith("This check is passed where none differs by more than 0.2.")


def test_a_family_that_weighs_in_many_months_is_one_family():
    """Thirty families with support stand beside ten without, each of which was at risk in each of three months."""
    started = pd.DataFrame({"started": True, "family_id": range(30), "month": [1, 2, 3] * 10, "score": 0.0})
    others = pd.DataFrame({"started": False, "family_id": [*range(100, 110)] * 3, "month": np.repeat([1, 2, 3], 10)})
    asked = {"on": "score", "score": "score", "treated": "started", "unit": "family_id", "risk_set": "month"}
    matched = match(pd.concat([started, others.assign(score=0.0)]), **asked, method="inverse_probability")
    balance = check_balance(matched)
    assert balance.effective == pytest.approx({"treated": 30, "comparison": 10})
    (enough,) = (each for each in design_checks(balance, matched) if each.name == "Enough families were studied")
    assert not enough.passed
    assert enough.detail == "As they are weighed, the smaller group counts for fewer than 20 families."


def test_weights_for_others_than_those_who_started_are_not_measured():
    with pytest.raises(ConfigError, match="of those who started"):
        measure(None, weighted(0.0, estimand="ate"), None)


def test_families_of_a_cell_are_counted_by_what_their_weights_are_worth():
    """Thirty stand beside one family, and thirty beside thirty: those stand for as many as the one does."""
    cell = [0] * 30 + [1] * 30 + [0] + [1] * 30
    frame = pd.DataFrame({"started": [True] * 60 + [False] * 31, "family_id": range(91), "cell": cell})
    matched = match(frame, on="cell", treated="started", unit="family_id", method="exact")
    checks = {check.name: check.passed for check in design_checks(check_balance(matched), matched)}
    assert checks["Enough families were studied"] is False
