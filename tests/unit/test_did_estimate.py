"""Small panels whose answer can be worked out on paper."""

import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.regression.linear_model import WLS

from tf_eval.did import Estimate, GroupTimeATT, estimate_att, naive_change
from tf_eval.errors import NotEstimated

COLUMNS = {"unit": "unit", "period": "period", "adopted": "adopted", "outcome": "y"}


def long(outcomes: dict[str, list], adopted: dict[str, float], first: int = 1) -> pd.DataFrame:
    rows = [
        {"unit": unit, "period": first + step, "adopted": adopted.get(unit, np.nan), "y": value}
        for unit, values in outcomes.items()
        for step, value in enumerate(values)
    ]
    return pd.DataFrame(rows)


TWO_BY_TWO = long({"a": [1, 5], "b": [2, 8], "c": [1, 2], "d": [3, 6], "e": [0, 2]}, {"a": 2, "b": 2})


def test_two_by_two_is_the_difference_of_mean_changes():
    effect = estimate_att(TWO_BY_TWO, **COLUMNS)
    # changes: treated 4 and 6, mean 5; comparison 1, 3 and 2, mean 2
    assert effect.overall().att == pytest.approx(3)
    # sums of squares about the means: 2 over 2 squared, 2 over 3 squared
    assert effect.overall().std_error == pytest.approx(np.sqrt(2 / 4 + 2 / 9))
    assert effect.overall().treated_mean == pytest.approx(6.5)
    assert effect.overall().counterfactual_mean == pytest.approx(3.5)


def test_two_by_two_is_the_interaction_of_a_regression():
    frame = TWO_BY_TWO.assign(late=TWO_BY_TWO["period"] == 2, treated=TWO_BY_TWO["adopted"].notna())
    design = np.column_stack([np.ones(len(frame)), frame["late"], frame["treated"], frame["late"] & frame["treated"]])
    fitted = np.linalg.lstsq(design.astype(float), frame["y"].to_numpy(float), rcond=None)[0]
    assert estimate_att(TWO_BY_TWO, **COLUMNS).overall().att == pytest.approx(fitted[3])


def test_regression_method_is_weighted_least_squares_of_the_changes():
    random = np.random.default_rng(3)
    x, weight, treated = random.normal(size=40), random.uniform(0.5, 2, 40), np.arange(40) < 15
    change = 1 + 2 * x + 3 * treated + random.normal(size=40)
    frame = pd.DataFrame(
        {"unit": np.tile(np.arange(40), 2), "period": np.repeat([1, 2], 40), "y": np.r_[x * 0, change]}
    )
    frame = frame.assign(x=np.tile(x, 2), w=np.tile(weight, 2), adopted=np.tile(np.where(treated, 2, 0), 2))
    effect = estimate_att(frame, **COLUMNS, covariates=["x"], weights="w", method="outcome_regression")
    line = WLS(change[~treated], np.column_stack([np.ones(25), x[~treated]]), weights=weight[~treated]).fit().params
    expected = np.average((change - line[0] - line[1] * x)[treated], weights=weight[treated])
    assert effect.overall().att == pytest.approx(expected)


STAGGERED = long(
    {
        "a": [1, 1, 4, 5],
        "b": [2, 3, 5, 8],
        "c": [1, 2, 2, 9],
        "d": [0, 1, 1, 6],
        "e": [1, 1, 2, 3],
        "f": [0, 2, 2, 2],
        "g": [3, 3, 3, 5],
    },
    {"a": 3, "b": 3, "c": 4, "d": 4},
)


def att_of(effect: GroupTimeATT, adopted: int, period: int) -> float:
    table = effect.table().set_index(["adopted", "period"])
    return table.loc[(adopted, period), "att"]


def test_not_yet_treated_serve_until_they_start_and_never_treated_always():
    # group 3 in period 3: changes 3 and 2, mean 2.5; never 1, 0, 0; not yet also 0, 0
    assert att_of(estimate_att(STAGGERED, **COLUMNS, comparison="never_treated"), 3, 3) == pytest.approx(2.5 - 1 / 3)
    effect = estimate_att(STAGGERED, **COLUMNS)
    assert att_of(effect, 3, 3) == pytest.approx(2.5 - 1 / 5)
    # in period 4 only the never treated are left: changes 4 and 5; 2, 0 and 2
    assert att_of(effect, 3, 4) == pytest.approx(4.5 - 4 / 3)


def test_base_varies_stays_or_is_the_mean_of_a_window():
    # group 4 in period 2: changes since period 1 are 1 and 1 (mean 1); never 0, 2 and 0 (mean 2/3)
    asked = {**COLUMNS, "comparison": "never_treated"}
    assert att_of(estimate_att(STAGGERED, **asked), 4, 2) == pytest.approx(1 / 3)
    # against period 3: treated 0 and 0; never -1, 0 and 0
    assert att_of(estimate_att(STAGGERED, **asked, baseline="universal"), 4, 2) == pytest.approx(1 / 3)
    # period 4 less the mean of periods 2 and 3: treated 9 - 2 and 6 - 1; never 3 - 1.5, 2 - 2, 5 - 3
    assert att_of(estimate_att(STAGGERED, **asked, baseline=2), 4, 4) == pytest.approx(6 - 3.5 / 3)


def test_a_band_leaves_the_base_out():
    effect = estimate_att(STAGGERED, **COLUMNS, baseline="universal")
    before = effect.by_event_time().table().set_index("event_time")["att"]
    assert effect.band(-2, -1).att == pytest.approx(before[-2])
    assert not effect.band(-1, -1)


def test_the_universal_base_is_zero_and_has_no_interval():
    table = estimate_att(STAGGERED, **COLUMNS, baseline="universal").table()
    base = table[table["event_time"] == -1]
    assert (base["att"] == 0).all()
    assert base["std_error"].isna().all()
    assert base["reason"].str.contains("by construction").all()


def test_a_band_is_the_plain_mean_of_its_event_times_and_each_of_those_weights_groups_by_size():
    effect = estimate_att(STAGGERED, **COLUMNS)
    at_zero = (2 * att_of(effect, 3, 3) + 2 * att_of(effect, 4, 4)) / 4
    assert effect.by_event_time().table().set_index("event_time").loc[0, "att"] == pytest.approx(at_zero)
    assert effect.band(0, 1).att == pytest.approx((at_zero + att_of(effect, 3, 4)) / 2)
    assert effect.band(0, 1).treated_share == pytest.approx(0.75)
    assert effect.bands({"first": (0, 0), "both": (0, 1)}).table()["band"].tolist() == ["first", "both"]


def test_a_combination_of_two_groups_adds_their_covariance():
    effect = estimate_att(STAGGERED, **COLUMNS)
    table = effect.table()
    weights = ((table["adopted"] == 3) & (table["period"] == 3)).astype(float)
    alone = effect.combine(weights)
    assert alone.std_error == pytest.approx(table.loc[weights == 1, "std_error"].item())
    # twice an effect less itself is the effect, and so is its error
    assert effect.combine(3 * weights).std_error == pytest.approx(3 * alone.std_error)


@pytest.mark.parametrize(
    ("late", "early", "total"), [(1, -1, "0"), (1, 1, "2"), (0.1, 0.2, "0.3"), (1, -1 / 3, "0.666667")]
)
def test_a_combination_whose_weights_do_not_sum_to_1_is_no_mean_and_stands_beside_no_base_rate(late, early, total):
    effect = estimate_att(STAGGERED, **COLUMNS, smallest_shown=1)
    cells = effect.table()
    own = cells["adopted"] == 3
    weights = late * (own & (cells["period"] == 4)) + early * (own & (cells["period"] == 3)).astype(float)
    found = effect.combine(weights, "late and early")
    assert found.att == pytest.approx(late * att_of(effect, 3, 4) + early * att_of(effect, 3, 3))
    assert np.isnan([found.treated_mean, found.counterfactual_mean]).all()
    assert "expected without treatment" not in found.summary()
    assert found.summary().startswith("The estimated combination of effects on y, late and early, is ")
    assert f"Its weights sum to {total}, so that it is no mean effect and has no base rate." in found.summary()


def test_a_combination_whose_weights_sum_to_1_is_told_beside_its_base_rate():
    effect = estimate_att(STAGGERED, **COLUMNS, smallest_shown=1)
    cells = effect.table()
    own = (cells["adopted"] == 3) & (cells["period"] >= 3)
    found = effect.combine(own / own.sum())
    assert f"against {found.counterfactual_mean:.2f} expected without treatment" in found.summary()
    assert found.treated_mean == pytest.approx(cells.loc[own, "treated_mean"].mean())


def test_balanced_keeps_groups_that_reach():
    table = estimate_att(STAGGERED, **COLUMNS).by_event_time(balanced=1).table()
    assert table["event_time"].tolist() == [-1, 0, 1]
    assert (table["n_treated"] == 2).all()


THINNING = long(
    {
        "a": [1, 2, 3, 4],
        "b": [2, 4, 3, np.nan],
        "c": [0, 2, 5, np.nan],
        "d": [1, 1, 2, 3],
        "e": [2, 1, 1, 4],
        "f": [1, 1, 2, np.nan],
        "g": [3, 4, 1, np.nan],
        "h": [1, 2, 2, 2],
        "i": [1, 2, 5, 3],
        "j": [1, 0, 2, np.nan],
    },
    {"a": 2, "b": 2, "c": 2, "d": 2, "e": 2},
)


def test_a_mean_over_event_times_claims_no_more_units_than_its_emptiest_event_time():
    effect = estimate_att(THINNING, **COLUMNS)
    months = effect.by_event_time().table().set_index("event_time")
    assert months["n_treated"].tolist() == [5, 5, 3]
    assert months["n_comparison"].tolist() == [5, 5, 2]
    for one in (effect.band(0, 2), effect.overall(), effect.overall("cohort"), effect.by_cohort().rows[0]):
        assert (one.n_treated, one.n_comparison) == (3, 2)
    assert effect.band(0, 1).n_treated == 5


def test_within_an_event_time_or_a_calendar_period_groups_add_up():
    effect = estimate_att(STAGGERED, **COLUMNS)
    assert effect.by_event_time().table().set_index("event_time").loc[0, "n_treated"] == 4
    assert effect.by_calendar_period().table().set_index("period")["n_treated"].tolist() == [2, 4]
    assert effect.band(0, 1).n_treated == 2
    # groups of one set share its comparison units: five serve group 3 in its first period, three group 4 in its own
    assert effect.by_event_time().table().set_index("event_time").loc[0, "n_comparison"] == 5


def test_t_intervals_count_the_treated_clusters_that_serve():
    def reach(one, treated_clusters):
        return stats.t(treated_clusters - 1).ppf(0.975) * one.std_error

    frame = THINNING.assign(worker=THINNING["unit"].replace({"b": "a"}))
    for cluster, early, late in ((None, 5, 3), ("worker", 4, 3)):
        effect = estimate_att(frame, **COLUMNS, quantile="t", cluster=cluster)
        months = {one.where["event_time"]: one for one in effect.by_event_time()}
        assert months[0].ci_high - months[0].att == pytest.approx(reach(months[0], early))
        assert months[2].ci_high - months[2].att == pytest.approx(reach(months[2], late))
        assert effect.band(0, 2).ci_high - effect.band(0, 2).att == pytest.approx(reach(effect.band(0, 2), late))
        cell = effect.table().set_index("event_time").loc[2]
        assert cell["ci_high"] - cell["att"] == pytest.approx(reach(cell, late))


SETS = pd.concat(
    [
        long({"a": [0, 0, 4], "b": [0, 0, 6], "c": [0, 0, 1], "d": [0, 0, 1]}, {"a": 0, "b": 0}, first=-2).assign(s=1),
        long({"e": [0, 0, 9], "f": [0, 0, 5], "g": [0, 0, 7]}, {"e": 0}, first=-2).assign(s=2),
    ]
)


class Stack:
    """The least that ``estimate_att`` asks of a panel."""

    def event_time_frame(self, matched, outcome, columns):
        names = {"unit": "row", "period": "event_time", "s": "start_cohort", "y": outcome}
        families = {"a": 1, "b": 2, "c": 3, "d": 3, "e": 4, "f": 3, "g": 5}
        return SETS.rename(columns=names).assign(weight=1.0, family=SETS["unit"].map(families))


def test_comparison_rows_of_a_set_serve_only_that_set():
    effect = estimate_att(SETS, **COLUMNS, sets="s", baseline=2)
    assert effect.by_event_time().table().set_index("event_time").loc[0, "att"] == pytest.approx((2 * 4 + 1 * 3) / 3)
    assert isinstance(effect.by_calendar_period(), NotEstimated)


def test_a_single_treated_unit_has_no_error_of_its_own_but_counts_in_the_whole():
    effect = estimate_att(SETS, **COLUMNS, sets="s", baseline=2)
    cell = effect.table().query("set == 2 and event_time == 0").squeeze()
    assert cell["att"] == pytest.approx(3)
    assert np.isnan(cell["std_error"])
    assert "single" in cell["reason"]
    # e's distance from the mean effect (11/3) stands in for what one unit cannot show; f and g differ by 1 from theirs
    influence = np.array([(4 - 1 - 11 / 3) / 3, (6 - 1 - 11 / 3) / 3, 0, 0, (3 - 11 / 3) / 3, 1 / 6, 1 / 6])
    assert effect.overall().std_error == pytest.approx(np.sqrt((influence**2).sum()))


def test_a_stack_brings_its_own_defaults():
    effect = estimate_att(Stack(), outcome="calls")
    assert effect.design.unit == "row"
    assert effect.design.sets == "start_cohort"
    assert effect.design.baseline == 12
    assert effect.time_unit == "month"
    assert "fewer than half of the baseline window" in " ".join(effect.notes)


@pytest.mark.parametrize(("cluster", "compared"), [(None, 4), ("family", 2)])
@pytest.mark.parametrize("covariates", [(), ("start_cohort",)])
def test_a_family_compared_in_several_months_is_counted_once(cluster, compared, covariates):
    """c, d and f are one family: its rows of two months, and of two start cohorts."""
    asked = {"outcome": "calls", "cluster": cluster, "covariates": covariates, "baseline": 2}
    effect = estimate_att(Stack(), SimpleNamespace(unit="family"), **asked).overall()
    assert (effect.n_treated, effect.n_comparison) == (3, compared)


def test_naming_the_start_cohort_as_a_covariate_pools_the_sets():
    effect = estimate_att(Stack(), outcome="calls", covariates=["start_cohort"], baseline=2)
    assert effect.design.sets is None
    assert effect.overall().att == pytest.approx((2 * 4 + 1 * 3) / 3)
    assert len(effect.by_cohort()) == 1


def test_the_window_leaves_out_rows_seen_in_less_than_half_of_it():
    outcomes = {
        "a": [1, 1, 1, 5],
        "b": [0, 2, np.nan, 4],
        "c": [1, 1, 1, 1],
        "d": [2, 2, 2, 2],
        "e": [np.nan, np.nan, 1, 9],
    }
    effect = estimate_att(long(outcomes, {"a": 4, "b": 4}), **COLUMNS, baseline=3)
    # b's base is the mean of what was seen (1); e was seen once in three and is left out
    assert att_of(effect, 4, 4) == pytest.approx((4 + 3) / 2)
    assert any(note.endswith("fewer than 10 treated and fewer than 10 comparison units.") for note in effect.notes)
    told = estimate_att(long(outcomes, {"a": 4, "b": 4}), **COLUMNS, baseline=3, smallest_shown=1).notes
    assert any(note.endswith("0 treated and 1 comparison units.") for note in told)


def test_a_cell_uses_the_units_seen_in_both_periods():
    outcomes = {"a": [1, 3], "b": [0, 4], "c": [1, 1], "d": [2, np.nan], "e": [5, 6]}
    effect = estimate_att(long(outcomes, {"a": 2, "b": 2}), **COLUMNS)
    assert effect.overall().att == pytest.approx(3 - 0.5)
    assert effect.table()["n_comparison"].item() == 2


def test_what_cannot_be_estimated_stays_with_its_reason():
    every_unit_treated = long(
        {"a": [1, 2, 3], "b": [1, 3, 3], "c": [2, 2, 2], "d": [1, 1, 4]}, dict(a=2, b=2, c=3, d=3)
    )
    effect = estimate_att(every_unit_treated, **COLUMNS)
    late = effect.table().query("period == 3")
    assert late["att"].isna().all()
    assert (late["reason"] == "no comparison unit is left").all()
    assert effect.overall().treated_share == pytest.approx(0.5)
    assert "not shown" in effect.summary()  # two units an arm
    twelvefold = [every_unit_treated.assign(unit=every_unit_treated["unit"] + str(copy)) for copy in range(12)]
    assert "stands for about 50% of the treated" in estimate_att(pd.concat(twelvefold), **COLUMNS).summary()
    assert isinstance(effect.band(1, 1), NotEstimated)
    assert json.dumps(effect.to_dict(), allow_nan=False)


def test_covariates_that_foretell_treatment_leave_no_overlap():
    frame = long({str(unit): [0, unit % 3] for unit in range(20)}, {str(unit): 2 for unit in range(8)})
    frame = frame.assign(x=frame["unit"].astype(int))
    reasons = estimate_att(frame, **COLUMNS, covariates=["x"]).table()["reason"]
    assert reasons.str.contains("no overlap").all()
    regression = estimate_att(frame, **COLUMNS, covariates=["x"], method="outcome_regression")
    assert isinstance(regression.overall(), Estimate)


def test_treated_in_a_category_without_comparison_are_left_out():
    frame = long(
        {name: [0, value] for name, value in zip("abcdefgh", [5, 7, 90, 1, 2, 3, 2, 4], strict=True)},
        dict(a=2, b=2, c=2),
    )
    frame = frame.assign(area=frame["unit"].map(lambda unit: "north" if unit == "c" else "south"))
    effect = estimate_att(frame, **COLUMNS, covariates=["area"])
    assert effect.overall().att == pytest.approx(6 - 12 / 5)
    assert effect.overall().n_treated == 2
    told = "Treated units in a category without comparison units: fewer than 10 by area. They are left out"
    assert told in effect.notes[-2] and told in effect.summary()


def test_treated_without_likes_are_counted_once_each_by_the_column_that_parts_them():
    frame = pd.concat(
        [STAGGERED.assign(unit=STAGGERED["unit"] + str(copy), copy=copy) for copy in range(12)], ignore_index=True
    )
    frame = frame.assign(kind=np.where(frame["copy"] < 6, "a", "b"), area=frame["copy"].astype(str))
    assert not any("without comparison" in note for note in estimate_att(frame, **COLUMNS, covariates="area").notes)
    # a and b of twelve copies start first, of whom those of "c" have no likes, and c of two copies are alone in area 9
    lone = frame["adopted"].eq(3) & (frame["copy"] >= 6)
    frame["kind"] = frame["kind"].mask(lone, "c")
    frame["area"] = frame["area"].where((frame["copy"] != 9) | frame["unit"].str.startswith("c"), "8")
    notes = estimate_att(frame, **COLUMNS, covariates=["kind", "area"], smallest_shown=1).notes
    (note,) = [each for each in notes if "without comparison units" in each]
    assert note.split(": ")[1].split(".")[0] == "12 by kind, 1 by area"


def test_collinear_covariates_are_dropped_by_name():
    random = np.random.default_rng(1)
    frame = long({str(unit): list(random.normal(size=2)) for unit in range(30)}, {str(unit): 2 for unit in range(10)})
    frame["x"] = frame["unit"].map(dict(zip(frame["unit"].unique(), random.normal(size=30), strict=True)))
    frame["twice"] = 2 * frame["x"] + 1
    both = estimate_att(frame, **COLUMNS, covariates=["x", "twice"])
    assert any(note.endswith("before them: twice.") for note in both.notes)
    told = estimate_att(
        frame.assign(same=7.0, year=2000 + frame["period"]), **COLUMNS, covariates=["same", "x", "year"]
    )
    assert "Dropped, for in each period they are the same for all: same, year." in told.notes
    assert not any("collinear" in note for note in told.notes)
    assert both.overall().att == pytest.approx(estimate_att(frame, **COLUMNS, covariates=["x"]).overall().att)


def test_a_covariate_may_be_alike_for_all_in_some_periods_and_not_alike_for_all_in_each():
    random = np.random.default_rng(2)
    x = {str(unit): [0, random.normal(), random.normal()] for unit in range(40)}
    frame = long(x, {str(unit): 3 for unit in range(15)}).rename(columns={"y": "x"})
    frame["y"] = frame["x"] + random.normal(size=len(frame))
    alone = estimate_att(frame, **COLUMNS, covariates=["x"])
    assert not any("Dropped" in note for note in alone.notes)
    changes, second = (frame.pivot(index="unit", columns="period", values=name) for name in ("y", "x"))
    change, treated = changes[3] - changes[2], frame.drop_duplicates("unit").set_index("unit")["adopted"].notna()
    line = np.polyfit(second.loc[~treated, 2], change[~treated], 1)
    found = estimate_att(frame, **COLUMNS, covariates=["x"], method="outcome_regression").combine([0, 1])
    assert found.att == pytest.approx((change - np.polyval(line, second[2]))[treated].mean())
    dated = estimate_att(frame.assign(year=frame["period"] * 1.5), **COLUMNS, covariates=["x", "year"])
    assert any(note.endswith("the same for all: year.") for note in dated.notes)
    assert dated.overall().att == pytest.approx(alone.overall().att)


def test_naive_change_is_after_less_before_of_the_treated():
    outcomes = {"a": [4, 6, 1, 1], "b": [2, 4, 2, 4], "c": [9, 9, 9, 9]}
    options = {"first": 0, "last": 1, "baseline": 2, "smallest_shown": 1}
    naive = naive_change(long(outcomes, {"a": 3, "b": 3}), **COLUMNS, **options)
    assert naive.change == pytest.approx((-4 + 0) / 2)
    # changes -4 and 0: the error of a mean of two is their standard deviation over the root of 2
    assert naive.std_error == pytest.approx(np.std([-4, 0], ddof=1) / np.sqrt(2))
    assert naive.baseline_mean == 4
    assert "no estimate of an effect" in naive.summary()


def test_t_intervals_are_wider_and_normal_is_the_default():
    normal, wide = (estimate_att(TWO_BY_TWO, **COLUMNS, **asked).overall() for asked in ({}, {"quantile": "t"}))
    assert normal.ci_high - normal.att == pytest.approx(1.959964 * normal.std_error, rel=1e-6)
    # two treated clusters leave one degree of freedom: 12.706
    assert wide.ci_high - wide.att == pytest.approx(12.7062 * wide.std_error, rel=1e-5)


def test_small_sample_errors_allow_for_the_coefficients_that_were_fitted():
    rng = np.random.default_rng(7)
    units = 60
    frame = pd.DataFrame(
        {
            "unit": np.repeat(np.arange(units), 2),
            "period": np.tile([1, 2], units),
            "adopted": np.repeat(np.where(np.arange(units) < 20, 2.0, np.nan), 2),
            "need": np.repeat(rng.normal(size=units), 2),
            "outcome": rng.normal(size=2 * units),
        }
    )
    asked = {"outcome": "outcome", "unit": "unit", "period": "period", "adopted": "adopted", "covariates": ["need"]}
    plain = estimate_att(frame, **asked).overall()
    widened = estimate_att(frame, **asked, small_sample=True).overall()
    assert widened.att == plain.att
    assert widened.std_error == pytest.approx(plain.std_error * np.sqrt(40 / (40 - 2)), rel=1e-12)


def two_sets_with_their_own_areas() -> pd.DataFrame:
    """Set 1 has areas p and q, set 2 areas r, s, t and u: in each set the other's indicators are nothing but zeros."""
    rng = np.random.default_rng(11)
    rows = []
    for start_set, areas, treated in ((1, "pq", 5), (2, "rstu", 12)):
        for number in range(40):
            adopted = 2.0 if number < treated else np.nan
            unit = {"unit": f"{start_set}-{number}", "adopted": adopted, "s": start_set}
            area = areas[number % len(areas)]
            rows += [{**unit, "area": area, "period": period, "y": rng.normal()} for period in (1, 2)]
    return pd.DataFrame(rows)


def test_covariates_count_as_many_as_could_be_fitted_in_the_cell():
    frame = two_sets_with_their_own_areas()
    asked = {**COLUMNS, "covariates": ["area"], "sets": "s"}
    plain, widened = (
        estimate_att(frame, **asked, small_sample=wide).table().set_index("set") for wide in (False, True)
    )
    # an intercept and one area in set 1, an intercept and three areas in set 2; not six columns in both
    assert widened["reason"].isna().all()
    assert widened.loc[1, "std_error"] == pytest.approx(plain.loc[1, "std_error"] * np.sqrt(35 / (35 - 2)))
    assert widened.loc[2, "std_error"] == pytest.approx(plain.loc[2, "std_error"] * np.sqrt(28 / (28 - 4)))


def test_what_a_notebook_shows_of_a_result_has_no_small_count_and_no_array():
    asked = {**COLUMNS, "comparison": "never_treated"}
    small = estimate_att(STAGGERED, **asked)
    naive = naive_change(STAGGERED, **COLUMNS, first=0, last=0, baseline=1)
    for shown in (small, small.overall(), naive):
        assert "fewer than 10 treated" in repr(shown)
        assert "not shown" in repr(shown)
    frame = two_sets_with_their_own_areas()
    large = estimate_att(frame, **COLUMNS)
    assert "about 15 treated, about 65 comparison units" in repr(large.overall())
    for shown in (large, small.by_event_time(), small.cells, small.influence, small.pre_trends()):
        assert len(repr(shown)) < 250
        assert "array" not in repr(shown)


@pytest.mark.parametrize(("confidence", "level"), [(0.95, "95%"), (0.975, "97.5%"), (0.999, "99.9%")])
def test_the_confidence_is_told_as_it_was_asked_for(confidence, level):
    effect = estimate_att(TWO_BY_TWO, **COLUMNS, confidence=confidence, smallest_shown=1)
    for told in (effect.summary(), repr(effect)):
        assert f"({level} interval" in told
