"""What words and figures tell of few units: nothing by default, everything where ``smallest_shown`` says so."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from tf_eval.did import (
    Design,
    Estimate,
    difference,
    estimate_att,
    estimate_by_dose,
    estimate_distribution,
    estimate_switching,
    naive_change,
)
from tf_eval.errors import ConfigError
from tf_eval.matching.display import number, rounded

COLUMNS = {"outcome": "y", "unit": "unit", "period": "period", "adopted": "adopted"}
EFFECTS = ("att", "ci_low", "ci_high")
DRAWN = (
    *("result", "event study", "band", "cohorts", "cells", "pre-trends", "honest", "left out", "paths"),
    *("calendar paths", "comparison", "placebos", "ratios", "difference", "switching", "dose", "distribution"),
)
NAMES = (*DRAWN, "overall", "power", "judgement", "ratio", "naive")


def world(starts: tuple[int, ...] = (5, 7), per: int = 4, never: int = 14, periods: int = 9) -> pd.DataFrame:
    random = np.random.default_rng(3)
    start = np.r_[np.repeat(starts, per), np.zeros(never, dtype=int)]
    unit, period = np.repeat(np.arange(len(start)), periods), np.tile(np.arange(1, periods + 1), len(start))
    since = (start[unit] > 0) & (period >= start[unit])
    frame = pd.DataFrame({"unit": unit, "period": period, "adopted": start[unit], "d": since.astype(int)})
    return frame.assign(dose=1.0 + unit % 3, y=random.poisson(4, len(unit)) + 3.0 * since)


def results(smallest_shown: int) -> dict[str, tuple[object, np.ndarray]]:
    """Return, by name, what can be told, with the numbers that nobody is told of few units."""
    frame, asked = world(), {**COLUMNS, "smallest_shown": smallest_shown}
    effect = estimate_att(frame, **asked, baseline="universal")
    synthetic = estimate_att(frame, **asked, method="synthetic")
    counts = estimate_att(frame, **asked, method="extended_twfe", family="poisson")
    study, placebos = effect.by_event_time(), synthetic.synthetic_placebos(seed=1, draws=99)
    switching = {name: value for name, value in asked.items() if name != "adopted"}
    found = {
        "result": (effect, EFFECTS),
        "overall": (effect.overall(), EFFECTS),
        "event study": (study, EFFECTS),
        "band": (study.simultaneous(seed=1, draws=99), (*EFFECTS, "band_low")),
        "cohorts": (effect.by_cohort(), EFFECTS),
        "cells": (effect.by_cell(), EFFECTS),
        "pre-trends": (effect.pre_trends([(-3, -3), (-2, -2)]), EFFECTS),
        "power": (study.pre_trend_power(), ("slope", "bias")),
        "honest": (study.honest(bounds=[0.5, 1]), ("ci_low", "identified_low")),
        "left out": (effect.leave_one_cohort_out(), EFFECTS),
        "paths": (effect.paths(), ("treated_mean", "comparison_mean")),
        "calendar paths": (effect.paths("calendar_period"), ("treated_mean", "comparison_mean")),
        "judgement": (effect.judge_clusters(seed=1, draws=99), EFFECTS),
        "comparison": (synthetic.synthetic(), ("miss",)),
        "placebos": (placebos, EFFECTS),
        "ratio": (counts.ratio(), ("ratio", "ci_low", "treated_mean")),
        "ratios": (counts.ratios(), ("ratio", "ci_low")),
        "difference": (difference(effect, counts), EFFECTS),
        "naive": (naive_change(frame, **asked, first=0, last=1, baseline=2), ("change", "ci_low", "follow_up_mean")),
        "switching": (
            estimate_switching(frame, **switching, treatment="d", effects=2, placebos=1),
            ("effect", "ci_low", "per_dose"),
        ),
        "dose": (estimate_by_dose(frame, **asked, dose="dose", cuts=[1]), EFFECTS),
        "distribution": (estimate_distribution(frame, **asked, thresholds=[5, 6]), ("share_treated", "share_expected")),
    }
    secrets = {name: _fractions(one.table()[list(columns)]) for name, (one, columns) in found.items()}
    secrets["comparison"] = _fractions(synthetic.synthetic().paths()[["treated", "synthetic"]])
    return {name: (one, secrets[name]) for name, (one, _) in found.items()}


def _fractions(numbers: pd.DataFrame) -> np.ndarray:
    """Return the numbers that cannot be met by chance, as whole ones can."""
    flat = numbers.to_numpy(dtype=float).ravel()
    return flat[np.isfinite(flat) & (flat != np.round(flat, 1))]


@pytest.fixture(scope="module")
def told() -> dict[int, dict[str, tuple[object, np.ndarray]]]:
    both = {smallest: results(smallest) for smallest in (10, 1)}
    assert set(both[1]) == set(NAMES)
    return both


def drawn(ax: Axes) -> np.ndarray:
    """Return all numbers at which anything is drawn, or by which it is coloured."""
    values = [np.ravel(line.get_xydata()) for line in ax.lines]
    values += [np.ravel(patch.get_bbox().get_points()) for patch in ax.patches if hasattr(patch, "get_bbox")]
    for collection in ax.collections:
        values += [np.ravel(path.vertices) for path in collection.get_paths()]
        if collection.get_array() is not None:
            values.append(np.ma.compressed(collection.get_array()))
    return np.concatenate([np.asarray(each, dtype=float) for each in values] or [np.zeros(0)])


def is_in(secrets: np.ndarray, told: np.ndarray) -> bool:
    return bool(np.isin(np.round(secrets, 9), np.round(told, 9)).any())


@pytest.mark.parametrize("name", NAMES)
def test_words_tell_nothing_of_few_units_unless_asked_to(told, name):
    (few, secrets), (every, same) = told[10][name], told[1][name]
    assert "not shown, for a group has fewer than 10" in few.summary()
    assert not any(number(secret) in few.summary() + repr(few) for secret in secrets if len(number(secret)) > 3)
    assert "not shown" not in every.summary() + repr(every)
    assert all(repr(one).startswith(f"<{type(one).__name__}: ") for one in (few, every))
    assert any(character.isdigit() for character in every.summary())
    np.testing.assert_array_equal(secrets, same)  # tables have all numbers, whatever is told


@pytest.mark.parametrize("name", DRAWN)
def test_figures_tell_nothing_of_few_units_unless_asked_to(told, name):
    (few, secrets), (every, _) = told[10][name], told[1][name]
    assert not is_in(secrets, drawn(few.plot()))
    assert is_in(secrets, drawn(every.plot()))


@pytest.mark.parametrize("figure", ["plot_cells", "overlap"])
def test_maps_of_cells_tell_nothing_of_few_units_unless_asked_to(told, figure):
    colours = {}
    for smallest, results in told.items():
        effect = results["result"][0]
        ax = effect.plot_cells() if figure == "plot_cells" else effect.overlap().plot()
        labels = [text.get_text() for text in ax.get_legend().get_texts()]
        assert ("Not shown: fewer than 10 units" in labels) == (smallest == 10)
        colours[smallest] = sum(len(np.ma.compressed(each.get_array())) for each in ax.collections[:1])
    assert colours == {10: 0, 1: 16}


def test_only_what_rests_on_few_units_is_left_out_of_an_event_study():
    frame = world(starts=(5, 7), per=8, never=20)
    study = estimate_att(frame, **COLUMNS).by_event_time()  # in all 16 units, and 8 at the ends
    fewest = study.table().set_index("event_time")["n_treated"]
    hidden = int((fewest < 10).sum())
    assert 0 < hidden < len(study)
    assert f"{len(study)} of {len(study)} could be estimated, of which {hidden} are not shown" in study.summary()
    ax = study.plot()
    assert ax.get_xlabel().endswith(f"Not shown, for fewer than 10 units: {hidden} of {len(study)}.")
    points = np.concatenate([container.lines[0].get_xdata() for container in ax.containers])
    assert set(points) == set(fewest.index[fewest >= 10])
    ends = [row for row in study if row.is_shown]
    assert number(min(row.att for row in ends)) in study.summary()


def test_counts_are_told_as_the_design_says():
    assert [rounded(count, 5) for count in (4, 5, 12)] == ["fewer than 5", "about 5", "about 10"]
    assert [rounded(count, 1) for count in (0, 1, 1234)] == ["0", "1", "1,234"]
    assert rounded(2, 2) == "about 5"
    design = Design("y", "unit", "period", "adopted", smallest_shown=3)
    assert design.shows(3, 8) and not design.shows(3, 2)
    assert design.told(2) == "fewer than 3"
    assert design.shown_rows(pd.DataFrame({"n": [2, 3, None]})).tolist() == [False, True, False]


@pytest.mark.parametrize("smallest", [0, -1, 2.5, True, "10"])
def test_a_number_that_is_none_is_refused_by_the_function_that_was_asked(smallest):
    frame = world()
    with pytest.raises(ConfigError, match=r"^estimate_att: smallest_shown must be a whole number"):
        estimate_att(frame, **COLUMNS, smallest_shown=smallest)
    asked = {name: value for name, value in COLUMNS.items() if name != "adopted"}
    with pytest.raises(ConfigError, match=r"^estimate_switching: smallest_shown must be a whole number"):
        estimate_switching(frame, **asked, treatment="d", smallest_shown=smallest)


def test_results_made_of_several_repeat_once_what_changes_how_they_should_be_read():
    frame = world(starts=(1, 5), per=30, never=40)
    dose = estimate_by_dose(frame, **COLUMNS, dose="dose", cuts=[1])
    shares = estimate_distribution(frame, **COLUMNS, thresholds=[7, 8])
    left_out = "units treated from the first period on; nothing is seen before it."
    assert all(found.summary().count(f"Left out: about 30 {left_out}") == 1 for found in (dose, shares))


def test_effects_that_are_told_otherwise_have_no_difference():
    one, other = (estimate_att(world(), **COLUMNS, smallest_shown=smallest) for smallest in (1, 10))
    with pytest.raises(ConfigError, match="smallest_shown is '1' in one and '10' in the other"):
        difference(one, other)


def test_an_effect_on_one_area_is_told_of_an_area():
    frame = world(starts=(5,), per=2, never=12)
    overall = estimate_att(frame, **COLUMNS, smallest_shown=1).overall()
    assert isinstance(overall, Estimate)
    assert "(2 treated and 12 comparison units where they are fewest)" in overall.summary()


def test_counts_of_a_mean_over_event_times_are_said_to_be_those_where_they_are_fewest():
    effect = estimate_att(world(), **COLUMNS, smallest_shown=1)
    fewest = "comparison units where they are fewest)"
    assert fewest in effect.band(0, 1).summary() and fewest in effect.by_cohort().rows[0].summary()
    of_one_time = effect.band(0, 0), *effect.by_event_time(), *effect.by_calendar_period(), *effect.by_cell()
    assert not any("fewest" in row.summary() for row in of_one_time)


def test_counts_of_a_ratio_are_told_as_those_of_its_effect():
    frame = world().assign(y=lambda rows: np.exp(rows["y"] / 4))
    effect = estimate_att(frame, **COLUMNS, method="extended_twfe", family="poisson", smallest_shown=1)
    assert "comparison units where they are fewest)" in effect.ratio().summary()
    assert not any("fewest" in row.summary() for row in effect.ratios())


def test_a_note_keeps_to_the_smallest_count_that_was_asked_for():
    dates = pd.to_datetime({"year": 2009 + world()["period"], "month": 1, "day": 1})
    starts = pd.to_datetime({"year": 2009 + world()["adopted"], "month": 6, "day": 1}, errors="coerce")
    effect = estimate_att(world().assign(period=dates, adopted=starts), **COLUMNS, smallest_shown=1000)
    assert any("Of fewer than 1000 units the start falls within" in note for note in effect.notes)


def test_one_effect_that_is_shown_or_is_not_is_told_as_one():
    frame = world(starts=(5, 7), per=8, never=20)
    frame = frame[(frame["adopted"] != 7) | (frame["unit"] % 8 < 7)]
    frame = pd.concat([frame, frame[frame["adopted"] == 5].assign(unit=lambda rows: rows["unit"] + 1000)])
    cohorts = estimate_att(frame, **COLUMNS).by_cohort()
    row = cohorts.rows[0]
    expected = (
        f"The estimated effect on y is {number(row.att)} (adopted in 5); 2 of 2 could be estimated, of which 1 is "
    )
    assert cohorts.summary().startswith(f"{expected}not shown")
    ratios = estimate_att(frame[frame["period"] < 6], **COLUMNS, method="extended_twfe", family="poisson").ratios()
    assert ratios.summary().startswith("The estimated rate ratio of y (1: no effect) is ")


def test_the_cohort_that_matters_most_is_said_to_be_of_those_that_are_shown():
    frame = world(starts=(5, 6, 7), per=12, never=20)
    few = frame[(frame["adopted"] != 7) | (frame["unit"] % 12 < 5)]
    told = [estimate_att(each, **COLUMNS).leave_one_cohort_out((0, 0)).summary() for each in (frame, few)]
    assert "matters most: without" in told[0] and "(1 of them not shown" not in told[0]
    assert "matters most of those shown: without" in told[1] and "(1 of them not shown" in told[1]


def test_a_mean_over_times_stands_for_a_share_of_the_treated_on_average():
    effect = estimate_att(world(), **COLUMNS, smallest_shown=1)  # of two cohorts one is seen at event times 3 and 4
    assert "time" not in effect.overall().summary().split("units")[1].split("It holds")[0]
    for mean in (effect.overall("event_time"), effect.band(0, 4)):
        assert "On average over time it stands for 80% of the treated." in mean.summary()
    assert " It stands for 50% of the treated." in effect.band(4, 4).summary()
    assert " It stands for 50% of the treated." in effect.by_cohort().rows[0].summary()
