"""Arguments that are something else than is asked for: each is answered in words, in a message of the package's own."""

import datetime
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from tf_eval.errors import ConfigError, InputError, TfEvalError
from tf_eval.matching import (
    check_arms,
    check_balance,
    check_balance_within,
    compare_arms,
    describe_population,
    e_value,
    e_value_of_counts,
    effective_sample_size,
    estimate_effect,
    match,
    match_arms,
    neighbour_variance,
    plot_distribution,
    prognostic_balance,
    restrict,
    rosenbaum_bounds,
    smd,
    tie_sensitivity,
    tipping_point,
)
from tf_eval.matching.design import Design
from tf_eval.matching.elsewhere import OPTIONS, VALUES

ASKED = {"on": ["age", "district"], "treated": "treated", "unit": "family_id"}


def drawn() -> pd.DataFrame:
    random, size = np.random.default_rng(3), 80
    return pd.DataFrame(
        {
            "treated": np.arange(size) % 4 == 0,
            "age": random.integers(20, 60, size).astype(float),
            "district": random.choice(["north", "south"], size),
            "arm": random.choice(["a", "b", "c"], size),
            "family_id": range(size),
            "outcome": random.normal(size=size),
        }
    )


FRAME = drawn()
MATCHED = check_balance(match(FRAME, **ASKED)).accept(because="a test asks")
ARMS = check_arms(match_arms(FRAME, on="age", arm="arm", reference="a")).accept(because="a test asks")


def refused(error: type[Exception], **changed) -> str:
    with pytest.raises(error) as caught:
        match(changed.pop("data", FRAME), **{**ASKED, **changed})
    return str(caught.value)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"replace": True}, "no option 'replace'; here it is called 'reuse'"),
        ({"m.order": "largest"}, "no option 'm.order'; here it is called 'order'"),
        ({"k2k": True}, "no option 'k2k'; here it is called 'k_to_k'"),
        ({"mahvars": ["age"]}, "no option 'mahvars'; name them in distance_on, with distance='mahalanobis'"),
        ({"discard": "both"}, "no option 'discard'; here it is called 'common_support'"),
        ({"std_caliper": False}, "calipers in the units of a covariate"),
        ({"antiexact": "district", "subclass": 5}, "2 problems"),
        ({"distanse": "score"}, "no option 'distanse'. Did you mean 'distance'?"),
        ({"method": "cem"}, "no method 'cem'; here it is called 'coarsened_exact'"),
        ({"method": "EBAL"}, "no method 'EBAL'; here it is called 'entropy_balancing'"),
        ({"method": "genetic"}, "there is no genetic matching"),
        ({"method": "Nearest"}, "no method 'Nearest'. Did you mean 'nearest'?"),
        ({"estimand": "ATT"}, "no estimand 'ATT'. Did you mean 'att'?"),
        ({"distance": "glm"}, "no distance 'glm'; leave distance out, which matches by the score"),
        ({"score_model": "gbm"}, "here it is called 'gradient_boosting'"),
        ({"caliper": {"age": 5}}, "those of covariates are in calipers and calipers_sd"),
        ({"ratio": "2"}, "ratio must be a whole number"),
        ({"seed": 1.5, "order": "random"}, "seed must be a whole number, 0 or more"),
    ],
)
def test_names_from_elsewhere_are_told_and_not_taken(changed, said):
    assert said in refused(ConfigError, **changed)


def test_every_name_that_is_told_is_there():
    options = {called for called in OPTIONS.values() if " " not in called}
    assert options <= set(Design.__dataclass_fields__)
    assert not set(OPTIONS) & set(Design.__dataclass_fields__)
    for option, value in ((option, value) for option, values in VALUES.items() for value in values):
        assert value == value.lower().replace(".", "_"), f"{option}: {value} would never be found"


@pytest.mark.parametrize(
    ("values", "option"),
    [(values, option) for option, values in VALUES.items() if option in Design.__dataclass_fields__],
)
def test_every_value_that_is_told_is_told_of_by_a_function(values, option):
    """Those of ``method`` that belong to effects are told of there."""
    for value, called in values.items():
        told = refused(ConfigError, **{option: value})
        if option == "method" and called in ("regression", "g_computation"):
            with pytest.raises(ConfigError) as caught:
                estimate_effect(MATCHED, "outcome", method=value)
            told = str(caught.value)
        assert (called if " " in called else f"here it is called '{called}'") in told


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"data": FRAME.to_dict("list")}, "must be a DataFrame of pandas, not a dict; pd.DataFrame(data) makes one"),
        ({"data": "treated ~ age"}, "a formula is written as on=[...]"),
        ({"data": pd.concat([FRAME, FRAME[["age"]]], axis=1)}, "two columns of the same name"),
        ({"data": FRAME.iloc[:0]}, "no rows"),
        ({"data": FRAME.assign(treated="yes")}, "1 or True for treated"),
        ({"data": FRAME.assign(treated=[None, *[True, False] * 39, True])}, "missing values in 'treated'"),
        ({"data": FRAME.assign(age=np.inf)}, "covariate 'age' holds infinite values"),
        ({"data": FRAME.assign(age=FRAME["age"] * 1e300)}, "covariate 'age' holds numbers too large"),
        ({"data": FRAME.assign(age=FRAME["age"] * 1e-300)}, "none large enough, to be squared"),
        ({"data": FRAME.assign(age=[[1]] * 80)}, "covariate 'age' holds lists or the like"),
        ({"data": FRAME.assign(own=1j), "score": "own"}, "the score 'own' must be a number"),
    ],
)
def test_data_of_another_kind(changed, said):
    assert said in refused(InputError, **changed)


@pytest.mark.parametrize(
    "on", [{"age"}, {"age": 1}, b"age", FRAME["age"], FRAME[["age"]], 5, [["age"]], [FRAME["age"]]]
)
def test_columns_are_named_in_an_order_and_no_rows_are_told(on):
    told = refused(ConfigError, on=on)
    assert "named by text" in told and len(told) < 100


def test_one_row_of_each_arm_and_a_covariate_that_is_the_same_in_all():
    two = FRAME.iloc[:2].assign(age=1.0, district="north")
    assert len(match(two, on="district", treated="treated").frame) == 2
    assert "no comparison rows" in refused(InputError, data=two.iloc[:1])


ODD = [
    5,
    -1,
    1.5,
    float("nan"),
    10**30,
    True,
    "nope",
    b"x",
    None,
    ["age"],
    [5],
    [["age"]],
    {"age": "a"},
    {"nope": 1},
    {5},
    object(),
    np.array([1.0, 2.0]),
    FRAME["age"],
    FRAME["age"].iloc[:5],
    FRAME,
    pd.NA,
    pd.NaT,
    1j,
    Decimal("0.5"),
    datetime.date(2012, 4, 1),
    range(2),
    MATCHED,
    ARMS,
]
CALLS: list[tuple[Callable, dict]] = [
    (match, {"data": FRAME, **ASKED, **dict.fromkeys(Design.__dataclass_fields__.keys() - ASKED.keys()), "keep": None}),
    (
        match_arms,
        {"data": FRAME, "on": "age", "arm": "arm", "reference": "a"}
        | dict.fromkeys(["unit", "exact", "method", "estimand", "caliper", "common_support", "missing"]),
    ),
    (check_balance, {"matched": MATCHED} | dict.fromkeys(["threshold", "limit", "labels", "sd"])),
    (check_arms, {"matched": ARMS} | dict.fromkeys(["threshold", "limit", "labels"])),
    (check_balance_within, {"matched": MATCHED, "within": "arm"} | dict.fromkeys(["threshold", "labels", "sd"])),
    (describe_population, {"matched": MATCHED, "labels": None}),
    (plot_distribution, {"matched": MATCHED, "covariate": "age", "label": None, "ax": None}),
    (prognostic_balance, {"matched": MATCHED, "outcome": "outcome", "sd": None}),
    (tie_sensitivity, {"matched": MATCHED, "outcome": "outcome", "seed": 1, "draws": 2}),
    (
        estimate_effect,
        {"matched": MATCHED, "outcome": "outcome"}
        | dict.fromkeys(["method", "covariates", "cluster", "correction", "level", "seed"]),
    ),
    (compare_arms, {"matched": ARMS, "outcome": "outcome"} | dict.fromkeys(["method", "covariates", "level"])),
    (
        rosenbaum_bounds,
        {"matched": MATCHED, "outcome": "outcome", "alternative": "higher"}
        | dict.fromkeys(["statistic", "gammas", "level"]),
    ),
    (
        tipping_point,
        {"matched": MATCHED, "outcome": "outcome"} | dict.fromkeys(["covariates", "cluster", "level", "strength"]),
    ),
    (
        e_value,
        {"estimate": 0.2, "measure": "risk_difference", "base_rate": 0.3}
        | dict.fromkeys(["ci_low", "ci_high", "rare"]),
    ),
    (e_value_of_counts, {"treated": (5, 20), "comparison": (2, 20), "level": None}),
    (restrict, {"matched": MATCHED, "data": FRAME[["family_id"]]}),
    (smd, {"values": np.arange(3), "treated": np.arange(3) == 1, "weight": None}),
    (effective_sample_size, {"weight": np.ones(3)}),
    (neighbour_variance, {"outcome": np.arange(2), "neighbours": np.array([[1], [0]])}),
]


@pytest.mark.parametrize(
    ("function", "given", "changed"),
    [
        pytest.param(function, given, changed, id=f"{function.__name__}-{changed}")
        for function, given in CALLS
        for changed in given
    ],
)
def test_whatever_is_handed_in_is_taken_or_answered_in_words(function, given, changed):
    """An argument without a value of its own in ``CALLS`` is left out but where it is the one that is changed."""
    usual = {name: value for name, value in given.items() if value is not None}
    for odd in ODD:
        try:
            function(**{**usual, changed: odd})
        except TfEvalError as error:
            assert len(str(error)) < 2000, "a message that long holds what was handed in"
