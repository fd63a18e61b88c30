"""The event-study figure: what is drawn, without a window."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tf_eval.did import (
    GroupTimeATT,
    decompose_twfe,
    difference,
    estimate_att,
    estimate_by_dose,
    estimate_distribution,
    estimate_switching,
    plan_power,
    two_way_fixed_effects,
)
from tf_eval.errors import ConfigError


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


def test_a_base_is_hollow_and_counts_as_no_effect():
    study = effect(baseline="universal").by_event_time()
    ax = study.plot()
    points = np.concatenate([container.lines[0].get_xdata() for container in ax.containers])
    assert sorted(points) == [-6, -5, -4, -3, -2, 0, 1, 2]
    (hollow,) = [line for line in ax.lines if line.get_markerfacecolor() == "white" and len(line.get_xdata())]
    assert hollow.get_xdata().tolist() == [-1] and hollow.get_ydata().tolist() == [0]
    assert ax.get_xlabel() == "Months since the start\nHollow: the base, 0 by construction."
    assert "8 of 8 could be estimated" in study.summary()
    assert repr(effect(baseline="universal")).startswith("<GroupTimeATT: calls, 8 group-period cells;")
    assert "of 8 estimated cells rest" in effect(baseline="universal").overlap().summary()
    assert repr(study) == "<Estimates: calls by event time, 8 of 8 estimated>"
    base = study.rows[5]
    assert base.is_base and "is 0 by construction" in base.summary()
    assert study.table()["reason"].dropna().to_dict() == {5: "reference period: zero by construction"}
    assert "Hollow" not in effect().plot().get_xlabel()


def test_bounds_that_are_many_or_unevenly_spaced_are_named_where_there_is_room():
    study = effect(baseline="universal").by_event_time()
    for bounds in (np.linspace(0, 2, 41), [0, 0.01, 0.02, 2], [2.0, 0.0, 1.0]):
        ax = study.honest(bounds=bounds).plot()
        assert not overlapping(ax)
        named = [label.get_text() for label in ax.get_xticklabels()]
        assert named[:2] == ["Parallel\ntrends", "0"] and float(named[-1]) > 1.9


def test_what_lines_mean_is_said_where_there_are_two_kinds():
    study = effect(baseline="universal").by_event_time()
    said = "Thick lines: interval of each by itself; thin: band for all at once."
    banded = study.simultaneous(seed=1)
    assert banded.plot().get_xlabel().split("\n")[1] == said
    hidden = replace(banded, design=replace(study.design, smallest_shown=10))
    assert "Thick" not in hidden.plot().get_xlabel()
    assert "Thick" not in study.plot().get_xlabel()
    assert "had the estimates no error" in study.honest(bounds=[1.0]).plot().get_xlabel()


def test_effects_by_dose_and_by_threshold_are_drawn_by_name():
    random = np.random.default_rng(8)
    frame = pd.DataFrame({"unit": np.repeat(np.arange(60), 4), "period": np.tile(np.arange(1, 5), 60)})
    frame = frame.assign(adopted=np.where(frame["unit"] < 30, 3, 0), dose=frame["unit"] % 3 + 1.0)
    frame["y"] = random.poisson(3, len(frame))
    columns = {"outcome": "y", "unit": "unit", "period": "period", "adopted": "adopted"}
    doses = estimate_by_dose(frame, **columns, dose="dose", cuts=[1]).effects.plot()
    assert [label.get_text() for label in doses.get_xticklabels()] == ["up to 1", "above 1"]
    shares = estimate_distribution(frame, **columns, thresholds=[3, 4]).effects.plot()
    assert [label.get_text() for label in shares.get_xticklabels()] == ["3", "4"]


@pytest.fixture(scope="module")
def twelve_cohorts() -> GroupTimeATT:
    return estimate_att(of_months(), **OF_MONTHS, smallest_shown=1)


@pytest.fixture(scope="module")
def in_places() -> GroupTimeATT:
    """Twelve cohorts in each of four places with long names."""
    names = ("Blackbird Leys and Northfield Brook", "Didcot, Harwell and the Astons", "Banbury Grimsbury", "Bicester")
    frame = of_months()
    return estimate_att(
        frame.assign(place=np.array(names)[frame["unit"] % 4]), **OF_MONTHS, sets="place", smallest_shown=1
    )


OF_MONTHS = {"outcome": "incidents of anti-social behaviour", "unit": "unit", "period": "month", "adopted": "began"}


def of_months() -> pd.DataFrame:
    """Return twelve cohorts and the never treated, each of a unit in four places, over 36 months."""
    random, months = np.random.default_rng(1), pd.date_range("2019-01-01", periods=36, freq="MS")
    unit, step = np.repeat(np.arange(13 * 4), 36), np.tile(np.arange(36), 13 * 4)
    start = 6 + 2 * (unit // 4)
    began = pd.Series(months[np.minimum(start, 35)]).where(start < 30)
    return pd.DataFrame(
        {"unit": unit, "month": months[step], "began": began, OF_MONTHS["outcome"]: random.normal(size=len(unit))}
    )


DRAWN = {
    "cells": lambda effect: effect.plot_cells(),
    "cells in little room": lambda effect: effect.plot_cells(Figure(figsize=(6, 3)).add_subplot()),
    "paths": lambda effect: effect.plot_paths(),
    "calendar paths": lambda effect: effect.plot_paths("calendar_period"),
    "left out": lambda effect: effect.leave_one_cohort_out().plot(),
    "cohorts": lambda effect: effect.by_cohort().plot(),
    "periods": lambda effect: effect.by_calendar_period().plot(),
    "event study": lambda effect: effect.plot(),
    "weights": lambda effect: effect.plot_weights(),
}


@pytest.mark.parametrize("name", DRAWN)
def test_no_label_of_many_cohorts_and_months_runs_into_another(twelve_cohorts, name):
    assert not overlapping(DRAWN[name](twelve_cohorts))


@pytest.mark.parametrize("name", ["cells", "cells in little room", "left out", "cohorts"])
def test_no_long_name_runs_into_another(in_places, name):
    ax = DRAWN[name](in_places)
    assert not overlapping(ax)
    axis = ax.xaxis if name == "cohorts" else ax.yaxis
    told = [label.get_text() for label in axis.get_ticklabels()]
    assert len(set(told)) == len(told)


def overlapping(ax) -> list[tuple[str, str]]:
    """Return neighbouring labels of an axis that run into each other as they are drawn."""
    canvas = FigureCanvasAgg(ax.figure)
    canvas.draw()
    found = []
    for axis in (ax.xaxis, ax.yaxis):
        told = [label for label in axis.get_ticklabels() if label.get_text()]
        boxes = [label.get_window_extent(canvas.get_renderer()) for label in told]
        found += [
            (one.get_text(), other.get_text())
            for (one, first), (other, second) in pairwise(zip(told, boxes, strict=True))
            if first.overlaps(second)
        ]
    return found


LONG = "incidents of anti-social behaviour that were reported to the police, for each thousand inhabitants"
WHERE = {**OF_MONTHS, "outcome": LONG}


def of_long_names() -> pd.DataFrame:
    """Return 20 units of each of three starts, with 20 that never start, and an outcome and a dose of long names."""
    frame = of_months()
    unit = frame["unit"] % 52
    frame = pd.concat([frame.assign(unit=unit), frame.assign(unit=unit + 52)]).query("unit < 80")
    began = np.array(["2019-12-01", "2020-06-01", "2021-01-01", "NaT"], dtype="datetime64[ns]")[frame["unit"] % 4]
    dose = f"hours of {LONG}"
    return frame.rename(columns={OF_MONTHS["outcome"]: LONG}).assign(began=began, **{dose: 1.0 + frame["unit"] % 7})


WITH_LONG_NAMES = {
    "event study": lambda frame: estimate_att(frame, **WHERE).plot(),
    "cells": lambda frame: estimate_att(frame, **WHERE).plot_cells(),
    "paths": lambda frame: estimate_att(frame, **WHERE).plot_paths(),
    "left out": lambda frame: estimate_att(frame, **WHERE).leave_one_cohort_out().plot(),
    "honest": lambda frame: estimate_att(frame, **WHERE, baseline=6).bands(HALF_YEARS).honest(bounds=[0, 1]).plot(),
    "difference": lambda frame: difference(*[estimate_att(frame, **WHERE)] * 2).plot(),
    "two-way": lambda frame: two_way_fixed_effects(frame, **WHERE).plot(),
    "decomposition": lambda frame: decompose_twfe(frame, **WHERE).plot(),
    "dose": lambda frame: estimate_by_dose(frame, **WHERE, dose=f"hours of {LONG}", smallest_shown=1).plot(),
    "plan": lambda frame: plan_power(frame, **WHERE, treated=[20, 40], periods_after=[1, 6]).plot(),
}
HALF_YEARS = {"before": (-12, -7), "base": (-6, -1), "first": (0, 5), "second": (6, 11)}


@pytest.mark.parametrize("name", WITH_LONG_NAMES)
def test_long_names_do_not_leave_the_figure(name):
    ax = WITH_LONG_NAMES[name](of_long_names())
    FigureCanvasAgg(ax.figure).draw()
    labels = [text for axes in ax.figure.axes for text in (axes.xaxis.label, axes.yaxis.label, *axes.texts)]
    told = [text for text in labels if text.get_text()]
    assert any(LONG in " ".join(text.get_text().split()) for text in told)
    for text in told:
        box = text.get_window_extent()
        assert (box.min >= 0).all() and (box.max <= ax.figure.bbox.max).all(), text.get_text()


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


COUNTY = {"outcome": "y", "unit": "unit", "period": "period", "adopted": "adopted"}


def county() -> pd.DataFrame:
    """Return two starts and the never treated, thirty units each, over six periods, with doses from 1 to 3."""
    random = np.random.default_rng(2)
    frame = pd.DataFrame({"unit": np.repeat(np.arange(90), 6), "period": np.tile(np.arange(1, 7), 90)})
    frame["adopted"] = np.select([frame["unit"] < 30, frame["unit"] < 60], [4, 5], 0)
    return frame.assign(dose=frame["unit"] % 3 + 1.0, y=random.poisson(3, len(frame)))


PLOTS = {
    "event study": lambda frame: estimate_att(frame, **COUNTY).plot,
    "cohorts": lambda frame: estimate_att(frame, **COUNTY).by_cohort().plot,
    "cells": lambda frame: estimate_att(frame, **COUNTY).plot_cells,
    "weights": lambda frame: estimate_att(frame, **COUNTY).plot_weights,
    "paths": lambda frame: estimate_att(frame, **COUNTY).plot_paths,
    "overlap": lambda frame: estimate_att(frame, **COUNTY).overlap().plot,
    "left out": lambda frame: estimate_att(frame, **COUNTY).leave_one_cohort_out().plot,
    "bounds": lambda frame: estimate_att(frame, **COUNTY, baseline="universal").by_event_time().honest().plot,
    "tested trends": lambda frame: estimate_att(frame, **COUNTY).pre_trends().plot,
    "ratios": lambda frame: estimate_att(frame, **COUNTY, method="extended_twfe", family="poisson").ratios().plot,
    "difference": lambda frame: (
        difference(estimate_att(frame, **COUNTY), estimate_att(frame[frame["adopted"] != 4], **COUNTY)).plot
    ),
    "synthetic": lambda frame: estimate_att(frame, **COUNTY, method="synthetic").synthetic().plot,
    "placebos": lambda frame: (
        estimate_att(frame[frame["unit"] > 45], **COUNTY, method="synthetic").synthetic_placebos(seed=1, draws=99).plot
    ),
    "regressions": lambda frame: two_way_fixed_effects(frame, **COUNTY).plot,
    "decomposition": lambda frame: decompose_twfe(frame, **COUNTY).plot,
    "doses": lambda frame: estimate_by_dose(frame, **COUNTY, dose="dose").plot,
    "shares": lambda frame: estimate_distribution(frame, **COUNTY, thresholds=[3]).plot,
    "switching": lambda frame: (
        estimate_switching(
            frame.assign(treated=(frame["adopted"] > 0) & (frame["period"] >= frame["adopted"])),
            outcome="y",
            unit="unit",
            period="period",
            treatment="treated",
        ).plot
    ),
    "plan": lambda frame: plan_power(frame, **COUNTY, treated=[20, 40], periods_after=2, periods_before=2).plot,
}


@pytest.mark.parametrize("name", PLOTS)
def test_what_is_no_axes_is_refused_by_every_plot(name):
    plot = PLOTS[name](county())
    for wrong in ("here", Figure().subplots(1, 2)):
        with pytest.raises(ConfigError, match="ax must be one Axes of matplotlib"):
            plot(ax=wrong)


def test_no_window_is_opened():
    opened = pyplot.get_fignums()
    effect().plot()
    assert pyplot.get_fignums() == opened
