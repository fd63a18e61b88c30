"""Scores by other models, by folds, and within common support."""

import pickle

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from tests.accepted import accepted
from tf_eval.errors import ConfigError
from tf_eval.matching import check_balance, estimate_effect, match
from tf_eval.matching.score.cross_fitting import Learnt, cross_fit, fold_of_rows
from tf_eval.matching.score.propensity import learn_by_regression
from tf_eval.matching.score.support import outside_support


@pytest.fixture(scope="module")
def bent() -> pd.DataFrame:
    """Who is treated hangs on how far need is from the middle, which no straight line sees."""
    random = np.random.default_rng(2)
    need, other = random.normal(size=(2, 600))
    treated = random.random(600) < expit(1.5 * np.abs(need) - 2.5)
    return pd.DataFrame({"need": need, "other": other, "started": treated, "family_id": np.arange(600) // 2})


def discrimination(matched) -> float:
    return roc_auc_score(matched.everyone.treated, matched.everyone.score)


def test_boosting_sees_a_bend_that_a_line_does_not(bent):
    asked = {"on": ["need", "other"], "treated": "started"}
    assert discrimination(match(bent, **asked)) < 0.6
    boosted = match(bent, **asked, score_model="gradient_boosting", folds=5)
    assert discrimination(boosted) > 0.65
    assert "gradient boosting, each row's on the other 4 of 5 parts" in " ".join(boosted.notes)


def test_the_order_of_the_rows_changes_nothing(bent):
    asked = {"on": ["need", "other"], "treated": "started", "score_model": "gradient_boosting", "folds": 3}
    one, other = (match(rows, **asked).frame.sort_index() for rows in (bent, bent.sample(frac=1, random_state=1)))
    pd.testing.assert_frame_equal(one, other)


def test_a_row_is_scored_by_what_others_taught():
    """Where every value is one row's own, a fit on all rows would know it by heart."""
    random = np.random.default_rng(3)
    values, treated = np.arange(400.0)[:, None], random.random(400) < 0.4

    def by_heart(taught, arms):
        known = dict(zip(taught[:, 0], np.where(arms, 5.0, -5.0), strict=True))
        return Learnt(lambda others: np.array([known.get(value, 0.0) for value in others[:, 0]]), ("by heart",))

    log_odds, notes = cross_fit(by_heart, values, treated, np.arange(400), 4)
    assert (log_odds == 0).all()
    assert notes == ("by heart",)  # of four fits, said once


def test_folds_keep_units_together_and_spread_the_treated():
    unit, treated = np.repeat(np.arange(20), 3), np.arange(60) < 12
    fold = fold_of_rows(treated, unit, 4)
    assert (fold.reshape(20, 3) == fold.reshape(20, 3)[:, :1]).all()
    assert np.bincount(fold[treated], minlength=4).tolist() == [3, 3, 3, 3]


def test_regression_learnt_on_all_rows_is_the_plain_score(bent):
    values, treated = bent[["need", "other"]].to_numpy(), bent["started"].to_numpy()
    plain = match(bent, on=["need", "other"], treated="started", ratio=1).everyone.score
    learnt = expit(learn_by_regression(values, treated, ("need", "other")).predict(values))
    np.testing.assert_allclose(np.sort(learnt), np.sort(plain), rtol=1e-9)


def test_a_method_without_use_for_a_score_fits_none_until_somebody_looks_at_it(bent):
    asked = {"on": ["need", "other"], "treated": "started"}
    weighted = match(bent, **asked, method="entropy_balancing")
    assert not {"score", "propensity_score"} & {*weighted.frame}
    np.testing.assert_allclose(weighted.everyone.score, match(bent, **asked).everyone.score)
    assert check_balance(weighted).score["label"] == "propensity_score"


def test_a_match_survives_the_way_to_another_process_and_changes_of_its_frame(bent):
    frame = bent.copy()
    matched = match(frame, on=["need", "other"], treated="started", caliper=0.2)
    sent = pickle.loads(pickle.dumps(matched))
    before = check_balance(sent).table()
    frame["need"] = 0.0
    frame.loc[:, "other"] = 1.0
    pd.testing.assert_frame_equal(check_balance(matched).table(), before)


def test_rows_outside_of_the_others_scores_are_left_out():
    frame = pd.DataFrame({"need": [0.0, 1, 2, 5, 1, 2, 3, -4], "started": [True] * 4 + [False] * 4})
    asked = {"on": "need", "treated": "started", "score": "need", "method": "inverse_probability"}
    found = match(frame, **asked, common_support="both")
    assert found.frame.index.tolist() == [0, 1, 2, 4, 5, 6]
    assert found.dropped["reason"].tolist() == ["outside of the scores that comparison rows have"]
    assert "Rows outside of the range of the other group's scores were left out." in found.notes
    assert match(frame, **asked, common_support="treated").frame.index.tolist() == [0, 1, 2, 4, 5, 6, 7]
    assert len(match(frame, **asked).frame) == 8


@pytest.mark.parametrize(("which", "expected"), [("none", []), ("treated", [3]), ("both", [3, 5, 6])])
def test_who_is_outside(which, expected):
    score, treated = np.array([0.0, 1, 2, 5, 1, -1, -4, 3]), np.arange(8) < 4
    assert np.flatnonzero(outside_support(score, treated, which)).tolist() == expected


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"score_model": "gradient_bosting"}, "Did you mean 'gradient_boosting'?"),
        ({"folds": 1}, "folds must be a whole number, 2 or more"),
        ({"score": "other", "folds": 3}, "a score that is handed in is not fitted"),
        ({"score": "other", "penalty": 1.0}, "a score that is handed in is not fitted"),
        ({"penalty": "frith"}, "penalty must be a number above 0 (a ridge), or 'firth'"),
        ({"penalty": 0}, "penalty must be a number above 0"),
        ({"penalty": 1, "score_model": "gradient_boosting"}, "penalty is for score_model 'logistic' alone"),
        ({"method": "covariate_balancing", "penalty": 1}, "has no use for 'penalty'"),
        ({"method": "entropy_balancing", "folds": 3}, "method 'entropy_balancing' has no use for 'folds'"),
        ({"common_support": "all"}, "no common_support 'all'"),
    ],
)
def test_what_cannot_be_is_refused(bent, asked, message):
    with pytest.raises(ConfigError) as caught:
        match(bent, on="need", treated="started", **asked)
    assert message in str(caught.value)


def test_balance_is_told_of_the_covariates_whatever_the_score(bent):
    boosted = match(
        bent, on=["need", "other"], treated="started", score_model="gradient_boosting", folds=5, caliper=0.2
    )
    assert check_balance(boosted).table()["covariate"].tolist() == ["need", "other"]


@pytest.fixture(scope="module")
def rare() -> pd.DataFrame:
    """Thirty of 300 are treated; all six of a kind are, so that no finite score is the likeliest."""
    random = np.random.default_rng(8)
    need = random.normal(size=300)
    kind = np.arange(300) < 6
    treated = kind | np.isin(np.arange(300), 6 + np.argsort(need[6:] + random.normal(size=294))[-24:])
    outcome = need - 1.0 * treated + random.normal(size=300)
    return pd.DataFrame({"need": need, "kind": kind, "started": treated, "outcome": outcome})


@pytest.mark.parametrize(
    ("penalty", "said"),
    [(None, "weak prior (ridge)"), (1.0, "a ridge of 1."), ("firth", "Firth's penalised likelihood")],
)
def test_thirty_treated_who_can_be_told_apart(rare, penalty, said):
    matched = match(rare, on=["need", "kind"], treated="started", ratio=3, penalty=penalty)
    assert said in " ".join(matched.notes)
    assert np.isfinite(matched.frame["score"]).all() and len(matched.dropped) == 0
    assert matched.design.to_dict()["penalty"] == penalty
    for options in ({}, {"method": "regression"}, {"method": "randomisation", "seed": 1}):
        effect = estimate_effect(accepted(matched), "outcome", **options)
        assert effect.ci_low < -1.0 < effect.ci_high < 0.5  # what was planted
    assert estimate_effect(accepted(matched), "outcome").degrees_of_freedom < 30


def test_a_penalty_holds_in_every_fold(rare):
    asked = {"on": ["need", "kind"], "treated": "started", "folds": 5}
    found = match(rare, **asked, penalty="firth")
    assert "each row's on the other 4 of 5 parts" in " ".join(found.notes)
    assert "Firth's" in " ".join(found.notes)
    plain = match(rare, **asked)
    assert not np.allclose(found.everyone.score, plain.everyone.score)
    assert " ".join(plain.notes).count("weak prior (ridge)") == 1


def test_what_a_fold_leaves_out_is_named(rare):
    """The only row of a kind is in one fold; the fit without that fold has nothing to learn of it."""
    found = match(rare.assign(kind=np.arange(300) == 9), on=["need", "kind"], treated="started", folds=3)
    assert "'kind' was left out of the propensity score: it is the same in every row." in found.notes
