"""What is refused, and what the refusal says."""

import numpy as np
import pandas as pd
import pytest

from tf_eval.errors import ConfigError, EstimationError, InputError
from tf_eval.matching import check_balance, match


@pytest.fixture
def frame() -> pd.DataFrame:
    random = np.random.default_rng(5)
    size = 40
    return pd.DataFrame(
        {
            "treated": np.arange(size) % 4 == 0,
            "age": random.integers(20, 60, size),
            "district": random.choice(["north", "south"], size),
            "family_id": range(size),
        }
    )


def refused(error, frame, **changed) -> str:
    with pytest.raises(error) as caught:
        match(frame, **{"on": ["age", "district"], "treated": "treated", **changed})
    return str(caught.value)


def test_unknown_columns_are_named_together_with_near_misses(frame):
    message = refused(InputError, frame, on=["agee"], exact=["distrct"])
    assert "2 problems" in message
    assert "no column 'agee'. Did you mean 'age'?" in message
    assert "Did you mean 'district'?" in message


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"method": "nearst"}, "no method 'nearst'. Did you mean 'nearest'?"),
        ({"ratio": 0}, "ratio must be a whole number"),
        ({"ratio": 1.5}, "ratio must be a whole number"),
        ({"ratio": True}, "ratio must be a whole number"),
        ({"caliper": -0.2}, "caliper must be"),
        ({"caliper": 0}, "caliper must be"),
        ({"caliper": float("nan")}, "caliper must be"),
        ({"caliper_scale": "logit"}, "no caliper_scale 'logit'"),
        ({"order": "shortest"}, "no order 'shortest'"),
        ({"order": "random"}, "needs a seed"),
        ({"seed": 1}, "seed is for order='random' alone"),
        ({"reuse": True, "order": "closest"}, "with reuse no order of choosing matters"),
        ({"distance": "euclid"}, "no distance 'euclid'"),
        ({"distance_on": "age"}, "distance_on is for a distance in space"),
        ({"calipers": {"age": -1}}, "calipers: the caliper on 'age' must be a number above 0"),
        ({"calipers_sd": {"age": "1"}}, "calipers_sd: the caliper on 'age' must be a number above 0"),
        ({"calipers": {"age": 1}, "calipers_sd": {"age": 1}}, "'age' has two calipers"),
        ({"anti_exact": ["district", "district"]}, "anti_exact names 'district' twice"),
        ({"exact": "district", "anti_exact": "district"}, "be the same within a set (exact) and differ (anti_exact)"),
        ({"calipr_scale": "probability"}, "no option 'calipr_scale'. Did you mean 'caliper_scale'?"),
        ({"on": []}, "at least one covariate"),
        ({"on": ["age", "age"]}, "on names 'age' twice"),
        ({"on": ["age", "treated"]}, "cannot be a covariate as well"),
        ({"treated": None}, "treated must name the column"),
    ],
)
def test_options_out_of_range(frame, changed, said):
    assert said in refused(ConfigError, frame, **changed)


def test_all_faults_of_the_options_are_said_at_once(frame):
    assert "3 problems" in refused(ConfigError, frame, ratio=0, caliper=-1, order="shortest")


@pytest.mark.parametrize("values", [[1, 2], ["yes", "no"], [0.5, 1.0]])
def test_treated_must_be_binary(frame, values):
    frame["treated"] = np.resize(values, len(frame))
    assert "1 or True for treated, 0 or False for comparison" in refused(InputError, frame)


@pytest.mark.parametrize(("value", "said"), [(True, "no comparison rows"), (False, "no treated rows")])
def test_one_arm_alone(frame, value, said):
    assert said in refused(InputError, frame.assign(treated=value))


def test_missing_values_name_the_columns_and_no_counts(frame):
    frame["age"] = frame["age"].astype(float)
    frame.loc[[1, 2, 3], "age"] = np.nan
    frame.loc[0, "district"] = None
    message = refused(InputError, frame)
    assert "missing values in 'age', 'district'" in message
    assert "3" not in message


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (pd.Timestamp("2012-04-01"), "holds dates"),
        (float("inf"), "holds infinite values"),
        ([f"level {number}" for number in range(101)], "more than 100 levels"),
    ],
)
def test_covariates_that_cannot_be_coded(frame, column, said):
    wide = pd.concat([frame] * 3, ignore_index=True).iloc[:101].assign(extra=column)
    assert said in refused(InputError, wide, on=["age", "extra"])


def test_columns_that_the_match_adds_must_be_free(frame):
    assert "already has a column 'weight'" in refused(InputError, frame.assign(weight=3.0), on=["age", "weight"])


def test_scores_of_ones_own_must_be_finite_numbers(frame):
    assert "must be a number" in refused(InputError, frame, score="district")
    assert "infinite" in refused(InputError, frame.assign(mine=np.inf), score="mine")


def test_nobody_finds_a_comparison(frame):
    apart = frame.assign(cell=np.where(frame["treated"], "one", "other"))
    message = refused(EstimationError, apart, exact=["cell"])
    assert "no comparison in the exact cell" in message


def test_no_comparison_row_is_left_at_risk(frame):
    assert "had itself been treated" in refused(EstimationError, frame.assign(family_id=1), unit="family_id")


def test_data_of_another_kind():
    assert "must be a DataFrame" in refused(InputError, [1, 2, 3])


@pytest.mark.parametrize("changed", [{"threshold": 0}, {"threshold": 0.3}, {"sd": "control"}])
def test_balance_refuses_what_it_cannot_use(frame, changed):
    matched = match(frame, on="age", treated="treated")
    with pytest.raises(ConfigError):
        check_balance(matched, **changed)
