"""Missing values of covariates: refused, or filled in by a rule that is named, and said so."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.accepted import accepted
from tf_eval.errors import ConfigError, InputError
from tf_eval.matching import check_balance, estimate_effect, match
from tf_eval.matching.reading.covariates import code_covariates

# Of ten rows three are missing; the mean of the others' incomes is 30, the median 20.
COLUMNS = {
    "income": [10, 20, 60, np.nan, 10, 20, 60, np.nan, np.nan, 60],
    "lone": [1, 1, 0, np.nan, 1, 1, 0, 1, 1, 1],
    "district": ["north", "north", "south", None, "north", "south", "north", "north", "south", "north"],
}


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame({**COLUMNS, "started": [True] * 4 + [False] * 6, "outcome": range(10)})


def coded(frame, name, policy) -> dict[str, list[float]]:
    found = code_covariates(frame, [name], policy)
    return {level.name: values.tolist() for level, values in zip(found.levels, found.values.T, strict=True)}


def test_they_are_refused_unless_a_rule_is_named(frame):
    with pytest.raises(InputError, match=r"missing values in 'income', 'lone'; for a covariate, missing='indicator'"):
        match(frame, on=["income", "lone"], treated="started")
    with pytest.raises(ConfigError, match=r"no missing .indicater.\. Did you mean .indicator.\?"):
        match(frame, on="income", treated="started", missing="indicater")


@pytest.mark.parametrize(("policy", "middle"), [("mean", 240 / 7), ("median", 20), ("indicator", 240 / 7)])
def test_numbers_get_the_middle(frame, policy, middle):
    assert coded(frame, "income", policy)["income"][3] == pytest.approx(middle)


def test_yes_no_and_categories_get_the_most_frequent_value(frame):
    assert coded(frame, "lone", "mean") == {"lone": [1, 1, 0, 1, 1, 1, 0, 1, 1, 1]}
    assert coded(frame, "district", "median")["district: north"][3] == 1


def test_of_several_as_frequent_the_first_is_taken():
    tied = pd.DataFrame({"flag": [1, 0, np.nan], "word": ["b", "a", None]})
    assert coded(tied, "flag", "mean")["flag"][2] == 0
    assert coded(tied, "word", "mean")["word: a"] == [0, 1, 1]


def test_an_indicator_is_a_covariate_of_its_own(frame):
    assert coded(frame, "income", "indicator")["income: (missing)"] == [0, 0, 0, 1, 0, 0, 0, 1, 1, 0]
    assert list(coded(frame, "started", "indicator")) == ["started"]
    labels = check_balance(match(frame, on=["income", "district"], treated="started", missing="indicator")).table()
    assert {"income: (missing)", "district: (missing)"} < set(labels["label"])


def test_it_is_said_in_the_notes_and_the_frame_stays(frame):
    before = frame.copy()
    matched = match(frame, on=["income", "district"], treated="started", missing="indicator")
    said = "Missing values of 'income', 'district' were filled in by the mean (yes/no"
    assert any(note.startswith(said) and "covariate too" in note for note in matched.notes)
    pd.testing.assert_frame_equal(frame, before)
    assert matched.frame["income"].isna().any()


@pytest.mark.parametrize(
    "use", [{"exact": "income"}, {"anti_exact": "income"}, {"calipers": {"income": 5}}, {"score": "income"}]
)
def test_what_decides_who_may_be_paired_is_never_filled_in(frame, use):
    with pytest.raises(InputError, match="missing values in 'income'"):
        match(frame, on=["lone", "income"], treated="started", missing="indicator", **use)


def test_a_covariate_without_any_value_is_refused(frame):
    with pytest.raises(InputError, match="covariate 'income' has no value at all; leave it out"):
        match(frame.assign(income=np.nan), on=["income", "lone"], treated="started", missing="mean")


def test_the_effect_is_adjusted_by_the_same_rule():
    random = np.random.default_rng(4)
    need = random.normal(size=400)
    rows = pd.DataFrame({"need": need, "started": random.random(400) < 1 / (1 + np.exp(1 - need)), "outcome": need})
    rows.loc[::7, "need"] = np.nan
    matched = match(rows, on="need", treated="started", missing="indicator")
    by_hand = rows.assign(unknown=rows["need"].isna() * 1.0, need=rows["need"].fillna(rows["need"].mean()))
    same = match(by_hand, on=["need", "unknown"], treated="started")
    assert matched.frame.index.tolist() == same.frame.index.tolist()
    found = estimate_effect(accepted(matched), "outcome", method="regression", covariates=["need"])
    expected = estimate_effect(accepted(same), "outcome", method="regression", covariates=["need", "unknown"])
    assert found.estimate == pytest.approx(expected.estimate)


@settings(deadline=None, max_examples=30)
@given(order=st.permutations(range(10)))
def test_the_order_of_the_rows_changes_nothing(order):
    rows = pd.DataFrame({**COLUMNS, "started": [True] * 4 + [False] * 6})
    asked = {"on": [*COLUMNS], "treated": "started", "missing": "indicator"}
    one, other = (match(each, **asked).frame.sort_index() for each in (rows, rows.iloc[list(order)]))
    pd.testing.assert_frame_equal(one, other)
