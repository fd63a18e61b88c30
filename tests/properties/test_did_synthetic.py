"""What may not change a synthetic comparison, on any panel."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tf_eval.did import estimate_att

seeds = st.integers(0, 10_000)


def panel(seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    units = pd.DataFrame({"unit": np.arange(25), "adopted": random.permutation(np.repeat([0, 6, 8], [15, 5, 5]))})
    frame = units.merge(pd.DataFrame({"period": np.arange(1, 11)}), how="cross")
    return frame.assign(y=random.normal(size=(25, 10)).cumsum(axis=1).ravel())


def cells(frame: pd.DataFrame, errors: str) -> np.ndarray:
    effect = estimate_att(
        frame, outcome="y", unit="unit", period="period", adopted="adopted", method="synthetic", errors=errors
    )
    overall = effect.overall()
    return np.vstack([effect.table()[["att", "std_error"]].to_numpy(), [overall.att, overall.std_error]])


@settings(max_examples=8, deadline=None)
@given(seeds, st.sampled_from(["clustered", "refitted"]), st.floats(-4, 4))
def test_effects_and_errors_go_with_the_scale_and_not_with_levels(seed, errors, exponent):
    """Weights are exact to some 12 digits, whatever the unit of the outcome; levels of 100 take 2 digits of it.

    What all units have in common in a period is another matter: the paper's penalty counts it as noise.
    """
    frame, factor, random = panel(seed), 10**exponent, np.random.default_rng(seed)
    moved = frame.assign(y=factor * (frame["y"] + random.normal(0, 100, 25)[frame["unit"]]))
    # Errors are roots: where two periods' contrasts are all but alike they keep half the digits.
    np.testing.assert_allclose(cells(moved, errors) / factor, cells(frame, errors), rtol=1e-6, atol=1e-7)


@settings(max_examples=8, deadline=None)
@given(seeds)
def test_an_effect_that_is_planted_is_added_whole_and_changes_no_weight(seed):
    frame = panel(seed)
    since = frame["period"] - frame["adopted"].where(frame["adopted"] > 0, 99)
    planted = frame.assign(y=frame["y"] + np.where(since >= 0, 3.0, 0.0))
    difference = cells(planted, "clustered") - cells(frame, "clustered")
    effect = estimate_att(frame, outcome="y", unit="unit", period="period", adopted="adopted", method="synthetic")
    expected = np.append(np.where(effect.table()["event_time"] >= 0, 3.0, 0.0), 3.0)
    np.testing.assert_allclose(difference, np.column_stack([expected, np.zeros(len(expected))]), atol=1e-9)
