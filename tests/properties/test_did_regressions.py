"""Identities between the regressions and the group-time engine, on any panel."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tf_eval.did import estimate_att

# Normal equations against sums by group: rounding alone.
CLOSE = {"rtol": 1e-7, "atol": 1e-9}
seeds = st.integers(0, 10_000)


def panel(seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    units = pd.DataFrame({"unit": np.arange(75), "adopted": random.permutation(np.repeat([0, 3, 4], 25))})
    units = units.assign(x=random.normal(size=75), area=random.integers(0, 15, 75), w=random.uniform(0.5, 2, 75))
    frame = units.merge(pd.DataFrame({"period": np.arange(1, 6)}), how="cross")
    return frame.assign(y=random.normal(size=375) + frame["x"] * frame["period"])


def estimate(frame: pd.DataFrame, **options):
    return estimate_att(frame, outcome="y", unit="unit", period="period", adopted="adopted", weights="w", **options)


def assert_same(one, other):
    for name in ("att", "std_error"):
        np.testing.assert_allclose(one.table()[name], other.table()[name], **CLOSE)
        np.testing.assert_allclose(getattr(one.overall(), name), getattr(other.overall(), name), **CLOSE)


@settings(max_examples=10, deadline=None)
@given(seeds, st.sampled_from([(), ("x",)]), st.sampled_from([None, "area"]), st.sampled_from([0, 1]))
def test_saturated_regressions_are_outcome_regressions(seed, covariates, cluster, anticipation):
    """Of a panel without gaps, against the never treated: effects and errors, the covariates' means being estimated."""
    frame, shared = panel(seed), {"cluster": cluster, "anticipation": anticipation}
    regression = {"covariates": covariates, "comparison": "never_treated", **shared}
    cells = estimate(frame, method="outcome_regression", baseline="universal", **regression)
    assert_same(estimate(frame, method="extended_twfe", **regression), cells)
    if not covariates:
        assert_same(estimate(frame, method="sun_abraham", **shared), cells)


@settings(max_examples=10, deadline=None)
@given(seeds)
def test_extended_twfe_is_imputation_by_constants_of_units_and_periods(seed):
    """Of a panel without gaps: fit them to untreated rows and impute the others."""
    frame = panel(seed)
    found = estimate(frame, method="extended_twfe").table()
    treated = (frame["adopted"] > 0) & (frame["period"] >= frame["adopted"])
    dummies = pd.get_dummies(frame[["unit", "period"]].astype(str)).to_numpy(dtype=float)
    root = np.sqrt(frame["w"].to_numpy())
    fit = np.linalg.lstsq(dummies[~treated] * root[~treated, None], (frame["y"] * root)[~treated], rcond=None)[0]
    rows = frame.assign(effect=(frame["y"] - dummies @ fit) * frame["w"])[treated]
    sums = rows.groupby(["adopted", "period"])[["effect", "w"]].sum()
    np.testing.assert_allclose(found["att"], sums["effect"] / sums["w"], **CLOSE)


@pytest.mark.parametrize("family", ["poisson", "logit"])
@settings(max_examples=6, deadline=None)
@given(seed=seeds)
def test_order_and_duplicates_with_half_weights_change_nothing(family, seed):
    frame = panel(seed)
    noise = frame["y"] - frame["x"] * frame["period"]
    frame["y"] = np.where(noise > 0, 1.0, 0.0) if family == "logit" else np.floor(np.abs(frame["y"]) * 3)
    options = {"method": "extended_twfe", "family": family, "covariates": ["x"], "cluster": "area"}
    one = estimate(frame, **options)
    twice = pd.concat([frame, frame.assign(unit=frame["unit"] + 1000)]).assign(w=lambda rows: rows["w"] / 2)
    other = estimate(twice.sample(frac=1, random_state=seed), **options)
    np.testing.assert_allclose(one.table()["att"], other.table()["att"], rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(one.ratio().ratio, other.ratio().ratio, rtol=1e-6)
    np.testing.assert_allclose(one.ratio().log_std_error, other.ratio().log_std_error, rtol=1e-6)
