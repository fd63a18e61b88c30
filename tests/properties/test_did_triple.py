"""What no triple difference may notice: how areas move, how the eligible move, and the order of rows."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.spec.test_did_triple import areas, estimate

QUICK = settings(max_examples=10, deadline=None)
SEEDS = st.integers(0, 10_000)


@QUICK
@given(SEEDS, st.sampled_from(["not_yet_treated", "never_treated"]))
def test_neither_paths_of_areas_nor_of_the_eligible_count(seed, comparison):
    frame, random = areas(seed, units=80), np.random.default_rng(seed)
    of_areas = pd.Series(random.normal(size=20) * 5).iloc[frame["adopted"] * 4 + frame["period"] % 4].to_numpy()
    of_eligible = frame["q"] * random.normal(size=6)[frame["period"]] * 5
    moved = frame.assign(y=frame["y"] + of_areas + of_eligible)
    own, other = (estimate(each, comparison=comparison).table() for each in (frame, moved))
    np.testing.assert_allclose(own["att"], other["att"], atol=1e-9)
    np.testing.assert_allclose(own["std_error"], other["std_error"], rtol=1e-7, atol=1e-9)


@QUICK
@given(SEEDS)
def test_units_twice_at_half_their_weight_change_no_effect(seed):
    frame = areas(seed, units=80).assign(w=1.0)
    twice = pd.concat([frame, frame.assign(unit=frame["unit"] + 1000)]).assign(w=0.5)
    own, other = (estimate(each, weights="w", comparison="never_treated").table() for each in (frame, twice))
    np.testing.assert_allclose(own["att"], other["att"], atol=1e-9)


@QUICK
@given(SEEDS, st.floats(0.01, 100))
def test_effects_scale_with_the_outcome(seed, factor):
    frame = areas(seed, units=80)
    own, other = (estimate(each).table() for each in (frame, frame.assign(y=frame["y"] * factor)))
    np.testing.assert_allclose(own["att"] * factor, other["att"], rtol=1e-6, atol=1e-9 * factor)
    np.testing.assert_allclose(own["std_error"] * factor, other["std_error"], rtol=1e-6, atol=1e-9 * factor)
