"""Dates: in what steps they are counted, to which of them a start belongs, and how they are given back."""

import json
import pickle

import numpy as np
import pandas as pd
import pytest

from tf_eval.did import decompose_twfe, difference, estimate_att, estimate_switching, plan_power, two_way_fixed_effects
from tf_eval.errors import ConfigError

COLUMNS = {"unit": "unit", "period": "period", "adopted": "adopted", "outcome": "y"}
UNITS = 30


def panel(dates, starts=(3, 4, None)) -> pd.DataFrame:
    """Units that start at the given places among the dates, or at dates of their own."""
    random = np.random.default_rng(5)
    step = np.tile(np.arange(len(dates)), UNITS)
    frame = pd.DataFrame({"unit": np.repeat(np.arange(UNITS), len(dates)), "period": dates[step]})
    placed = [pd.NaT if start is None else dates[start] if isinstance(start, int) else start for start in starts]
    adopted = pd.Series(placed)[frame["unit"] % len(starts)].reset_index(drop=True)
    return frame.assign(adopted=adopted, y=random.normal(size=len(frame)), step=step)


def numbered(starts=(3, 4, np.nan)) -> pd.DataFrame:
    frame = panel(pd.date_range("2014-01-01", periods=7, freq="MS"))
    return frame.assign(period=frame["step"], adopted=np.array(starts)[frame["unit"] % len(starts)])


@pytest.mark.parametrize(
    ("dates", "called", "apart"),
    [
        (pd.date_range("2014-01-01", periods=7, freq="YS"), "year", "a year"),
        (pd.date_range("2013-04-01", periods=7, freq="YS-APR"), "year", "a year"),
        (pd.date_range("2014-12-31", periods=7, freq="YE"), "year", "a year"),
        (pd.period_range("2014", periods=7, freq="Y"), "year", "a year"),
        (pd.date_range("2014-02-10", periods=7, freq="QS-FEB") + pd.Timedelta("9D"), "quarter", "a quarter"),
        (pd.date_range("2014-03-31", periods=7, freq="QE"), "quarter", "a quarter"),
        (pd.date_range("2014-03-01", periods=7, freq="2MS"), "period", "2 months"),
        (pd.date_range("2014-03-01", periods=7, freq="MS", tz="Europe/London"), "month", None),
    ],
)
def test_periods_that_stand_regularly_apart_count_in_such_steps(dates, called, apart):
    found, plain = (estimate_att(frame, **COLUMNS, baseline=2) for frame in (panel(dates), numbered()))
    assert found.time_unit == called
    assert found.table()["event_time"].tolist() == plain.table()["event_time"].tolist()
    assert found.band(0, 1).att == pytest.approx(plain.band(0, 1).att)
    assert any(f"stand {apart} apart" in note for note in found.notes) == (apart is not None)
    assert found.by_event_time().rows[-1].label == f"{called} 3"


def test_a_monthly_panel_with_gaps_stays_monthly():
    months = pd.date_range("2014-01-01", periods=10, freq="MS")[[0, 3, 4, 6, 9]]
    found = estimate_att(panel(months, (3, 4, None)), **COLUMNS)
    assert found.time_unit == "month"
    assert found.table()["event_time"].tolist() == [-3, -2, 0, 3, -6, -5, -3, 0]


def test_irregular_waves_and_two_periods_stay_monthly_and_years_with_gaps_are_years():
    waves = pd.to_datetime(["2014-01-01", "2014-05-01", "2014-11-01", "2015-03-01"])
    years = pd.to_datetime(["2010-01-01", "2012-01-01", "2015-01-01", "2017-01-01"])
    for dates, called in ((waves, "month"), (years, "year"), (years[:2], "month")):
        found = estimate_att(panel(dates, (1, 1, None)), **COLUMNS)
        assert found.time_unit == called
        assert any("4 to 6 months apart by no rule" in note for note in found.notes) == (dates is waves)


@pytest.mark.parametrize(
    ("freq", "start", "first", "told"),
    [
        ("YS", "2017-06-15", "2017-01-01", True),
        ("YE", "2017-06-15", "2017-01-01", True),
        ("YE", "2017-01-01", "2017-01-01", False),
        ("YS", "2017-01-31", "2017-01-01", False),
        ("YS-APR", "2017-03-31", "2016-04-01", True),
    ],
)
def test_a_start_within_a_period_belongs_to_it_and_that_is_said(freq, start, first, told):
    dates = pd.date_range("2014-01-01", periods=7, freq=freq)
    found = estimate_att(panel(dates, (pd.Timestamp(start), None)), **COLUMNS)
    assert found.table()["adopted"].unique().tolist() == [pd.Timestamp(first)]
    assert any("Of about 15 units the start falls within a period" in note for note in found.notes) == told


def test_a_start_that_nobody_sees_is_not_told_and_results_of_other_steps_do_not_go_together():
    years, months = (pd.date_range("2014-01-01", periods=7, freq=freq) for freq in ("YS", "MS"))
    late = estimate_att(panel(years, (3, pd.Timestamp("2099-12-31"), pd.Timestamp("2000-06-01"))), **COLUMNS)
    assert not any("falls within" in note for note in late.notes)
    with pytest.raises(ConfigError, match="steps of 12 months in one and of 1 in the other"):
        difference(late, estimate_att(panel(months), **COLUMNS))


def test_dates_are_given_back_in_tables_and_travel():
    dates = pd.date_range("2014-01-01", periods=7, freq="YS")
    found = estimate_att(panel(dates), **COLUMNS)
    tables = [found.table(), found.by_cohort().table(), found.leave_one_cohort_out().table(), found.overlap().table()]
    for table in tables:
        assert table["adopted"].unique().tolist() == [dates[3], dates[4]]
    for table in (found.table(), found.by_calendar_period().table(), found.paths("calendar_period").table()):
        assert set(table["period"]) <= set(dates)
    assert [row.label for row in found.by_cohort()] == ["adopted in 2017", "adopted in 2018"]
    for told in (found.by_cohort(), found.overlap(), found.paths("calendar_period")):
        assert '"2017-01-01"' in json.dumps(told.to_dict())
    assert [text.get_text() for text in found.by_cohort().plot().get_xticklabels()] == ["2017", "2018"]
    assert [text.get_text() for text in found.plot_weights().get_xticklabels()] == ["0", "1", "2", "3"]
    assert "went from" in found.paths().summary() and "event year -3" in found.paths().summary()
    for drawn in (found.plot(), found.plot_cells(), found.plot_paths(), found.plot_paths("calendar_period")):
        assert drawn.get_xlabel() in ("Years since the start", "Year")
    assert pickle.loads(pickle.dumps(found.time_unit)).begins(2017) == dates[3]


def test_dates_are_given_back_by_the_other_estimators():
    dates = pd.date_range("2014-04-01", periods=7, freq="YS-APR")
    frame = panel(dates)
    twfe, parts = two_way_fixed_effects(frame, **COLUMNS), decompose_twfe(frame, **COLUMNS)
    assert set(twfe.weights.table()["adopted"]) == {dates[3], dates[4]}
    assert set(parts.table()["treated"]) == {dates[3], dates[4]}
    json.dumps([twfe.to_dict(), parts.to_dict()], allow_nan=False)
    synthetic = estimate_att(frame, **COLUMNS, method="synthetic").synthetic()
    assert synthetic.table()["adopted"].tolist() == [dates[3], dates[4]]
    assert synthetic.plot(adopted="2018-04").get_xlabel() == "Years since the start"
    assert synthetic.plot(adopted=dates[3]).lines[0].get_xdata().tolist() == list(range(-3, 4))


def test_years_can_be_planned_with_and_switches_of_them_are_told():
    frame = panel(pd.date_range("2014-01-01", periods=7, freq="YS"))
    planned = plan_power(frame, **{name: COLUMNS[name] for name in ("unit", "period", "outcome")}, treated=10,
                         periods_after=[1, 2], periods_before=2)  # fmt: skip
    assert "seen for 1 year after" in planned.summary() or "seen for 2 years after" in planned.summary()
    on = frame.assign(d=((frame["unit"] % 2 == 0) & (frame["step"] > 2)).astype(int))
    found = estimate_switching(on, outcome="y", unit="unit", period="period", treatment="d", effects=2)
    assert found.time_unit == "year" and any("stand a year apart" in note for note in found.notes)
