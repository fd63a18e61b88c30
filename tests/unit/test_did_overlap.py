"""What each cell rests on, against weights worked out by themselves, and the maps of cells."""

import json

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from statsmodels.api import GLM, add_constant, families

from tf_eval.did import Overlap, estimate_att
from tf_eval.did.inspection.comparison import counted_rows, trace_of
from tf_eval.errors import ConfigError

COLUMNS = {"unit": "unit", "period": "period", "adopted": "adopted", "outcome": "y"}
MODELS = ("doubly_robust", "improved_doubly_robust", "outcome_regression", "inverse_probability")


def panel(starts=(3,), per=40, never=60, periods=4, seed=2) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    start = np.r_[np.repeat(starts, per), np.zeros(never, dtype=int)]
    x = random.normal(size=len(start)) + 0.7 * (start > 0)
    unit, period = np.repeat(np.arange(len(start)), periods), np.tile(np.arange(1, periods + 1), len(start))
    y = x[unit] * period + random.normal(size=len(unit))
    frame = pd.DataFrame({"unit": unit, "period": period, "adopted": start[unit], "y": y, "x": x[unit]})
    return frame.assign(w=random.uniform(0.5, 2, len(start))[unit], area=unit % 7)


def of_units(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.drop_duplicates("unit")


@pytest.mark.parametrize("method", MODELS)
def test_what_comparison_units_count_makes_the_estimate(method):
    """The effect is the treated's weighted mean change less the sum of changes times what the units count."""
    frame = panel((3, 4))
    effect = estimate_att(frame, **COLUMNS, covariates="x", weights="w", method=method)
    trace = trace_of(effect.influence, "test")
    outcome, weight = effect.panel.outcome, effect.panel.weight
    for one in trace.served:
        change = outcome[:, one.contrast.after] - outcome[:, one.contrast.base]
        rows, treated = [each for each, _, _ in counted_rows(trace, one)], one.contrast.treated.positions()
        counts = [each for _, _, each in counted_rows(trace, one)]
        assert sum(each.sum() for each in counts) == pytest.approx(1)
        expected = sum(each @ change[some] for some, each in zip(rows, counts, strict=True))
        mean = np.average(change[treated], weights=weight[treated], axis=0)
        assert mean - expected == pytest.approx(effect.cells.att[one.cells])


def test_effective_size_and_scores_are_those_of_a_logit_fitted_by_itself():
    frame = panel()
    table = estimate_att(frame, **COLUMNS, covariates="x", method="inverse_probability").overlap().table()
    units = of_units(frame)
    treated, design = (units["adopted"] > 0).to_numpy(), add_constant(units["x"])
    scores = GLM(treated.astype(float), design, family=families.Binomial()).fit().predict()
    odds = (scores / (1 - scores))[~treated]
    expected = {
        "effective_sample_size": odds.sum() ** 2 / (odds**2).sum(),
        "largest_share": odds.max() / odds.sum(),
        "treated_score_low": scores[treated].min(),
        "treated_score_high": scores[treated].max(),
        "comparison_score_low": scores[~treated].min(),
        "comparison_score_high": scores[~treated].max(),
        "n_trimmed": 0,
    }
    # Both climb to within 1e-8 of the maximum.
    assert table.loc[0, list(expected)].to_dict() == pytest.approx(expected, rel=1e-5)


def test_effective_size_of_a_regression_is_that_of_its_implied_weights():
    frame = panel()
    table = estimate_att(frame, **COLUMNS, covariates="x", method="outcome_regression").overlap().table()
    units = of_units(frame)
    x, treated = add_constant(units["x"]).to_numpy(), (units["adopted"] > 0).to_numpy()
    implied = x[~treated] @ np.linalg.solve(x[~treated].T @ x[~treated], x[treated].mean(axis=0))
    assert table["effective_sample_size"].to_numpy() == pytest.approx([1 / (implied @ implied)] * 3)
    assert "n_trimmed" not in table


def test_without_covariates_units_count_by_their_own_weights():
    frame = panel()
    never = of_units(frame).query("adopted == 0")["w"]
    plain, weighted = (estimate_att(frame, **COLUMNS, weights=w).overlap().table() for w in (None, "w"))
    assert plain["effective_sample_size"].to_numpy() == pytest.approx([60] * 3)
    assert weighted["effective_sample_size"].to_numpy() == pytest.approx([never.sum() ** 2 / (never**2).sum()] * 3)
    assert weighted["largest_share"].to_numpy() == pytest.approx([never.max() / never.sum()] * 3)


def test_units_that_are_set_aside_for_their_chance_of_treatment_are_counted():
    """With a category as covariate chances are shares: 299 of 300 treated is above 0.995, and below 0.999."""
    frame = panel(per=309, never=201)
    unit = frame["unit"]
    frame["kind"] = np.where((unit < 299) | (unit == 309), "alike", "others")
    overlap = estimate_att(frame, **COLUMNS, covariates="kind", method="inverse_probability").overlap()
    table = overlap.table()
    assert (table["n_trimmed"] == 1).all()
    assert table["comparison_score_high"].to_numpy() == pytest.approx([299 / 300] * 3)
    assert table["treated_score_low"].to_numpy() == pytest.approx([10 / 210] * 3)
    assert "In 3 cells comparison units were set aside" in overlap.summary()


def test_comparison_units_that_count_negatively_are_told_where_a_model_reaches_beyond_them():
    """Of a line through comparison units, what each counts is linear in x, and negative far from the treated."""
    frame = panel()
    frame["x"] = frame["x"] + 3 * (frame["adopted"] > 0)
    overlap = estimate_att(frame, **COLUMNS, covariates="x", method="outcome_regression").overlap()
    x = of_units(frame).groupby("adopted")["x"]
    compared, mean = x.get_group(0), x.get_group(3).mean()
    apart = compared - compared.mean()
    counts = 1 / len(compared) + apart * (mean - compared.mean()) / (apart @ apart)
    share = -counts[counts < 0].sum()
    assert overlap.table()["negative_share"].to_numpy() == pytest.approx([share] * 3)
    assert f"In 3 cells comparison units count negatively, by up to {share:.0%} of the whole" in overlap.summary()
    near = estimate_att(panel(), **COLUMNS, covariates="x", method="inverse_probability").overlap()
    assert (near.table()["negative_share"] == 0).all() and "negatively" not in near.summary()


def test_cells_that_rest_on_little_are_named_with_the_reason():
    frame = panel((3, 4), per=12)
    frame = frame[~frame["unit"].between(12, 15)]  # eight units start in 4
    frame.loc[frame["unit"] == 30, "w"] = 100.0
    overlap = estimate_att(frame, **COLUMNS, weights="w").overlap()
    assert isinstance(overlap, Overlap)
    little = overlap.table().set_index("adopted")["rests_on_little"]
    assert little[4].str.contains("fewer than 10 treated units").all()
    assert little[3].str.contains("one comparison unit counts for").all()
    assert not little[3].str.contains("treated units").any()
    assert "6 of 6 estimated cells rest on little; the least is cohort" in overlap.summary()
    assert repr(overlap) == "<Overlap: y, 6 cells, 6 rest on little>"
    json.dumps(overlap.to_dict(), allow_nan=False)


def test_a_base_period_and_a_cell_not_estimated_rest_on_nothing():
    frame = panel((3, 4), per=30, never=0)
    overlap = estimate_att(frame, **COLUMNS, baseline="universal").overlap()
    table = overlap.table()
    missing = table["reason"] == "no comparison unit is left"
    assert table.loc[missing, "effective_sample_size"].isna().all()
    assert table["rests_on_little"].isna().all()
    assert "No cell rests on little." in overlap.summary()


def test_a_base_period_rests_on_nothing_however_few_its_units_are():
    table = estimate_att(panel(per=8), **COLUMNS, baseline="universal").overlap().table().set_index("event_time")
    assert table["rests_on_little"].isna().tolist() == [False, True, False, False]


def test_two_ways_of_clustering_change_no_weights():
    frame = panel((3, 4))
    one, two = (estimate_att(frame, **COLUMNS, cluster=by).overlap() for by in ("unit", ["unit", "area"]))
    pd.testing.assert_frame_equal(one.table(), two.table())


@pytest.mark.parametrize("asked", [{"method": "sun_abraham"}, {"sample": "cross_sections"}])
def test_overlap_is_refused_where_cells_have_no_comparison_units_of_their_own(asked):
    with pytest.raises(ConfigError, match="compares each cell by itself"):
        estimate_att(panel(), **COLUMNS, **asked).overlap()


def told(ax) -> set[str]:
    legend = ax.get_legend()
    return {text.get_text() for text in legend.get_texts()} if legend else set()


def test_the_map_shows_no_cell_of_few_units_and_says_so():
    frame = panel((3, 4), per=12)
    frame = frame[~frame["unit"].between(12, 15)]
    ax = estimate_att(frame, **COLUMNS, baseline="universal").plot_cells()
    written = [text.get_text() for text in ax.texts]
    assert len(written) == 3  # of the cohort of twelve all but the base period
    assert told(ax) == {"Treatment starts", "Base period: 0", "Not shown: fewer than 10 units"}
    assert [label.get_text() for label in ax.get_yticklabels()] == ["3", "4"]


def test_the_map_says_what_is_not_estimated():
    ax = estimate_att(panel((3, 4), per=30, never=0), **COLUMNS).plot_cells()
    assert "Not estimated" in told(ax)


def test_a_narrow_map_has_no_numbers_and_uses_the_axes_given():
    ax = Figure(figsize=(3, 2)).add_subplot()
    assert estimate_att(panel((3, 4)), **COLUMNS).plot_cells(ax) is ax
    assert not ax.texts


def test_weights_of_an_average_are_drawn_with_the_sums_of_cohorts():
    ax = estimate_att(panel((3, 4), per=20), **COLUMNS).plot_weights()
    # Two cells of the cohort that starts in 3 and one of the other, all of one weight.
    assert [label.get_text() for label in ax.get_yticklabels()] == ["3 (67%)", "4 (33%)"]
    assert {text.get_text() for text in ax.texts} == {"33.3"}
    assert [label.get_text() for label in ax.get_xticklabels()] == ["0", "1"]
    assert not told(ax)  # everything that counts is since the start
    with pytest.raises(ConfigError, match="plot_weights"):
        estimate_att(panel(), **COLUMNS).plot_weights("simpel")


def test_dates_are_named_on_the_map():
    frame = panel((3,), periods=4)
    frame = frame.assign(period=pd.to_datetime("2020-01-15") + pd.to_timedelta(30 * (frame["period"] - 1), "D"))
    frame["adopted"] = np.where(frame["adopted"] > 0, np.datetime64("2020-03-01"), np.datetime64("NaT"))
    ax = estimate_att(frame, **COLUMNS).plot_cells()
    assert [label.get_text() for label in ax.get_yticklabels()] == ["2020-03"]


def test_weights_do_not_tell_how_many_a_small_cohort_is():
    frame = panel((3, 4), per=20)
    frame = frame[~frame["unit"].between(4, 19)]  # four units that start in 3
    hidden, shown = (estimate_att(frame, **COLUMNS, smallest_shown=least).plot_weights() for least in (10, 1))
    assert [label.get_text().split()[0] for label in shown.get_yticklabels()] == ["3", "4"]
    assert hidden.get_yticklabels()[0].get_text() == "3"
    assert (len(hidden.texts), len(shown.texts)) == (1, 3)
