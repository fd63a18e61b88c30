"""The event-study figure: what is drawn, without a window."""

import numpy as np
import pandas as pd
from matplotlib import pyplot
from matplotlib.figure import Figure

from tf_eval.did import estimate_att


def effect(**asked):
    random = np.random.default_rng(8)
    frame = pd.DataFrame({"row": np.repeat(np.arange(20), 9), "event_time": np.tile(np.arange(-6, 3), 20)})
    frame = frame.assign(adopted=np.where(frame["row"] < 8, 0, np.nan), calls=random.poisson(2, 180))
    columns = {"outcome": "calls", "unit": "row", "period": "event_time", "adopted": "adopted"}
    return estimate_att(frame, **columns, smallest_shown=1, **asked)


def test_the_event_study_has_a_point_for_each_event_time_and_names_its_parts():
    ax = effect(baseline=3).plot()
    points = sum(len(container.lines[0].get_xdata()) for container in ax.containers)
    assert points == 9
    assert {text.get_text() for text in ax.texts} == {"Before the start", "After the start", "Baseline window"}
    assert ax.get_ylabel() == "Estimated effect on calls"
    assert ax.get_xlabel() == "Months since the start"


def test_bands_cohorts_and_pre_trends_are_drawn_by_name():
    study = effect(baseline=3)
    bands = study.bands({"0-1": (0, 1), "2": (2, 2)}).plot()
    assert [label.get_text() for label in bands.get_xticklabels()] == ["0-1", "2"]
    assert len(study.by_cohort().plot().get_xticklabels()) == 1
    assert len(study.pre_trends([(-6, -5), (-4, -4)]).plot().get_xticklabels()) == 2


def test_of_very_many_rows_only_some_are_named():
    random = np.random.default_rng(8)
    frame = pd.DataFrame({"unit": np.repeat(np.arange(90), 12), "period": np.tile(np.arange(12), 90)})
    frame = frame.assign(adopted=frame["unit"] % 9 + 2, y=random.normal(size=len(frame)))
    frame.loc[frame["unit"] < 20, "adopted"] = np.nan
    cells = estimate_att(frame, outcome="y", unit="unit", period="period", adopted="adopted").by_cell()
    names = [label.get_text() for label in cells.plot().get_xticklabels()]
    assert len(cells) == 99
    assert names[:2] == ["2 (-1)", "2 (2)"]
    assert len(names) == 33


def test_dates_are_told_as_months():
    random = np.random.default_rng(8)
    frame = pd.DataFrame({"unit": np.repeat(np.arange(40), 4), "step": np.tile(np.arange(4), 40)})
    frame = frame.assign(month=pd.Timestamp("2019-11-01") + frame["step"] * pd.Timedelta("31D"))
    frame["started"] = pd.Timestamp("2020-01-01")
    frame.loc[frame["unit"] < 20, "started"] = pd.NaT
    frame["y"] = random.normal(size=len(frame))
    effect = estimate_att(frame, outcome="y", unit="unit", period="month", adopted="started")
    assert [row.label for row in effect.by_cohort()] == ["adopted in 2020-01"]
    assert [row.label for row in effect.by_calendar_period()] == ["period 2020-01", "period 2020-02"]
    assert [text.get_text() for text in effect.by_cohort().plot().get_xticklabels()] == ["2020-01"]


def test_an_axes_handed_in_is_used():
    ax = Figure().add_subplot()
    assert effect().plot(ax) is ax


def test_no_window_is_opened():
    opened = pyplot.get_fignums()
    effect().plot()
    assert pyplot.get_fignums() == opened
