"""Several periods of a place as one estimate."""

import math

import pandas as pd
import pytest

from tf_eval.evidence.pooling.places import by_place


def rows(**columns) -> pd.DataFrame:
    usual = {"place": "Kent", "degrees_of_freedom": math.inf, "base_rate": math.nan}
    return pd.DataFrame(usual | columns)


def test_periods_are_averaged_with_weights_inverse_to_variance():
    """Errors of 1 and 2 weigh 4 to 1; the mean's variance is 1 / (1 + 1/4)."""
    (kent,) = by_place(rows(effect=[-10.0, -5.0], std_error=[1.0, 2.0], base_rate=[40.0, 50.0])).to_dict("records")
    assert kent["effect"] == pytest.approx(-9.0)
    assert kent["std_error"] == pytest.approx(math.sqrt(0.8))
    assert kent["base_rate"] == pytest.approx(42.0)
    assert (kent["n_periods"], kent["degrees_of_freedom"]) == (2, math.inf)


def test_degrees_of_freedom_are_satterthwaites():
    """Two means of the same variance, each with 9, have 18 between them; unequal ones 25 / (16 / 6 + 1 / 12)."""
    (equal,) = by_place(rows(effect=[1.0, 2.0], std_error=3.0, degrees_of_freedom=9.0)).to_dict("records")
    assert equal["degrees_of_freedom"] == pytest.approx(18)
    unequal = by_place(rows(effect=[1.0, 2.0], std_error=[1.0, 2.0], degrees_of_freedom=[6.0, 12.0]))
    assert unequal["degrees_of_freedom"].iloc[0] == pytest.approx(25 / (16 / 6 + 1 / 12))


def test_hidden_periods_do_not_serve_and_a_base_rate_that_is_not_known_makes_none():
    some = rows(effect=[-10.0, math.nan], std_error=[1.0, math.nan], base_rate=[40.0, 50.0])
    assert by_place(some)[["n_periods", "effect", "base_rate"]].iloc[0].tolist() == [1, -10.0, 40.0]
    unknown = rows(effect=[-10.0, -5.0], std_error=1.0, base_rate=[40.0, math.nan])
    assert math.isnan(by_place(unknown)["base_rate"].iloc[0])
    assert by_place(some.iloc[1:]).empty
