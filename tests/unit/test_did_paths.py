"""Mean outcomes of both arms: their changes are the effects, whatever weighs the comparison units."""

import json

import numpy as np
import pandas as pd
import pytest

from tf_eval.did import Paths, estimate_att
from tf_eval.errors import ConfigError

COLUMNS = {"unit": "unit", "period": "period", "adopted": "adopted", "outcome": "y"}
MODELS = ("doubly_robust", "improved_doubly_robust", "outcome_regression", "inverse_probability")


def panel(starts=(3,), per=30, never=60, periods=5, seed=4) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    start = np.r_[np.repeat(starts, per), np.zeros(never, dtype=int)]
    x = random.normal(size=len(start)) + 0.5 * (start > 0)
    unit, period = np.repeat(np.arange(len(start)), periods), np.tile(np.arange(1, periods + 1), len(start))
    y = 50 + 3 * x[unit] * period + random.normal(size=len(unit)) + 10 * ((start[unit] > 0) & (period >= start[unit]))
    frame = pd.DataFrame({"unit": unit, "period": period, "adopted": start[unit], "y": y, "x": x[unit]})
    return frame.assign(w=random.uniform(0.5, 2, len(start))[unit])


@pytest.mark.parametrize("method", MODELS)
def test_the_paths_of_one_cohort_part_by_its_effects(method):
    effect = estimate_att(panel(), **COLUMNS, method=method, covariates="x", weights="w", baseline="universal")
    table = effect.paths().table().set_index("event_time")
    apart = table["treated_mean"] - table["comparison_mean"]
    effects = effect.by_event_time().table().set_index("event_time")["att"]
    assert (apart - apart[-1]).to_numpy() == pytest.approx(effects.to_numpy(), abs=1e-9)


def test_without_models_the_means_are_those_of_the_rows():
    frame = panel((3, 4))
    table = estimate_att(frame, **COLUMNS, comparison="never_treated").paths().table().set_index("event_time")
    at_zero = frame[(frame["period"] == frame["adopted"])]
    never = frame[(frame["adopted"] == 0) & frame["period"].isin([3, 4])]
    assert table.loc[0, "treated_mean"] == pytest.approx(at_zero["y"].mean())
    assert table.loc[0, "comparison_mean"] == pytest.approx(never["y"].mean())
    assert table.loc[0, ["n_treated", "n_comparison"]].tolist() == [60, 60]


def test_the_path_without_treatment_is_the_counterfactual_of_the_event_study():
    effect = estimate_att(panel((3, 4)), **COLUMNS, covariates="x")
    study = effect.by_event_time().table()
    table = effect.paths().table()
    since = (table["event_time"] >= 0).to_numpy()
    for column in ("treated_mean", "counterfactual_mean"):
        assert table.loc[since, column].to_numpy() == pytest.approx(study.loc[since, column].to_numpy())
    assert table.loc[~since, "counterfactual_mean"].isna().all()


def test_calendar_periods_hold_all_cohorts_before_and_since_their_start():
    frame = panel((3, 4))
    effect = estimate_att(frame, **COLUMNS, comparison="never_treated")
    table = effect.paths("calendar_period").table().set_index("period")
    in_three = frame[frame["period"] == 3]
    assert table.loc[3, "treated_mean"] == pytest.approx(in_three.loc[in_three["adopted"] > 0, "y"].mean())
    started = effect.table().query("adopted == 3 and period == 3")["att"].item()
    # Half of the treated have started by then.
    assert table.loc[3, "treated_mean"] - table.loc[3, "counterfactual_mean"] == pytest.approx(started / 2)


def test_paths_say_what_else_moves_them():
    effect = estimate_att(panel((3, 4)), **COLUMNS)
    paths = effect.paths()
    assert isinstance(paths, Paths)
    assert "Units leave the comparison as they start" in paths.summary()
    assert "Other cohorts are seen at other times" in paths.summary()
    assert "Other cohorts" not in effect.paths(balanced=1).summary()
    never = estimate_att(panel((3,)), **COLUMNS, comparison="never_treated").paths().summary()
    assert "went from" in never
    assert "moves" not in never
    assert "leave the comparison" not in estimate_att(panel((3,)), **COLUMNS).paths().summary(), "nobody else starts"
    assert repr(paths) == "<Paths: y by event time, 5 times>"
    json.dumps(paths.to_dict(), allow_nan=False)


def test_times_of_few_units_leave_a_gap_in_the_figure():
    frame = panel((3, 4), per=12)
    frame = frame[~frame["unit"].between(12, 15)]  # eight units that start in 4
    ax = estimate_att(frame, **COLUMNS, baseline="universal").plot_paths()
    treated = ax.lines[0]
    # Only the cohort of eight is seen three periods before its start.
    assert np.isnan(treated.get_ydata()).tolist() == [True, False, False, False, False, False]
    assert treated.get_xdata().tolist() == [-3, -2, -1, 0, 1, 2]


def test_paths_refuse_what_they_cannot_show():
    effect = estimate_att(panel((3, 4)), **COLUMNS)
    with pytest.raises(ConfigError, match="Did you mean 'event_time'"):
        effect.paths("event_tim")
    with pytest.raises(ConfigError, match="balanced is for event times"):
        effect.paths("calendar_period", balanced=1)
    with pytest.raises(ConfigError, match="compares each cell by itself"):
        estimate_att(panel(), **COLUMNS, method="sun_abraham").plot_paths()
    stacked = panel((0,), periods=4).assign(period=lambda rows: rows["period"] - 3, area="one")
    stacked["adopted"] = np.where(stacked["unit"] < 30, 0, np.nan)
    with pytest.raises(ConfigError, match="stacked in event time"):
        estimate_att(stacked, **COLUMNS, sets="area").paths("calendar_period")


def test_the_course_of_few_units_is_not_told():
    alone = estimate_att(panel(per=1), **COLUMNS).paths()
    assert "not shown" in alone.summary()
    assert not any(character.isdigit() for character in alone.summary().replace("fewer than 10", ""))
    assert "not shown" not in estimate_att(panel(per=10), **COLUMNS).paths().summary()


def test_units_are_said_to_leave_the_comparison_only_where_some_start():
    assert "leave the comparison" in estimate_att(panel((3, 4)), **COLUMNS).paths().summary()
    assert "leave the comparison" not in estimate_att(panel(), **COLUMNS).paths().summary()
