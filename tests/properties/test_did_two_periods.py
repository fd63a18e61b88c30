"""With two periods and one start every estimator is a formula that fits on a line."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from tests.did_methods import WEIGHTED
from tf_eval.did import Estimate, estimate_att

CLOSE = {"rtol": 1e-7, "atol": 1e-9}
seeds = st.integers(0, 10_000)


def units(seed: int) -> pd.DataFrame:
    """Fifty units that are seen twice, of whom about 20 start in the second period."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame({"unit": np.arange(50), "x": random.normal(size=50), "w": random.uniform(0.5, 2, 50)})
    frame["treated"] = random.random(50) < 1 / (1 + np.exp(0.4 - 0.5 * frame["x"]))
    frame["treated"] |= frame["unit"] < 5
    frame["before"] = random.normal(size=50)
    frame["after"] = frame["before"] + random.normal(size=50) + frame["x"] + frame["treated"]
    return frame


def effect(frame: pd.DataFrame, method: str, **options) -> Estimate:
    long = frame.melt(["unit", "x", "w", "treated"], ["before", "after"], "period", "y")
    long = long.assign(period=long["period"].eq("after") + 1, start=np.where(long["treated"], 2, 0))
    if method == "stacked":
        options.update(kappa_pre=1, kappa_post=0)
    columns = {"outcome": "y", "unit": "unit", "period": "period", "adopted": "start", "weights": "w"}
    return estimate_att(long, **columns, method=method, **options).overall()


def influence(values: pd.Series, weights: pd.Series, power: int = 1) -> np.ndarray:
    """Return how every unit moves a mean."""
    return (weights * (values - np.average(values, weights=weights**power)) / weights.sum()).to_numpy()


@pytest.mark.parametrize("method", WEIGHTED)
@settings(max_examples=8, deadline=None)
@given(seed=seeds)
def test_the_effect_is_the_difference_of_mean_changes_and_the_coefficient_of_a_regression(method, seed):
    frame = units(seed)
    change, treated, weight = (frame["after"] - frame["before"]), frame["treated"], frame["w"]
    found = effect(frame, method)
    means = [np.average(change[arm], weights=weight[arm]) for arm in (treated, ~treated)]
    np.testing.assert_allclose(found.att, means[0] - means[1], **CLOSE)
    root = np.sqrt(weight.to_numpy())
    design = np.column_stack([np.ones(50), treated]) * root[:, None]
    np.testing.assert_allclose(found.att, np.linalg.lstsq(design, root * change, rcond=None)[0][1], **CLOSE)
    # The error of a difference of two means, each arm about its own. Borusyak, Jaravel and Spiess (equation 8) compare
    # effects with the mean by squared weights.
    power = 2 if method == "imputation" else 1
    moved = [influence(change[treated], weight[treated], power), influence(change[~treated], weight[~treated])]
    np.testing.assert_allclose(found.std_error, np.linalg.norm(np.concatenate(moved)), **CLOSE)


@settings(max_examples=10, deadline=None)
@given(seeds)
def test_doubly_robust_is_the_closed_form(seed):
    """Sant'Anna and Zhao (2020), equation 3.1: residual changes, comparison units by their odds of treatment."""
    frame = units(seed)
    change, treated, weight = (frame["after"] - frame["before"]), frame["treated"].to_numpy(), frame["w"].to_numpy()
    design = np.column_stack([np.ones(50), frame["x"]])
    root = np.sqrt(weight * ~treated)
    slope = np.linalg.lstsq(design * root[:, None], change * root, rcond=None)[0]
    residual = (change - design @ slope).to_numpy()
    odds = weight * np.exp(design @ logit(design, treated, weight))
    by_hand = [np.average(residual[arm], weights=each[arm]) for arm, each in ((treated, weight), (~treated, odds))]
    found = effect(frame, "doubly_robust", covariates=["x"])
    # The slow logit stops at a gradient of 1e-10.
    np.testing.assert_allclose(found.att, by_hand[0] - by_hand[1], rtol=1e-6, atol=1e-8)


def logit(design: np.ndarray, treated: np.ndarray, weight: np.ndarray) -> np.ndarray:
    def loss(slopes: np.ndarray) -> float:
        index = design @ slopes
        return float(weight @ (np.logaddexp(0, index) - treated * index))

    def gradient(slopes: np.ndarray) -> np.ndarray:
        return design.T @ (weight * (1 / (1 + np.exp(-design @ slopes)) - treated))

    return minimize(loss, np.zeros(2), jac=gradient, method="BFGS", options={"gtol": 1e-10}).x


@settings(max_examples=10, deadline=None)
@given(seeds)
def test_regression_is_the_change_of_the_treated_less_what_it_would_have_been(seed):
    frame = units(seed)
    change, treated = frame["after"] - frame["before"], frame["treated"]
    others = frame[~treated]
    slope = np.polyfit(others["x"], change[~treated], 1, w=np.sqrt(others["w"]))
    surprise = change[treated] - np.polyval(slope, frame["x"][treated])
    by_hand = np.average(surprise, weights=frame["w"][treated])
    for method in ("outcome_regression", "stacked", "imputation", "two_stage"):
        np.testing.assert_allclose(effect(frame, method, covariates=["x"]).att, by_hand, **CLOSE)
