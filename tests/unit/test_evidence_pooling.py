"""Several periods of a place as one estimate, and what another place may expect."""

import math

import numpy as np
import pandas as pd
import pytest

from tf_eval.evidence.pooling.places import by_place
from tf_eval.evidence.pooling.prediction import prediction_ends
from tf_eval.evidence.pooling.q_profile import where_q_is


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


@pytest.mark.parametrize("effects", [[-8.0, -3.0, -11.0, -2.0, -9.0, -4.0], [-4.0, -6.0, -5.0], [1.0, 1.0, 1.0]])
def test_prediction_is_the_mixture_that_draws_come_to(effects):
    """Of equal errors Q is the sum of squares over error² + tau², so that tau² of a chi² is there without a search."""
    random, k, draws = np.random.default_rng(7), len(effects), 400_000
    squares = float(np.sum((np.array(effects) - np.mean(effects)) ** 2))
    tau_squared = np.maximum(0, squares / random.chisquare(k - 1, draws) - 4)
    error = np.sqrt(np.maximum(squares / (k - 1), 4 + tau_squared) / k)
    drawn = np.mean(effects) + random.standard_t(k - 1, draws) * error + random.normal(0, np.sqrt(tau_squared))
    low, high = prediction_ends(np.array(effects), np.full(k, 4.0), 0.95)
    # Four Monte Carlo errors of a share of 0.025 among so many draws are 0.001.
    assert [np.mean(drawn < low), np.mean(drawn > high)] == pytest.approx([0.025, 0.025], abs=0.001)


@pytest.mark.parametrize("value", [1e-12, 0.05, 7.0])
def test_q_is_found_where_errors_are_nothing_beside_the_differences(value):
    effects, variances = np.array([0.1, 0.7, 3.3]), np.full(3, 1e-30)
    squares = float(np.sum((effects - effects.mean()) ** 2))
    assert where_q_is(value, effects, variances) == pytest.approx(squares / value, rel=1e-12)
