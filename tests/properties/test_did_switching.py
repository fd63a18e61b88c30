"""What effects of switching treatments may not notice, and how they follow the units of treatment and outcome."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.spec.test_did_switching import estimate, world

QUICK = settings(max_examples=10, deadline=None)
SEEDS = st.integers(0, 10_000)
SHOWN = ["effect", "std_error", "per_dose", "per_dose_error", "n_treated", "n_comparison"]


def told(frame: pd.DataFrame) -> pd.DataFrame:
    found = estimate(frame, effects=2, placebos=1)
    average = pd.DataFrame([found.average.numbers()])
    return pd.concat([found.table(), average])[SHOWN].astype(float)


@QUICK
@given(SEEDS)
def test_those_who_began_alike_may_move_together_as_they_like(seed):
    frame = world(seed, units=60, doses=3)
    start = frame.groupby("unit")["d"].transform("first")
    shared = np.random.default_rng(seed).normal(size=(3, 7)) * 5
    moved = frame.assign(y=frame["y"] + shared[start, frame["period"]] + frame["unit"])
    np.testing.assert_allclose(told(frame), told(moved), rtol=1e-7, atol=1e-9)


@QUICK
@given(SEEDS)
def test_no_treatment_as_treatment_turns_the_sign_and_no_more(seed):
    frame = world(seed, units=60)
    own, turned = told(frame), told(frame.assign(d=1 - frame["d"]))
    turned[["effect", "per_dose"]] *= -1
    np.testing.assert_allclose(own, turned, rtol=1e-7, atol=1e-9)


@QUICK
@given(SEEDS, st.floats(0.01, 100), st.floats(0.01, 100))
def test_effects_follow_the_units_of_the_outcome_and_per_dose_those_of_the_treatment(seed, outcome, dose):
    frame = world(seed, units=60, doses=3)
    own, scaled = told(frame), told(frame.assign(y=frame["y"] * outcome, d=frame["d"] * dose))
    own[["effect", "std_error"]] *= outcome
    own[["per_dose", "per_dose_error"]] *= outcome / dose
    np.testing.assert_allclose(own, scaled, rtol=1e-6, atol=1e-8)
