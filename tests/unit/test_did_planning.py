"""Plans of studies: the error to expect against the published formula, and what is said where there is none."""

import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from scipy import stats

from tf_eval.did import Design, PowerPlan, estimate_att, plan_power
from tf_eval.did.planning.placebo import placebo_studies
from tf_eval.did.reading.panel import read_panel
from tf_eval.errors import ConfigError, InputError, NotEstimated

COLUMNS = {"outcome": "calls", "unit": "family", "period": "month"}


def panel(units: int = 40, periods: int = 7, seed: int = 1) -> pd.DataFrame:
    """Monthly calls whose shocks last, families in areas of four, and a need that drives their trend."""
    random = np.random.default_rng(seed)
    need, calls = random.normal(size=units), random.normal(size=(units, periods)).cumsum(axis=1)
    calls += 10 + need[:, None] * np.arange(periods)
    family, month = np.divmod(np.arange(units * periods), periods)
    return pd.DataFrame(
        {"family": family, "month": month + 1, "calls": calls.ravel(), "need": need[family], "area": family // 4}
    )


def plan(frame: pd.DataFrame, treated=10, periods_after=2, **options) -> PowerPlan:
    return plan_power(frame, **COLUMNS, treated=treated, periods_after=periods_after, **options)


def only(planned: PowerPlan):
    return next(iter(planned.studies.values()))


def changes(frame: pd.DataFrame, before: int, after: int) -> list[np.ndarray]:
    """The changes of all families in every stretch, the slow way."""
    wide = frame.pivot(index="family", columns="month", values="calls").to_numpy()
    starts = range(before, wide.shape[1] - after + 1)
    return [wide[:, s : s + after].mean(axis=1) - wide[:, s - before : s].mean(axis=1) for s in starts]


def published_variance(frame: pd.DataFrame, before: int, after: int) -> float:
    """Burlig, Preonas and Woerman (2020), equation 2 without the number of units, of a panel as long as the study."""
    covariance = np.cov(frame.pivot(index="family", columns="month", values="calls").to_numpy().T)
    first, second = slice(0, before), slice(before, before + after)
    between = [covariance[part, part][~np.eye(n, dtype=bool)].mean() for part, n in ((first, before), (second, after))]
    shocks = covariance[first, first].trace() / before**2 + covariance[second, second].trace() / after**2
    lasting = (before - 1) / before * between[0] + (after - 1) / after * between[1]
    return shocks + lasting - 2 * covariance[first, second].mean()


def test_the_error_is_that_of_the_published_formula():
    frame = panel(periods=5)
    found = only(plan(frame, 10, 2, periods_before=3, ratio=2))
    expected = math.sqrt(published_variance(frame, 3, 2) * (1 / 10 + 1 / 20))
    assert found.std_error == pytest.approx(expected, rel=1e-12)
    assert (found.n_treated, found.n_comparison, found.periods_after) == (10, 20, 2)
    assert found.minimum_detectable == pytest.approx((1.959964 + 0.841621) * expected, rel=1e-6)
    assert found.relative == pytest.approx(found.minimum_detectable / frame["calls"].mean())


def test_all_stretches_of_a_longer_panel_are_learnt_from():
    frame = panel(periods=7)
    variance = np.mean([np.var(change, ddof=1) for change in changes(frame, 3, 2)])
    assert only(plan(frame, periods_before=3)).std_error == pytest.approx(math.sqrt(variance * 2 / 10), rel=1e-12)


def test_clusters_count_by_the_sums_of_their_units():
    frame = panel()
    change = changes(frame, 5, 2)[0]
    sums = (change - change.mean()).reshape(10, 4).sum(axis=1)
    variance = (sums @ sums) / 9 / 4**2
    found = only(plan(frame, 3, 2, periods_before=5, cluster="area"))
    assert found.std_error == pytest.approx(math.sqrt(variance * 2 / 3), rel=1e-12)


def test_covariates_take_out_what_they_explain():
    frame = panel()
    change = changes(frame, 5, 2)[0]
    need = frame.drop_duplicates("family")["need"].to_numpy()
    residual = change - np.polyval(np.polyfit(need, change, 1), need)
    found = only(plan(frame, periods_before=5, covariates="need"))
    assert found.std_error == pytest.approx(math.sqrt(residual @ residual / 38 * 2 / 10), rel=1e-9)
    assert found.std_error < 0.8 * only(plan(frame, periods_before=5)).std_error


@pytest.mark.parametrize(("options", "freedom"), [({"quantile": "t"}, 4), ({"errors": "unequal"}, 8)])
def test_with_few_degrees_of_freedom_the_effect_is_found_as_often_as_asked(options, freedom):
    """Arms of five: t of the treated has 4 degrees of freedom, Welch's with equal arms 8."""
    found = only(plan(panel(), 5, 2, power=0.9, **options))
    random = np.random.default_rng(1)
    effects = random.normal(found.minimum_detectable / found.std_error, 1, 400_000)
    errors = np.sqrt(random.chisquare(freedom, 400_000) / freedom)
    share = (effects / errors > stats.t.ppf(0.975, freedom)).mean()
    # 400,000 draws know a share of 90 % to 0.05 points: four times that.
    assert share == pytest.approx(0.9, abs=0.002)


def test_what_came_after_a_start_is_not_used():
    frame = panel().assign(began=lambda frame: np.where(frame["family"] < 10, 6, np.nan))
    treated = frame["month"] >= frame["began"]
    spoilt = frame.assign(calls=frame["calls"].mask(treated, 1e6))
    one, other = (plan(each, adopted="began", periods_before=2, seed=1) for each in (spoilt, frame[~treated]))
    pd.testing.assert_frame_equal(one.table(), other.table())
    assert one.base_rate == pytest.approx(frame.loc[~treated, "calls"].mean())


def test_families_that_are_half_seen_serve():
    frame = panel(periods=5)
    rare = (frame["family"] < 5) & frame["month"].isin([1, 2])
    change = changes(frame, 3, 2)[0]
    wide = frame.pivot(index="family", columns="month", values="calls").to_numpy()
    assert only(plan(frame[~rare], periods_before=3)).std_error == pytest.approx(
        math.sqrt(np.var(change[5:], ddof=1) / 5), rel=1e-12
    )
    once = (frame["family"] < 5) & (frame["month"] == 1)
    change[:5] += wide[:5, :3].mean(axis=1) - wide[:5, 1:3].mean(axis=1)
    assert only(plan(frame[~once], periods_before=3)).std_error == pytest.approx(
        math.sqrt(np.var(change, ddof=1) / 5), rel=1e-12
    )


def test_dates_and_months_are_the_same():
    frame = panel()
    dated = frame.assign(month=pd.date_range("2024-01-31", periods=7, freq="ME")[frame["month"] - 1])
    assert plan(dated).table().equals(plan(frame).table())
    assert plan(dated).time_unit == "month"


def test_the_table_has_a_row_for_each_study_and_says_why_one_is_not_known():
    table = plan(panel(), [5, 10], [1, 7]).table()
    assert table[["n_treated", "periods_after"]].to_numpy().tolist() == [[5, 1], [10, 1], [5, 7], [10, 7]]
    assert table["minimum_detectable"].isna().tolist() == [False, False, True, True]
    assert "no 8 untreated periods that follow each other" in table["reason"].iloc[-1]
    with_hole = panel().query("month != 4")
    assert "follow each other" in only(plan(with_hole, 5, 3, periods_before=3)).reason
    assert "too few units" in only(plan(panel(units=2), covariates=["need"])).reason


def test_placebo_starts_are_drawn_by_a_seed_alone():
    frame = panel(periods=4)
    one = plan(frame, [5, 10], 2, seed=3, draws=99)
    shuffled = plan(frame.sample(frac=1, random_state=1), [10, 5], 2, seed=3, draws=99).table()
    pd.testing.assert_frame_equal(one.table(), shuffled.sort_values("n_treated", ignore_index=True))
    assert only(one).simulated.draws == 99
    assert not one.table()["simulated"].equals(plan(frame, [5, 10], 2, seed=4, draws=99).table()["simulated"])


def test_a_placebo_study_has_the_clusters_and_periods_that_were_asked_for():
    frame = panel()
    whole = read_panel(frame.assign(began=7), Design(**COLUMNS, adopted="began", cluster="area"))
    firsts = set()
    for study in placebo_studies(whole, 3, (2, 4), 2, 99, np.random.default_rng(1)):
        started = np.isfinite(study.adopted)
        assert [len(np.unique(study.clusters[0][arm])) for arm in (started, ~started)] == [2, 4]
        assert len(study) == 6 * 4
        assert len(study.periods) == 5
        assert set(study.adopted[started]) == {study.periods[3]}
        firsts.add(study.periods[0])
    assert firsts == {1, 2, 3}


def test_more_clusters_than_the_panel_has_are_drawn_again_and_that_is_said():
    planned = plan(panel(periods=4), 8, 2, cluster="area", seed=1, draws=99)
    assert planned.notes[0] == "Simulated studies larger than the panel hold some of its units more than once."
    assert planned.notes[0] in planned.summary()
    assert only(planned).simulated.draws == 99
    small = plan(panel(periods=4), 5, 2, cluster="area", seed=1, draws=99)
    assert not any("more than once" in note for note in small.notes)


def test_words():
    planned = plan(panel(), [10, 20], [1, 3], ratio=2)
    told = planned.summary()
    assert "With 20 treated and 40 comparison units seen for 1 period after the start" in told
    assert "80% of cases" in told
    assert "A smaller effect can be there" in told
    assert "signif" not in told
    assert repr(planned).startswith("<PowerPlan: calls, 4 studies, 80% power; base rate ")
    assert "base rate" not in repr(plan(panel(units=9), 4))
    assert "mean without" not in plan(panel(units=9), 4).summary() and "mean without" in told
    assert "base rate" not in repr(plan(panel(), 4, cluster="area").__class__(**{**vars(planned), "n_clusters": 9}))
    assert plan(panel(), 5, 7).summary().startswith("Not estimated")
    json.dumps(plan(panel(periods=4), 5, [2, 7], seed=1, draws=99).to_dict(), allow_nan=False)


def test_the_summary_warns_of_intervals_that_find_what_is_not_there():
    few = plan(panel(units=60), 3, 2, seed=1, draws=150)
    assert "of studies without an effect found one, where 5% should; errors='unequal' is for few" in few.summary()
    unequal = replace(few, design=replace(few.design, errors="unequal"))
    assert "found one, where 5% should." in unequal.summary()
    assert (
        "without an effect found one" not in plan(panel(units=60), 3, 2, seed=1, draws=150, errors="unequal").summary()
    )


def test_the_figure_has_a_line_for_each_length():
    ax = plan(panel(), [5, 10, 20], [1, 3, 7]).plot()
    assert [text.get_text() for text in ax.texts] == ["1 period", "3 periods"]
    given = Figure().add_subplot()
    assert plan(panel(periods=4), [5, 10], 2, seed=1, draws=99).plot(given) is given
    assert "Circles: simulated" in [text.get_text() for text in given.texts]


def test_lines_that_nearly_meet_are_all_named_within_the_axes():
    """An annotation beyond the axes is not drawn at all."""
    frame = panel().assign(calls=lambda frame: np.random.default_rng(1).normal(size=len(frame)))
    ax = plan(frame, [5, 10], [4, 5, 6]).plot()
    assert sorted(text.get_text() for text in ax.texts) == ["4 periods", "5 periods", "6 periods"]
    heights = sorted(text.xy[1] for text in ax.texts)
    assert heights[-1] <= ax.get_ylim()[1] and np.diff(heights).min() > 0.05 * ax.get_ylim()[1]
    for width in (4, 8):
        narrow = Figure(figsize=(width, 4)).add_subplot()
        plan(frame, [5, 10], [4, 5, 6]).plot(narrow)
        FigureCanvasAgg(narrow.figure).draw()
        assert all(text.get_window_extent().x0 > narrow.bbox.x0 for text in narrow.texts)


def test_the_data_stay_as_they_were():
    frame = panel(periods=4)
    before = frame.copy()
    plan(frame, seed=1, draws=99)
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"treated": 1}, "treated must be whole numbers, 2 or more"),
        ({"treated": []}, "treated must be"),
        ({"treated": 2.5}, "treated must be"),
        ({"periods_after": 0}, "periods_after must be"),
        ({"periods_before": 0}, "periods_before must be"),
        ({"ratio": 0}, "ratio must be"),
        ({"ratio": 0.1}, "fewer than two comparison"),
        ({"power": 1.0}, "power must be"),
        ({"power": 0.1}, "power must be"),
        ({"cluster": ["area", "need"]}, "one kind of cluster"),
        ({"confidence": 95}, "confidence"),
        ({"errors": "robust"}, "errors"),
        ({"seed": 1, "draws": 5}, "draws must be"),
        ({"seed": -1}, "seed must be"),
        ({"draws": 500}, "draws are made by a seed"),
        ({"treated": None}, "treated must be"),
        ({"periods_after": {1: 2}}, "periods_after must be"),
        ({"ratio": True}, "ratio must be"),
        ({"covariates": 3}, "columns are named by text"),
    ],
)
def test_options_that_cannot_be_honoured_are_refused(options, said):
    with pytest.raises(ConfigError, match=said):
        plan(panel(), **{"treated": 5, "periods_after": 2, **options})


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(InputError, match="Did you mean 'calls'"):
        plan_power(panel(), **{**COLUMNS, "outcome": "call"}, treated=5, periods_after=2)


def test_what_an_estimate_could_have_found():
    frame = panel().assign(began=lambda frame: np.where(frame["family"] < 10, 4, 0))
    effect = estimate_att(frame, **COLUMNS, adopted="began").overall()
    assert effect.minimum_detectable() == pytest.approx(2.801585 * effect.std_error, rel=1e-6)
    assert effect.minimum_detectable(0.5) == pytest.approx(effect.ci_high - effect.att)
    with pytest.raises(ConfigError, match="power must be"):
        effect.minimum_detectable(1.2)


def test_a_plan_without_any_study_has_a_reason_a_table_and_a_picture():
    none = plan(panel(), 5, 9)
    assert isinstance(only(none), NotEstimated)
    assert none.table()["reason"].tolist() == [only(none).reason]
    assert [text.get_text() for text in none.plot().texts] == ["No study could be planned"]
    assert "never changes" in only(plan(panel().assign(calls=1.0))).reason


def test_cautions_are_in_the_summary():
    told = plan(panel(), [5, 10], [2, 9]).summary()
    assert "2 of 4 studies could not be planned: the panel has no 10" in told
    assert "With fewer than 10 in an arm this promises too much" in told
    assert "promises too much" not in plan(panel(), [5, 10], 2, errors="unequal").summary()
    assert not plan(panel(), 10).cautions


@pytest.mark.parametrize(
    ("change", "is_share"),
    [(lambda calls: calls, True), (lambda calls: calls - 10, False), (lambda calls: abs(calls - 10), True)],
)
def test_a_share_of_the_mean_is_told_only_where_it_means_something(change, is_share):
    found = plan(panel().assign(calls=lambda frame: change(frame["calls"])))
    assert ("of the mean without treatment)" in found.summary()) == is_share
    assert np.isnan(only(found).relative) != is_share


def test_who_has_started_does_not_matter_if_something_is_seen_before():
    frame = panel()
    for began in (np.nan, 0, 99):
        assert only(plan(frame.assign(began=began), adopted="began")).std_error == only(plan(frame)).std_error
    some = frame.assign(began=np.where(frame["family"] < 20, 1.0, np.nan))
    assert only(plan(some, adopted="began")).std_error == only(plan(frame[frame["family"] >= 20])).std_error


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda frame: frame.assign(began=1), "plan_power: every unit is treated from the first period on"),
        (lambda frame: frame.query("family == 1"), "plan_power: there is a single unit in 'family'"),
        (lambda frame: frame.query("month == 1"), "plan_power: there is a single period in 'month'"),
        (lambda frame: frame.iloc[:0], "plan_power: the data has no rows"),
        (lambda frame: frame.assign(calls="many"), "plan_power: outcome 'calls' is not numeric"),
        (lambda frame: frame.to_numpy(), "plan_power: data must be a DataFrame"),
    ],
)
def test_panels_that_cannot_be_planned_with_are_refused(change, said):
    with pytest.raises(InputError, match=said):
        plan(change(panel().assign(began=np.nan)), adopted="began")


def test_sizes_are_named_with_room_between_them():
    ax = plan(panel(), [5, 6, 7, 50, 1000], 2).plot()
    assert ax.get_xscale() == "log"
    assert [label.get_text() for label in ax.get_xticklabels()] == ["5", "7", "50", "1,000"]
    assert plan(panel(), [5, 10], 2).plot().get_xscale() == "linear"
