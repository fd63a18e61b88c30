"""Planted effects are found by the regressions, where the one that most studies report goes wrong."""

import numpy as np
import pandas as pd
import pytest

from tf_eval.did import decompose_twfe, estimate_att, two_way_fixed_effects

COLUMNS = {"unit": "unit", "period": "period", "adopted": "adopted", "outcome": "y"}


def world(seed: int, units: int, mean) -> tuple[pd.DataFrame, np.random.Generator]:
    random = np.random.default_rng(seed)
    frame = pd.DataFrame({"unit": np.arange(units), "adopted": random.choice([4, 6, 8, 0], units)})
    frame = frame.assign(level=random.normal(size=units), x=random.normal(size=units))
    frame = frame.merge(pd.DataFrame({"period": np.arange(1, 11)}), how="cross")
    since = np.where(frame["adopted"] > 0, frame["period"] - frame["adopted"], -99)
    return frame.assign(since=since, mean=mean(frame, since)), random


def test_effects_that_grow_are_found_though_the_usual_regression_misses_them():
    frame, random = world(1, 3000, lambda frame, since: frame["level"] + np.where(since >= 0, 1.0 + since, 0.0))
    frame["y"] = frame["mean"] + random.normal(size=len(frame))
    window = {"kappa_pre": 3, "kappa_post": 2}
    for method, options in (("sun_abraham", {}), ("extended_twfe", {}), ("stacked", window)):
        table = estimate_att(frame, **COLUMNS, method=method, **options).table().query("event_time >= 0")
        # At most 15 cells: beyond 4 errors by chance less than once in 1,000 such tests, and the seed is fixed.
        assert ((table["att"] - 1 - table["event_time"]).abs() < 4 * table["std_error"]).all()
    truth = frame.loc[frame["since"] >= 0, "since"].mean() + 1
    found = two_way_fixed_effects(frame, **COLUMNS)
    assert found.static["ci_high"] < truth - 0.5
    assert decompose_twfe(frame, **COLUMNS).forbidden_share > 0.1


@pytest.mark.parametrize("ratio", [0.7])
def test_a_ratio_is_found_where_levels_differ_and_rates_move_in_proportion(ratio):
    """Levels differ by cohort and all rates fall by half: in levels the arms do not change alike."""

    def mean(frame, since):
        rate = np.exp(0.4 * frame["level"] + 0.2 * (frame["adopted"] > 0) * frame["adopted"] / 4 + 0.3 * frame["x"])
        return rate * 0.5 ** (frame["period"] / 10) * np.where(since >= 0, ratio, 1.0)

    frame, random = world(2, 3000, mean)
    frame["months"] = random.integers(1, 13, len(frame))
    frame["y"] = random.poisson(frame["mean"] * frame["months"]).astype(float)
    options = {"method": "extended_twfe", "family": "poisson", "exposure": "months", "covariates": ["x"]}
    found = estimate_att(frame, **COLUMNS, **options).ratio()
    assert abs(np.log(found.ratio / ratio)) < 3 * found.log_std_error < 0.15


def test_errors_of_effects_and_ratios_are_their_spread_over_panels():
    """60 panels: the spread of an estimate is known to about 9 %, so 30 % is beyond three such errors."""

    def mean(frame, since):
        return np.exp(0.5 + 0.5 * frame["x"] + 0.3 * frame["level"] - 0.03 * frame["period"]) * np.where(
            since >= 0, 0.8, 1.0
        )

    rows = []
    for seed in range(60):
        frame, random = world(100 + seed, 250, mean)
        frame["y"] = random.poisson(frame["mean"]).astype(float)
        found = estimate_att(frame, **COLUMNS, method="extended_twfe", family="poisson", covariates=["x"])
        effect, ratio = found.overall(), found.ratio()
        stacked = estimate_att(frame, **COLUMNS, method="stacked", kappa_pre=2, kappa_post=2).by_event_time().rows[3]
        rows.append(
            [effect.att, np.log(ratio.ratio), stacked.att, effect.std_error, ratio.log_std_error, stacked.std_error]
        )
    rows = np.array(rows)
    np.testing.assert_allclose(rows[:, 3:].mean(axis=0) / rows[:, :3].std(axis=0, ddof=1), 1, atol=0.3)
    assert abs(rows[:, 1].mean() - np.log(0.8)) < 4 * rows[:, 1].std() / np.sqrt(60)
