"""What no reordering, shift or change of scale may alter."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.did_methods import estimators
from tf_eval.did import GroupTimeATT, estimate_att

# Sums in another order differ in the last bits; nothing here is near-singular.
CLOSE = {"rtol": 1e-7, "atol": 1e-9}

seeds = st.integers(0, 10_000)
asked = estimators(((), ("x",), ("x", "area")))


def panel(seed: int) -> pd.DataFrame:
    """60 units, 5 periods, groups starting in 3 and 4, a number, a category and a weight, some outcomes missing."""
    random = np.random.default_rng(seed)
    units = pd.DataFrame({"unit": np.arange(60), "adopted": random.permutation(np.repeat([0, 3, 4], 20))})
    units = units.assign(x=random.normal(size=60), area=random.choice(["n", "s"], 60), w=random.uniform(0.5, 2, 60))
    frame = units.merge(pd.DataFrame({"period": np.arange(1, 6)}), how="cross")
    frame["y"] = random.normal(size=300) + frame["x"] * frame["period"]
    return frame.mask(pd.DataFrame({"y": random.random(300) < 0.03}).reindex(columns=frame.columns, fill_value=False))


def estimate(frame: pd.DataFrame, **options) -> GroupTimeATT:
    return estimate_att(frame, outcome="y", unit="unit", period="period", adopted="adopted", weights="w", **options)


def assert_same(one: GroupTimeATT, other: GroupTimeATT, points: float = 1.0, errors: float | None = 1.0) -> None:
    left, right = one.table(), other.table()
    np.testing.assert_allclose(points * left["att"], right["att"], **CLOSE)
    if errors is not None:
        np.testing.assert_allclose(errors * left["std_error"], right["std_error"], **CLOSE)
        np.testing.assert_allclose(errors * one.overall().std_error, other.overall().std_error, **CLOSE)


@settings(max_examples=25, deadline=None)
@given(seeds, asked)
def test_constants_of_units_and_periods_do_not_matter(seed, options):
    frame = panel(seed)
    shifted = frame.assign(y=frame["y"] + 10 * np.sin(frame["unit"]) + 3 * frame["period"] ** 2)
    if options.get("baseline") == 2:
        # A window's mean takes in whichever of its periods were seen, so only complete rows are free of the periods.
        frame, shifted = (one[frame.groupby("unit")["y"].transform("count") == 5] for one in (frame, shifted))
    assert_same(estimate(frame, **options), estimate(shifted, **options))


@settings(max_examples=25, deadline=None)
@given(seeds, asked, st.floats(0.01, 100), st.booleans())
def test_effects_and_errors_scale_with_the_outcome(seed, options, size, flip):
    frame = panel(seed)
    scale = -size if flip else size
    scaled = frame.assign(y=scale * frame["y"])
    one, other = estimate(frame, **options), estimate(scaled, **options)
    np.testing.assert_allclose(scale * one.table()["att"], other.table()["att"], rtol=1e-7, atol=1e-9 * size)
    np.testing.assert_allclose(size * one.table()["std_error"], other.table()["std_error"], rtol=1e-7)


@settings(max_examples=25, deadline=None)
@given(seeds, asked)
def test_the_order_of_rows_does_not_matter(seed, options):
    frame = panel(seed)
    assert_same(estimate(frame, **options), estimate(frame.sample(frac=1, random_state=seed), **options))


@settings(max_examples=25, deadline=None)
@given(seeds, asked)
def test_halves_of_every_unit_say_what_the_whole_says(seed, options):
    frame = panel(seed).assign(origin=lambda frame: frame["unit"])
    halves = pd.concat([frame.assign(w=frame["w"] / 2, unit=frame["unit"] + shift) for shift in (0, 1000)])
    whole = estimate(frame, **options, cluster="origin")
    split = estimate(halves, **options, cluster="origin")
    # Halves of one unit are not independent: with the unit as cluster the error stays what it was.
    assert_same(whole, split)


@settings(max_examples=25, deadline=None)
@given(seeds, asked)
def test_covariates_may_be_shifted_and_scaled(seed, options):
    frame = panel(seed)
    assert_same(estimate(frame, **options), estimate(frame.assign(x=1900 + 5 * frame["x"]), **options))


@settings(max_examples=25, deadline=None)
@given(seeds, asked)
def test_averages_are_what_their_cells_make_by_hand(seed, options):
    frame = panel(seed)
    # A window leaves out units without a base, who then do not count for their group: complete units only.
    frame = frame[frame.groupby("unit")["y"].transform("count") == 5]
    effect = estimate(frame, **options)
    sizes = frame.drop_duplicates("unit").groupby("adopted")["w"].sum()
    table = effect.table().assign(size=lambda frame: frame["adopted"].map(sizes))
    post = table[table["event_time"] >= 0]
    assert effect.overall().att == pytest.approx(np.average(post["att"], weights=post["size"]))
    for event_time, part in table.groupby("event_time"):
        by_hand = np.average(part["att"], weights=part["size"])
        found = effect.by_event_time().table().set_index("event_time").loc[event_time, "att"]
        assert found == pytest.approx(by_hand, abs=1e-12)
