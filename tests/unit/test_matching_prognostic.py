"""Balance of the predicted outcome, against a regression by hand; and whose outcomes it never looks at."""

import json

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from tf_eval.errors import ConfigError, EstimationError, InputError
from tf_eval.matching import match, match_arms, prognostic_balance, smd
from tf_eval.matching.score.propensity import fit_propensity

ON = ["need", "age", "lone_parent"]


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    random = np.random.default_rng(8)
    size = 1500
    need, age = random.normal(size=size), random.integers(18, 60, size)
    frame = pd.DataFrame(
        {
            "started": random.random(size) < 1 / (1 + np.exp(2 - need)),
            "need": need,
            "age": age,
            "lone_parent": random.random(size) < 0.4,
            "earnings": 900 - 200 * need + 10 * age + 300 * random.normal(size=size),
            "employed": (random.random(size) < 1 / (1 + np.exp(need))).astype(float),
            "family_id": np.arange(size) // 2,
        }
    )
    return frame.sample(frac=1, random_state=1)


@pytest.fixture(scope="module")
def matched(frame):
    return matched_of(frame)


def matched_of(frame):
    return match(frame, on=ON, treated="started", caliper=0.2)


def unmatched_comparisons(frame, matched) -> pd.DataFrame:
    return frame.drop(matched.frame.index)[lambda rows: ~rows["started"]]


def by_hand(frame, matched, predicted) -> list[float]:
    """Return the difference before and after, and both in standard deviations of the treated's prediction."""
    weight = matched.frame["weight"].reindex(frame.index, fill_value=0.0).to_numpy()
    treated, found = frame["started"].to_numpy(), []
    for each in (np.ones(len(frame)), weight):
        means = [np.average(predicted[arm], weights=each[arm]) for arm in (treated, ~treated)]
        found.append(means[0] - means[1])
    return [*found, smd(predicted, treated), smd(predicted, treated, weight)]


def found_by(balance) -> list[float]:
    return [*balance.differences.values(), balance.measures["smd_before"], balance.measures["smd_after"]]


def test_a_number_is_regressed_on_the_covariates_of_unmatched_comparison_rows(frame, matched):
    rows = unmatched_comparisons(frame, matched)
    design = [np.column_stack([np.ones(len(each)), each[ON].to_numpy(float)]) for each in (rows, frame)]
    coefficients, *_ = np.linalg.lstsq(design[0], rows["earnings"].to_numpy(), rcond=None)
    balance = prognostic_balance(matched, "earnings")
    assert found_by(balance) == pytest.approx(by_hand(frame, matched, design[1] @ coefficients), abs=1e-8)
    residuals = rows["earnings"] - design[0] @ coefficients
    assert balance.explained == pytest.approx(1 - residuals.var() / rows["earnings"].var())
    assert balance.design["fitted_on"] == "comparison rows that were not matched"


def test_a_yes_no_is_predicted_by_logistic_regression(frame, matched):
    rows = unmatched_comparisons(frame, matched)
    fitted = fit_propensity(rows[ON].to_numpy(float), ON, rows["employed"].to_numpy(bool)).coefficients
    log_odds = fitted["(Intercept)"] + frame[ON].to_numpy(float) @ [fitted[name] for name in ON]
    balance = prognostic_balance(matched_of(frame.astype({"employed": bool})), "employed")
    assert found_by(balance) == pytest.approx(by_hand(frame, matched, 1 / (1 + np.exp(-log_odds))), abs=1e-8)


def test_no_outcome_of_treated_or_matched_rows_is_looked_at(frame, matched):
    known = prognostic_balance(matched, "earnings").to_dict()
    seen = frame["earnings"].where(~frame["started"] & ~frame.index.isin(matched.frame.index), 1e9)
    assert prognostic_balance(matched_of(frame.assign(earnings=seen)), "earnings").to_dict() == known
    assert prognostic_balance(matched_of(frame.assign(earnings=seen.where(seen < 1e9))), "earnings").to_dict() == known


def test_other_rows_of_matched_units_are_matched_too(frame):
    """Every family has two rows: with units, no row of a family that serves as comparison is fitted on."""
    asked = {"on": ON, "treated": "started", "caliper": 0.2, "unit": "family_id"}
    of_matched = frame["family_id"].isin(match(frame, **asked).frame["family_id"])
    changed = frame.assign(earnings=frame["earnings"].where(~of_matched, 1e9))
    found = [prognostic_balance(match(each, **asked), "earnings").to_dict() for each in (frame, changed)]
    assert found[0] == found[1]


def test_where_few_are_left_unmatched_all_comparison_rows_serve(frame):
    weighted = match(frame, on=ON, treated="started", method="entropy_balancing")
    balance = prognostic_balance(weighted, "earnings")
    assert balance.design["fitted_on"] == "all comparison rows"
    assert "too well predicted" in balance.summary()
    assert balance.measures["smd_after"] == pytest.approx(0, abs=1e-6), "means are balanced, so is any sum of them"
    assert "after weighting" in balance.summary()


def test_a_difference_that_foretells_the_outcome_counts_and_another_does_not(frame):
    """Matched on age alone: need differs still, and matters for earnings alone."""
    luck = np.random.default_rng(1).normal(size=len(frame)) + frame["age"]
    aged = match(frame.assign(luck=luck), on=ON, treated="started", score="age")
    assert abs(prognostic_balance(aged, "earnings").measures["smd_after"]) > 0.5
    assert abs(prognostic_balance(aged, "luck").measures["smd_after"]) < 0.1


def test_a_pair_of_arms_is_compared_by_what_the_second_would_have_had(frame):
    """Weighted for those of the first arm, and fitted on all rows of the second: by hand, with the pair's weights."""
    arm = np.where(frame["started"], "fip", np.where(frame["age"] % 2, "mentor", "none"))
    arms = match_arms(frame.assign(arm=arm), on=ON, arm="arm", reference="fip", method="overlap", common_support=False)
    balance = prognostic_balance(arms.pairs["fip", "none"], "earnings")
    rows, of_pair = frame[arm == "none"], arms.frame.loc[frame.index[arm != "mentor"]]
    design = [np.column_stack([np.ones(len(each)), each[ON].to_numpy(float)]) for each in (rows, of_pair)]
    coefficients, *_ = np.linalg.lstsq(design[0], rows["earnings"].to_numpy(), rcond=None)
    predicted, first = design[1] @ coefficients, of_pair["arm"] == "fip"
    means = [np.average(predicted[each], weights=of_pair["weight"][each]) for each in (first, ~first)]
    assert balance.differences["after"] == pytest.approx(means[0] - means[1], abs=1e-8)


def test_it_is_told_in_words_json_a_row_and_a_figure(frame, matched):
    balance = prognostic_balance(matched, "earnings", sd="all")
    assert "in earnings after matching" in balance.summary()
    assert balance.summary().endswith("no outcome of treated rows was looked at.")
    luck = frame.assign(luck=np.random.default_rng(2).normal(size=len(frame)))
    assert "says little" in prognostic_balance(matched_of(luck), "luck").summary()
    assert json.loads(json.dumps(balance.to_dict(), allow_nan=False))["sd"] == "all"
    assert balance.table()["outcome"].tolist() == ["earnings"]
    mine = Figure().subplots()
    assert balance.plot(mine) is mine
    assert "predicted outcomes differ" in mine.get_title(loc="left")


@pytest.mark.parametrize(
    ("changed", "outcome", "words"),
    [
        ({}, "earning", "earnings"),
        ({}, "need", "was used by the match"),
        ({"earnings": "high"}, "earnings", "must be a number"),
        ({"earnings": np.inf}, "earnings", "infinite"),
    ],
)
def test_an_outcome_that_cannot_be_used_is_refused(frame, matched, changed, outcome, words):
    with pytest.raises(InputError, match=words):
        prognostic_balance(matched_of(frame.assign(**changed)), outcome)


def test_other_options_are_refused(matched):
    with pytest.raises(ConfigError, match="no standard deviation 'mine'"):
        prognostic_balance(matched, "earnings", sd="mine")


def test_what_the_caller_changes_later_is_not_seen(frame):
    mine = frame.copy()
    matched = matched_of(mine)
    known = prognostic_balance(matched, "earnings").to_dict()
    mine["earnings"] = 0.0
    assert prognostic_balance(matched, "earnings").to_dict() == known


def test_what_cannot_be_predicted_is_said(frame, matched):
    with pytest.raises(EstimationError, match="prognostic_balance: the outcome is the same"):
        prognostic_balance(matched_of(frame.assign(earnings=7.0)), "earnings")
    with pytest.raises(EstimationError, match="too few comparison rows"):
        prognostic_balance(matched_of(frame.assign(earnings=np.nan)), "earnings")
    rare = frame.assign(died=(np.arange(len(frame)) < 30).astype(int))
    with pytest.raises(EstimationError, match="of a yes/no, of either answer"):
        prognostic_balance(matched_of(rare), "died")
