"""What is looked at beside an effect: averages without a cohort, every cell with its band, what could not be had."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tf_eval.did import LeaveOneOut, estimate_att
from tf_eval.did.aggregate import over_event_times
from tf_eval.errors import ConfigError, NotEstimated

COLUMNS = {"unit": "unit", "period": "period", "adopted": "adopted", "outcome": "y"}
AVERAGES = ("simple", "event_time", "cohort", "calendar_period", (0, 1))


def staggered(starts=(3, 4, 5), per=12, never=20, periods=6, seed=5) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    start = np.r_[np.repeat(starts, per), np.zeros(never, dtype=int)]
    unit, period = np.repeat(np.arange(len(start)), periods), np.tile(np.arange(1, periods + 1), len(start))
    treated = (start[unit] > 0) & (period >= start[unit])
    y = random.normal(size=len(start))[unit] + random.normal(size=len(unit)) + 0.1 * start[unit] * treated
    return pd.DataFrame({"unit": unit, "period": period, "adopted": start[unit], "y": y})


@pytest.mark.parametrize("average", AVERAGES)
def test_a_cohort_left_out_of_the_average_is_one_left_out_of_the_data(average):
    """With the never treated as comparison no other cell rests on the cohort."""
    frame = staggered()
    left_out = estimate_att(frame, **COLUMNS, comparison="never_treated").leave_one_cohort_out(average)
    for row, start in zip(left_out.without, (3, 4, 5), strict=True):
        rest = estimate_att(frame[frame["adopted"] != start], **COLUMNS, comparison="never_treated")
        expected = rest.band(*average) if isinstance(average, tuple) else rest.overall(average)
        assert row.att == pytest.approx(expected.att)
        assert row.std_error == pytest.approx(expected.std_error)


def test_the_error_of_a_change_is_that_of_the_difference_of_two_averages():
    effect = estimate_att(staggered(), **COLUMNS)
    left_out = effect.leave_one_cohort_out((0, 0))
    without = replace(effect.cells, att=np.where(effect.cells.group == 0, np.nan, effect.cells.att))
    whole, part = over_event_times(effect.cells, 0, 0), over_event_times(without, 0, 0)
    assert left_out.change[0] == pytest.approx(effect.combine(part.cells - whole.cells).att)
    assert left_out.weight == pytest.approx([1 / 3] * 3)
    influence = [effect.influence.combine(one.cells[:, None], one.groups[:, None]) for one in (whole, part)]
    assert left_out.change_error[0] == pytest.approx(np.sqrt(((influence[1] - influence[0]) ** 2).sum()))


def test_leaving_out_says_which_cohort_matters_most():
    frame = staggered()
    frame.loc[(frame["adopted"] == 4) & (frame["period"] >= 4), "y"] += 50
    left_out = estimate_att(frame, **COLUMNS).leave_one_cohort_out()
    assert isinstance(left_out, LeaveOneOut)
    assert "Cohort 4, with" in left_out.summary()
    table = left_out.table()
    assert table["adopted"].tolist() == [3, 4, 5]
    assert (table["att"] - table["change"]).to_numpy() == pytest.approx(left_out.effect.att)
    assert table["weight"].sum() == pytest.approx(1)
    assert table["n_left_out"].tolist() == [12] * 3
    json.dumps(left_out.to_dict(), allow_nan=False)


def test_a_sign_that_one_cohort_makes_is_told():
    frame = staggered()
    since = frame["period"] >= frame["adopted"]
    frame["y"] = np.where(since & (frame["adopted"] > 0), np.where(frame["adopted"] == 3, 30.0, -5.0), 0.0)
    frame["y"] += np.random.default_rng(0).normal(size=len(frame))
    assert "changes its sign without 3." in estimate_att(frame, **COLUMNS).leave_one_cohort_out().summary()


def test_a_single_cohort_cannot_be_left_out():
    found = estimate_att(staggered((3,)), **COLUMNS).leave_one_cohort_out()
    assert isinstance(found, NotEstimated)
    assert "single start cohort" in found.reason


def test_an_unknown_average_is_refused():
    with pytest.raises(ConfigError, match="Did you mean 'simple'"):
        estimate_att(staggered(), **COLUMNS).leave_one_cohort_out("simpel")


@pytest.mark.parametrize("average", [(1, 0), (0,), (0, 1.5), 3])
def test_a_pair_of_event_times_that_is_none_is_refused(average):
    with pytest.raises(ConfigError, match="pair of event times"):
        estimate_att(staggered(), **COLUMNS).leave_one_cohort_out(average)


def test_a_cohort_of_few_units_is_not_drawn():
    frame = staggered()
    frame = frame[~frame["unit"].isin(range(12, 16))]  # leaves eight units that start in 4
    ax = estimate_att(frame, **COLUMNS).leave_one_cohort_out((0, 0)).plot()
    assert [label.get_text() for label in ax.get_yticklabels()] == ["3", "4 (not shown)", "5"]
    assert ax.containers[0].lines[0].get_ydata().tolist() == [0, 2]


def test_an_average_of_few_units_is_not_drawn_either():
    frame = staggered((3, 4))
    frame = frame[~frame["unit"].isin(range(12, 16))]  # leaves eight units that start in 4
    ax = estimate_att(frame, **COLUMNS).leave_one_cohort_out((0, 0)).plot()
    assert [label.get_text() for label in ax.get_yticklabels()] == ["3 (not shown)", "4 (not shown)"]
    assert len(ax.patches) == 1  # of all twenty
    few = estimate_att(frame[~frame["unit"].isin(range(5))], **COLUMNS).leave_one_cohort_out((0, 3)).plot()
    assert not few.patches


def test_cohorts_of_a_set_are_named_by_set_and_start():
    frame = staggered(never=40).assign(side=lambda rows: np.where(rows["unit"] % 2, "north", "south"))
    names = estimate_att(frame, **COLUMNS, sets="side").leave_one_cohort_out().names
    assert names == ("north, 3", "north, 4", "north, 5", "south, 3", "south, 4", "south, 5")


def test_by_cell_is_the_table_with_a_band_over_all():
    effect = estimate_att(staggered(), **COLUMNS, baseline="universal")
    cells, table = effect.by_cell(), effect.table()
    own = cells.table()
    for column in ("att", "std_error", "n_treated", "n_comparison"):
        assert own[column].to_numpy(float) == pytest.approx(table[column].to_numpy(float), nan_ok=True)
    banded = cells.simultaneous(seed=1)
    assert banded.reach > 2  # eighteen cells, of which fifteen have an error
    assert np.isfinite(banded.table()["band_low"]).sum() == 15


def test_a_cell_that_is_not_estimated_keeps_its_reason():
    effect = estimate_att(staggered(never=0), **COLUMNS)
    reasons = [row.reason for row in effect.by_cell() if isinstance(row, NotEstimated)]
    assert reasons
    assert set(reasons) == {"no comparison unit is left"}


def test_the_summary_says_for_how_much_of_the_treated_it_stands():
    effect = estimate_att(staggered(never=0), **COLUMNS, smallest_shown=1)
    # Without the never treated there is nobody to compare with from period 5 on: of periods 3 to 6, 4 to 6 and 5 to 6
    # since each start, those before 5 are 2 + 1 + 0 of 4 + 3 + 2.
    assert "could not be estimated" in effect.summary()
    assert ": no comparison unit is left)" in effect.summary()
    assert effect.summary().endswith("The others hold 33% of the treated's time since their start.")
    assert "could not" not in estimate_att(staggered(), **COLUMNS).summary()


def test_where_nothing_could_be_estimated_everything_says_so():
    frame = staggered((3,), per=20).assign(z=lambda rows: (rows["adopted"] > 0) * 1.0)
    effect = estimate_att(frame, **COLUMNS, covariates="z")
    assert effect.summary().startswith("Not estimated: none of its cells could be estimated: the covariates are col")
    assert "5 of 5" not in effect.summary()  # once is enough
    assert "hold" not in effect.summary()
    for found in (effect.leave_one_cohort_out(), effect.overlap(), effect.by_cell(), effect.paths()):
        assert found.summary().startswith("Not estimated: ")
    assert [text.get_text() for text in effect.plot_paths().texts] == ["No cell could be estimated"]
    for ax in (effect.plot_cells(), effect.plot_weights(), effect.overlap().plot()):
        assert not ax.texts
