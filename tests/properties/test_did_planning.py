"""What must hold of a plan whatever the panel."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tf_eval.did import Planned, plan_power

seeds = st.integers(0, 10_000)
asked = st.fixed_dictionaries(
    {
        "cluster": st.sampled_from([None, "area"]),
        "covariates": st.sampled_from([(), ("x",)]),
        "errors": st.sampled_from(["clustered", "unequal"]),
        "periods_before": st.sampled_from([1, 3]),
    }
)


def panel(seed: int) -> pd.DataFrame:
    """60 units in 20 areas, 6 periods, some rows missing."""
    random = np.random.default_rng(seed)
    units = pd.DataFrame({"unit": np.arange(60), "x": random.normal(size=60), "area": random.integers(0, 20, 60)})
    frame = units.merge(pd.DataFrame({"period": np.arange(1, 7)}), how="cross")
    frame["y"] = random.normal(size=len(frame)) + frame["x"] * frame["period"] + 3
    return frame[random.random(len(frame)) > 0.03]


def planned(frame: pd.DataFrame, treated: int = 6, **options) -> Planned:
    found = plan_power(frame, outcome="y", unit="unit", period="period", treated=treated, periods_after=2, **options)
    return found.studies[treated, 2]


@settings(max_examples=15, deadline=None)
@given(seeds, asked)
def test_constants_of_units_and_the_order_of_rows_do_not_matter(seed, options):
    frame = panel(seed)
    moved = frame.assign(y=frame["y"] + 10 * np.sin(frame["unit"])).sample(frac=1, random_state=seed)
    # Sums in another order.
    np.testing.assert_allclose(planned(moved, **options).std_error, planned(frame, **options).std_error, rtol=1e-9)


@settings(max_examples=15, deadline=None)
@given(seeds, asked, st.floats(0.01, 100), st.booleans())
def test_effects_scale_with_the_outcome_and_stay_the_same_share_of_it(seed, options, size, flip):
    frame = panel(seed)
    one, other = planned(frame, **options), planned(frame.assign(y=(-size if flip else size) * frame["y"]), **options)
    np.testing.assert_allclose(other.minimum_detectable, size * one.minimum_detectable, rtol=1e-9)
    np.testing.assert_allclose(other.relative, one.relative, rtol=1e-9)


@settings(max_examples=15, deadline=None)
@given(seeds, asked)
def test_more_units_and_less_power_make_for_smaller_effects(seed, options):
    frame = panel(seed)
    small, large, less = (
        planned(frame, 5, **options),
        planned(frame, 20, **options),
        planned(frame, 5, power=0.6, **options),
    )
    np.testing.assert_allclose(large.std_error, small.std_error / 2, rtol=1e-12)
    assert large.minimum_detectable <= small.minimum_detectable / 2 * (1 + 1e-9)
    assert less.minimum_detectable < small.minimum_detectable


@settings(max_examples=2, deadline=None)
@given(seeds, asked, st.floats(0.01, 100))
def test_simulated_effects_scale_with_the_outcome(seed, options, size):
    frame = panel(seed)
    options = {**options, "seed": 1, "draws": 99}
    one, other = planned(frame, **options), planned(frame.assign(y=size * frame["y"]), **options)
    np.testing.assert_allclose(other.simulated.minimum_detectable, size * one.simulated.minimum_detectable, rtol=1e-6)
    assert other.simulated.false_positives == one.simulated.false_positives
