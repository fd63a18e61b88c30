"""A planned study finds the effect it was planned for about as often as planned."""

import numpy as np
import pandas as pd
import pytest

from tf_eval.did import estimate_att, plan_power

COLUMNS = {"outcome": "y", "unit": "unit", "period": "period"}


def world(seed: int, units: int, effect: float = 0.0) -> pd.DataFrame:
    """Counts whose rates last, over twelve periods; half of the units start in the tenth."""
    random = np.random.default_rng(seed)
    shocks = random.normal(size=(units, 12))
    for period in range(1, 12):
        shocks[:, period] = 0.8 * shocks[:, period - 1] + 0.6 * shocks[:, period]
    outcome = random.poisson(np.exp(0.5 + 0.4 * shocks)).astype(float)
    start = np.where(np.arange(units) < units / 2, 10, np.inf)
    outcome += effect * (np.arange(1, 13) >= start[:, None])
    unit, period = np.divmod(np.arange(units * 12), 12)
    return pd.DataFrame({"unit": unit, "period": period + 1, "start": start[unit], "y": outcome.ravel()})


def test_new_studies_find_the_effect_as_often_as_planned():
    planned = plan_power(world(0, 600), **COLUMNS, treated=40, periods_after=3, periods_before=6)
    study = planned.studies[40, 3]
    found = [
        estimate_att(world(seed, 80, study.minimum_detectable), **COLUMNS, adopted="start", baseline=6).overall()
        for seed in range(1, 151)
    ]
    # 150 studies know a share of 80 % to 3.3 points, and the panel of 600 the error to 2 %, or 2 points more of power.
    assert np.mean([one.ci_low > 0 for one in found]) == pytest.approx(0.8, abs=0.11)
    assert np.mean([one.std_error for one in found]) == pytest.approx(study.std_error, rel=0.06)


def test_the_formula_and_placebo_starts_agree():
    planned = plan_power(
        world(0, 600), **COLUMNS, treated=[20, 60], periods_after=[1, 4], periods_before=4, seed=1, draws=150
    )
    table = planned.table()
    # 150 draws of either sign know a power of 80 % to about 3.3 points and the effect itself to about 4 %: thrice that.
    np.testing.assert_allclose(table["simulated_power"], 0.8, atol=0.1)
    np.testing.assert_allclose(table["simulated"] / table["minimum_detectable"], 1.0, atol=0.12)
    # With 20 treated normal intervals are a little too narrow: 7 % of 150, and three Monte-Carlo errors.
    assert table["false_positives"].max() <= 0.13


def test_pretending_that_shocks_do_not_last_misleads():
    """What Burlig, Preonas and Woerman warn of: with independent shocks longer windows help far more than in fact."""
    frame = world(0, 600)
    long, short = (
        plan_power(frame, **COLUMNS, treated=40, periods_after=n, periods_before=n).studies[40, n] for n in (6, 1)
    )
    assert long.std_error > 1.25 * short.std_error / np.sqrt(6)
