"""What the regression family refuses, says of gaps and small groups, and does on panels that can be checked slowly."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from tf_eval.did import TwfeDecomposition, decompose_twfe, estimate_att, two_way_fixed_effects
from tf_eval.did.two_way.weights import TwfeWeights
from tf_eval.errors import ConfigError, InputError, NotEstimated
from tf_eval.matching.display import number

COLUMNS = {"unit": "unit", "period": "period", "adopted": "adopted", "outcome": "y"}
STARTS = (4, 5, 0)


def panel(seed: int = 0, units: int = 90, starts: tuple[int, ...] = STARTS, periods: int = 6) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    frame = pd.DataFrame({"unit": np.arange(units), "adopted": np.resize(starts, units)})
    frame = frame.assign(x=random.normal(size=units), w=random.uniform(0.5, 2, units))
    frame = frame.merge(pd.DataFrame({"period": np.arange(1, periods + 1)}), how="cross")
    return frame.assign(y=random.poisson(3, len(frame)) + 0.0, time=random.uniform(0.5, 2, len(frame)))


def estimate(frame: pd.DataFrame, **options):
    return estimate_att(frame, **COLUMNS, **options)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"method": "sun_abraham", "covariates": ["x"]}, "no use for 'covariates'"),
        ({"method": "doubly_robust", "family": "poisson"}, "no use for 'family'"),
        ({"method": "extended_twfe", "family": "normal"}, "no family 'normal'"),
        ({"method": "extended_twfe", "exposure": "time"}, "an exposure is for counts"),
        ({"method": "extended_twfe", "kappa_pre": 2}, "no use for 'kappa_pre'"),
        ({"method": "stacked", "kappa_pre": 2}, "kappa_post must be a whole number"),
        ({"method": "stacked", "kappa_pre": 1, "kappa_post": 1, "anticipation": 1}, "kappa_pre must be .* 2 or more"),
    ],
)
def test_options_that_cannot_be_honoured_are_refused(options, said):
    with pytest.raises(ConfigError, match=said):
        estimate(panel(), **options)


@pytest.mark.parametrize(
    ("change", "options", "said"),
    [
        ({"y": -1.0}, {"family": "poisson"}, "needs outcomes of 0 or more"),
        ({"y": 2.0}, {"family": "logit"}, "needs outcomes between 0 and 1"),
        ({"time": -1.0}, {"family": "poisson", "exposure": "time"}, "exposure 'time' is negative"),
        ({"x": 7.0}, {"covariates": ["x"]}, "a covariate changes within units"),
    ],
)
def test_data_that_cannot_serve_are_refused(change, options, said):
    frame = panel()
    frame.loc[3, list(change)] = list(change.values())
    with pytest.raises(InputError, match=said):
        estimate(frame, method="extended_twfe", **options)


def test_a_window_that_no_cohort_has_is_refused():
    with pytest.raises(InputError, match="no start cohort is seen for 5 periods"):
        estimate(panel(), method="stacked", kappa_pre=5, kappa_post=1)


def test_without_a_ratio_its_method_is_told():
    with pytest.raises(ConfigError, match="family='poisson'"):
        estimate(panel(), method="extended_twfe").ratio()


def test_without_never_treated_sun_and_abraham_compare_with_the_last_until_they_start():
    frame = panel(starts=(3, 5))
    found = estimate(frame, method="sun_abraham")
    table = found.table()
    assert set(table["adopted"]) == {3} and table["period"].max() == 4
    assert "treated last, in the 4 periods" in " ".join(found.notes)
    early = frame[frame["period"] < 5]
    other = estimate(early.assign(adopted=early["adopted"].replace(5, 0)), method="sun_abraham").table()
    np.testing.assert_allclose(table["att"], other["att"])


def test_extended_twfe_says_of_cells_without_comparison_that_it_cannot_tell():
    table = estimate(panel(starts=(3, 5)), method="extended_twfe").table().set_index(["adopted", "period"])
    assert np.isfinite(table.loc[[(3, 3), (3, 4)], "att"]).all()
    late = table.loc[[(3, 5), (3, 6), (5, 5), (5, 6)]]
    assert late["att"].isna().all() and late["reason"].str.contains("no comparison unit").all()


def test_a_cohort_with_nothing_before_treatment_has_no_ratio_model():
    frame = panel()
    frame.loc[(frame["adopted"] == 4) & (frame["period"] < 4), "y"] = 0.0
    table = estimate(frame, method="extended_twfe", family="poisson").table()
    assert table.loc[table["adopted"] == 4, "att"].isna().all()
    assert table.loc[table["adopted"] == 5, "att"].notna().all()


def test_a_model_that_does_not_settle_is_said_to():
    frame = panel()
    frame["y"] = (frame["x"] > 0).astype(float)
    found = estimate(frame, method="extended_twfe", family="logit", covariates=["x"])
    assert isinstance(found.overall(), NotEstimated) and isinstance(found.ratio(), NotEstimated)
    assert "the model does not settle" in found.overall().reason


@pytest.mark.parametrize(
    ("family", "value", "trend"),
    [
        ("poisson", 0, "a proportional trend"),
        ("logit", 0, "a trend in log odds"),
        ("logit", 1, "a trend in log odds"),
    ],
)
def test_a_group_or_a_period_without_any_variation_is_said_to_show_no_trend(family, value, trend):
    frame = panel().assign(y=lambda rows: rows["y"].gt(2) * 1.0)
    frame.loc[(frame["adopted"] == 4) & (frame["period"] < 4), "y"] = value
    said = f"before treatment the group's outcome is {value} throughout: {trend} cannot be known from it"
    found = estimate(frame, method="extended_twfe", family=family)
    reasons = found.table().set_index("adopted")["reason"]
    assert set(reasons[4]) == {said} and reasons[5].isna().all()
    assert said in found.summary()
    alone = estimate(frame[frame["adopted"] != 5], method="extended_twfe", family=family)
    assert alone.overall().reason == f"none of its cells could be estimated: {said}"
    never = estimate(frame, method="extended_twfe", family=family, comparison="never_treated").table()
    assert set(never.loc[never["adopted"] == 4, "reason"]) == {said.replace("before treatment", "in the base period")}
    frame.loc[(frame["period"] >= 5) & (frame["adopted"] == 0), "y"] = value
    late = estimate(frame, method="extended_twfe", family=family).table().set_index(["adopted", "period"])["reason"]
    assert late[5, 6] == f"in this period the comparison units' outcome is {value} throughout: {said.split(': ')[1]}"


def test_nothing_counted_before_treatment_at_all_is_a_reason_and_no_failure():
    frame = panel()
    frame["y"] = frame["y"].where((frame["adopted"] > 0) & (frame["period"] >= frame["adopted"]), 0.0)
    found = estimate(frame, method="extended_twfe", family="poisson").overall()
    assert "outcome is 0 throughout: a proportional trend cannot be known" in found.reason


def test_a_decomposition_of_one_comparison_says_one():
    found = decompose_twfe(panel(starts=(4, 0)), **COLUMNS)
    assert "is the mean of 1 comparison of two groups" in found.summary()
    assert repr(found) == "<TwfeDecomposition: y, 1 comparison, 0% forbidden by weight>"


def test_a_cell_whose_treated_have_no_count_is_estimated_but_has_no_ratio():
    frame = panel()
    frame.loc[(frame["adopted"] == 4) & (frame["period"] == 6), "y"] = 0.0
    found = estimate(frame, method="extended_twfe", family="poisson")
    assert found.table().set_index(["adopted", "period"]).loc[(4, 6), "att"] < 0
    assert isinstance(found.ratios().rows[2], NotEstimated)  # event time 2 is that cell alone


def test_an_exposure_is_the_same_as_a_rate_weighted_by_it():
    """Doubling both counts and exposure of a unit's rows leaves rates alone and counts the unit twice."""
    frame = panel()
    found = estimate(frame, method="extended_twfe", family="poisson", exposure="time")
    doubled = frame.assign(y=2 * frame["y"], time=2 * frame["time"])
    other = estimate(doubled, method="extended_twfe", family="poisson", exposure="time")
    np.testing.assert_allclose(found.table()["att"], other.table()["att"], rtol=1e-9)
    treated = frame[(frame["adopted"] == 4) & (frame["period"] == 5)]
    mean = found.table().set_index(["adopted", "period"]).loc[(4, 5), "treated_mean"]
    assert mean == pytest.approx(treated["y"].sum() / treated["time"].sum())


@pytest.mark.parametrize("family", ["linear", "poisson", "logit"])
def test_errors_are_those_of_weighing_each_unit_a_little_more(family):
    """The infinitesimal jackknife, slow and obvious: what a unit moves is the slope of the estimate in its weight."""
    frame, random = panel(3, units=120), np.random.default_rng(3)
    frame["y"] = random.poisson(np.exp(0.5 + 0.8 * frame["x"])).astype(float)
    if family == "logit":
        frame["y"] = (random.random(len(frame)) < 1 / (1 + np.exp(-frame["x"]))).astype(float)
    options = {"method": "extended_twfe", "family": family, "covariates": ["x"], "weights": "w"}
    found, step, slopes = estimate(frame, **options), 1e-4, []
    for unit in range(120):
        pair = []
        for sign in (-1, 1):
            weight = frame["w"] * np.where(frame["unit"] == unit, 1 + sign * step, 1)
            effect = estimate(frame.assign(w=weight), **options)
            log_ratio = np.log(effect.ratio().ratio) if family != "linear" else 0.0
            pair.append([effect.overall().att, log_ratio])
        slopes.append((np.array(pair[1]) - pair[0]) / (2 * step))
    slow = np.linalg.norm(slopes, axis=0)
    # Slopes are taken over a step of 1e-4 either way, so they are wrong by the order of its square.
    assert found.overall().std_error == pytest.approx(slow[0], rel=1e-5)
    assert family == "linear" or found.ratio().log_std_error == pytest.approx(slow[1], rel=1e-5)


def test_extended_twfe_with_gaps_is_the_regression_with_a_dummy_for_every_unit():
    frame = panel(5).drop(index=range(0, 540, 7))
    found = estimate(frame, method="extended_twfe", weights="w").table()
    cells = [(frame["adopted"] == row.adopted) & (frame["period"] == row.period) for row in found.itertuples()]
    dummies = pd.get_dummies(frame[["unit", "period"]].astype(str)).to_numpy(dtype=float)
    design = np.column_stack([*cells, dummies]) * np.sqrt(frame["w"].to_numpy())[:, None]
    slow = np.linalg.lstsq(design, frame["y"] * np.sqrt(frame["w"]), rcond=None)[0]
    np.testing.assert_allclose(found["att"], slow[: len(cells)], rtol=1e-8)


@pytest.mark.parametrize("starts", [(3, 5, 0), (2, 4, 6), (3, 0)])
def test_comparisons_sum_to_the_coefficient_and_weights_to_one(starts):
    frame = panel(7, starts=starts)
    twfe = two_way_fixed_effects(frame, **COLUMNS, weights="w")
    parts = decompose_twfe(frame, **COLUMNS, weights="w")
    assert isinstance(parts, TwfeDecomposition)
    assert parts.coefficient == pytest.approx(twfe.static["coefficient"], abs=1e-10)
    assert parts.table()["weight"].sum() == pytest.approx(1) and (parts.table()["weight"] > 0).all()
    assert twfe.weights.weight.sum() == pytest.approx(1)
    json.dumps([twfe.to_dict(), parts.to_dict()])


def test_effects_times_their_weights_are_the_coefficient():
    """Outcomes that are nothing but effects: parallel trends hold, so theorem 1 is an identity, with gaps too."""
    frame = panel(8).drop(index=range(0, 540, 11))
    since = (frame["period"] - frame["adopted"]).where((frame["adopted"] > 0) & (frame["period"] >= frame["adopted"]))
    frame["y"] = (frame["adopted"] - 2.5 * since).fillna(0.0)
    found = two_way_fixed_effects(frame, **COLUMNS)
    table = found.weights.table()
    effects = table["adopted"] - 2.5 * table["event_time"]
    assert (table["weight"] * effects).sum() == pytest.approx(found.static["coefficient"], abs=1e-10)


def test_the_deviation_that_can_turn_the_sign_is_the_least_there_is():
    share = np.array([0.2, 0.3, 0.1, 0.25, 0.15])
    weight = np.array([0.5, 0.5, 0.1, 0.1, -0.2])
    coefficient = 0.7
    found = TwfeWeights(np.zeros(5), np.zeros(5), share, weight, coefficient)
    held = {"type": "eq", "fun": lambda effects: weight @ effects - coefficient}
    start = np.array([-0.1, -0.1, -0.1, -0.1, -4.0])
    flip = minimize(
        lambda effects: share @ (effects - share @ effects) ** 2, start, constraints=[held], bounds=[(None, 0)] * 5
    )
    assert found.sd_of_opposite_sign() == pytest.approx(np.sqrt(flip.fun), rel=1e-4)
    nothing = {"type": "eq", "fun": lambda effects: share @ effects}
    none = minimize(lambda effects: share @ effects**2, start, constraints=[held, nothing])
    assert found.sd_without_effect() == pytest.approx(np.sqrt(none.fun), rel=1e-4)


def test_a_panel_with_gaps_is_not_decomposed():
    found = decompose_twfe(panel().drop(index=[3]), **COLUMNS)
    assert isinstance(found, NotEstimated) and "units with gaps are fewer than 10" in found.reason


def test_what_is_shown_of_a_diagnostic_rests_on_no_few_units():
    frame = panel(units=12)
    assert "not shown" in repr(two_way_fixed_effects(frame, **COLUMNS))
    assert "%" not in repr(decompose_twfe(frame, **COLUMNS))
    found = estimate(frame, method="extended_twfe", family="poisson")
    assert "not shown" in repr(found.ratio())


def test_summaries_are_of_no_few_units_and_round_their_counts():
    few = panel(units=12)
    twfe, parts = two_way_fixed_effects(few, **COLUMNS), decompose_twfe(few, **COLUMNS)
    fitted = estimate(few, method="extended_twfe", family="poisson")
    for told in (twfe.summary(), parts.summary(), fitted.ratio().summary(), fitted.ratios().summary()):
        assert "not shown" in told
    assert "% of the weight" not in parts.summary()
    assert not parts.plot().collections and not twfe.plot().lines
    # From how unlike effects would have to be, the coefficient could be worked out.
    assert twfe.weights.summary().startswith("How effects weigh in the coefficient is not shown")
    assert "standard deviation" not in twfe.summary()
    some = decompose_twfe(panel(starts=(*[4] * 10, *[0] * 10, 5), units=63), **COLUMNS).plot()
    assert [len(marks.get_offsets()) for marks in some.collections] == [1, 0, 0]
    assert "fewer than 10 units are not shown" in some.get_xlabel()
    many = panel(units=93)
    assert "about 60 treated, about 30 never treated" in two_way_fixed_effects(many, **COLUMNS).summary()
    assert "no others" in two_way_fixed_effects(panel(starts=(4, 5)), **COLUMNS).summary()
    ratio = estimate(many, method="extended_twfe", family="poisson").ratio()
    assert "about 30 treated and about 30 comparison units" in ratio.summary() and "1 is no effect" in ratio.summary()


def test_of_areas_everything_may_be_told():
    frame = panel(units=12)
    for ask in (two_way_fixed_effects, decompose_twfe):
        areas = ask(frame, **COLUMNS, smallest_shown=1)
        assert "not shown" not in areas.summary() and "not shown" not in repr(areas)
        with pytest.raises(ConfigError, match=f"{ask.__name__}: smallest_shown must be"):
            ask(frame, **COLUMNS, smallest_shown=0)
    assert "8 treated, 4 never treated" in two_way_fixed_effects(frame, **COLUMNS, smallest_shown=1).summary()
    assert "has fewer than 20" in two_way_fixed_effects(frame, **COLUMNS, smallest_shown=20).plot().get_xlabel()


def test_the_base_of_a_course_of_coefficients_is_hollow():
    found = two_way_fixed_effects(panel(), **COLUMNS)
    reason = found.table().iloc[1:].set_index("event_time")["reason"]
    assert reason.dropna().to_dict() == {-1: "reference period: zero by construction"}
    ax = found.plot()
    assert "Hollow: the base, 0 by construction." in ax.get_xlabel()
    assert -1 not in np.concatenate([drawn.lines[0].get_xdata() for drawn in ax.containers])


def test_a_course_of_coefficients_is_not_told_where_few_are_seen():
    frame = panel(starts=(*[3] * 3, *[5] * 20, *[0] * 37), units=60)
    frame.loc[(frame["adopted"] == 3) & (frame["period"] > 4), "y"] += 1000.0  # 3 units alone are seen so late
    found = two_way_fixed_effects(frame, **COLUMNS)
    table = found.table().iloc[1:].set_index("event_time")["n_treated"]
    assert table.loc[[-4, -2, 0, 3]].tolist() == [20, 23, 23, 3]
    assert "; not shown, for fewer than 10 units: 2 of 7." in found.summary()
    assert "(period 3)" not in found.summary() and "(period 2)" not in found.summary()
    assert "Not shown, for fewer than 10 units: 2 of 8." in found.plot().get_xlabel()


def test_summaries_tell_the_course_and_every_kind_of_comparison():
    frame = panel()
    twfe, parts = two_way_fixed_effects(frame, **COLUMNS), decompose_twfe(frame, **COLUMNS)
    table = twfe.table().iloc[1:].query("event_time != -1").set_index("event_time")["coefficient"]
    told = twfe.summary()
    assert (
        f"from {number(table.min())} (period {table.idxmin()}) to {number(table.max())} (period {table.idxmax()})"
        in told
    )
    assert "0 of the" not in told
    for kind, row in parts.by_kind().iterrows():
        assert f"{kind} ({row['weight']:.0%} of the weight, mean {number(row['estimate'])})" in parts.summary()
    ratios = estimate(frame, method="extended_twfe", family="poisson").ratios()
    low = min(ratios, key=lambda row: row.ratio)
    assert f"{number(low.ci_low)} to {number(low.ci_high)}" in ratios.summary()
    assert [row["event_time"] for row in ratios.to_dict()["rows"]] == list(ratios.event_times)


def test_words_and_figures():
    frame = panel()
    twfe, parts = two_way_fixed_effects(frame, **COLUMNS), decompose_twfe(frame, **COLUMNS)
    assert "It is no average effect" in twfe.summary() and "forbidden comparisons" in parts.summary()
    assert "Their mean: the coefficient" in [text.get_text() for text in parts.plot().get_legend().get_texts()]
    assert len(parts.plot().collections) == 3 and twfe.plot().get_ylabel().startswith("Two-way")
    found = estimate(frame, method="extended_twfe", family="poisson")
    assert "by the same proportion" in found.ratio().summary()
    ax = found.ratios().plot()
    assert ax.get_yscale() == "log"
    assert 1 in ax.get_yticks(), "no effect is on the scale"
    alone = two_way_fixed_effects(panel(starts=(4, 0)), **COLUMNS)
    assert "All treated start at once" in alone.summary()


@pytest.mark.parametrize("method", ["sun_abraham", "extended_twfe"])
def test_a_cohort_seen_in_one_period_has_no_effect_whatever_its_units_weigh(method):
    """Constants of units take up all of such a cell; the rounding that is left of it is no column to be estimated.

    Whether it is a little above 0 hangs on the weights: with these it is.
    """
    for seed in (14, 15, 22):
        frame = panel(seed, units=30)
        frame = frame[(frame["adopted"] != 5) | (frame["period"] == 6)]
        table = estimate(frame, method=method, weights="w").table().set_index(["adopted", "period"])
        assert np.isnan(table.loc[(5, 6), "att"])
        assert np.isfinite(table.loc[[(4, 4), (4, 5), (4, 6)], "att"]).all()
