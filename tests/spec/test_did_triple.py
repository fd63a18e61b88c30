"""Triple differences: who is compared with whom, what holds by construction, and what cannot be had."""

import numpy as np
import pandas as pd
import pytest

from tf_eval.did import GroupTimeATT, estimate_att, naive_change
from tf_eval.errors import ConfigError, InputError

COLUMNS = {"outcome": "y", "unit": "unit", "period": "period", "adopted": "adopted"}


def areas(seed: int, units: int = 240, effect: float = 2.0) -> pd.DataFrame:
    """Areas that start in 3, 4 or never go their own ways; the eligible drift from the others alike in all of them."""
    random = np.random.default_rng(seed)
    each = pd.DataFrame({"unit": np.arange(units), "adopted": random.choice([0, 3, 4], units)})
    each["q"] = random.random(units) < np.where(each["adopted"] == 3, 0.7, 0.4)
    each["x"] = random.normal(size=units) + each["q"]
    each["tenure"] = random.choice(["own", "rent"], units)
    each["area"] = each["adopted"] * 10 + each["unit"] % 3
    each["team"], each["school"] = each["unit"] % 20, each["unit"] // 6
    frame = each.merge(pd.DataFrame({"period": np.arange(1, 6)}), how="cross")
    since = (frame["adopted"] > 0) & (frame["period"] >= frame["adopted"]) & frame["q"]
    trend = frame["period"] * (frame["adopted"] * 0.4 + frame["q"] * 0.7)
    return frame.assign(y=trend + random.normal(size=len(frame)) * 0.3 + effect * since)


def estimate(frame: pd.DataFrame, **options) -> GroupTimeATT:
    return estimate_att(frame, **COLUMNS, eligible="q", **options)


def test_areas_may_go_their_own_ways_and_so_may_the_eligible():
    overall = estimate(areas(1)).overall()
    assert overall.ci_low < 2 < overall.ci_high
    assert overall.std_error < 0.1
    plain = estimate_att(areas(1)[lambda rows: rows["q"]], **COLUMNS).overall()
    assert not plain.ci_low < 2 < plain.ci_high
    assert "alike in how far their eligible units part from the others" in overall.summary()


def test_each_of_the_three_parts_is_a_difference_in_differences_of_the_treated():
    """With covariates the sum of three, each brought to the eligible treated; not a difference of two."""
    frame = areas(2)
    cell = estimate(frame, covariates="x", comparison="never_treated").table().set_index(["adopted", "period"])

    def part(start: int, eligible: bool) -> pd.Series:
        treated = (frame["adopted"] == 3) & frame["q"]
        compared = (frame["adopted"] == start) & (frame["q"] == eligible)
        two = frame[treated | compared].assign(adopted=np.where(treated, 3, 0)[treated | compared])
        return estimate_att(two, **COLUMNS, covariates="x").table().set_index(["adopted", "period"])["att"]

    expected = part(3, False) + part(0, True) - part(0, False)
    np.testing.assert_allclose(cell.loc[[3], "att"], expected, rtol=1e-9)


def test_counts_tell_the_eligible_treated_and_everyone_else_who_served():
    frame = areas(3)
    cell = estimate(frame).table().query("adopted == 3 and period == 3").iloc[0]
    units = frame.drop_duplicates("unit")
    treated = (units["adopted"] == 3) & units["q"]
    assert (cell["n_treated"], cell["n_comparison"]) == (treated.sum(), (~treated).sum())
    late = estimate(frame).table().query("adopted == 3 and period == 4").iloc[0]
    assert late["n_comparison"] == (~treated & (units["adopted"] != 4)).sum()


@pytest.mark.parametrize(
    "options",
    [
        {"cluster": "area"},
        {"baseline": 2},
        {"baseline": "universal", "covariates": ["x", "tenure"]},
        {"method": "improved_doubly_robust", "covariates": "x"},
        {"errors": "unequal"},
        {"small_sample": True, "covariates": "x"},
        {"cluster": ["school", "team"]},
        {"sets": "tenure"},
        {"anticipation": 1},
    ],
)
def test_every_option_of_group_time_effects_is_honoured(options):
    overall = estimate(areas(4), **options).overall()
    assert abs(overall.att - 2) < 5 * overall.std_error
    assert overall.std_error < 0.5


def test_where_there_are_no_ineligible_units_of_the_same_start_nothing_is_estimated():
    frame = areas(5)
    table = estimate(frame[frame["q"] | (frame["adopted"] != 3)]).table()
    told = table.loc[table["adopted"] == 3, "reason"]
    assert set(told) == {"no ineligible unit of the same start can be compared"}
    assert table.loc[table["adopted"] == 4, "att"].notna().all()


def test_a_cohort_without_both_kinds_is_no_comparison():
    frame = areas(6)
    without = frame[frame["q"] | (frame["adopted"] != 0)]
    table = estimate(without).table().set_index(["adopted", "period"])
    assert table.loc[(3, 3), "n_comparison"] > 0
    assert table.loc[(3, 4), "reason"] == "no other cohort has both eligible and ineligible units that can be compared"
    n_left = without.loc[without["adopted"] == 0, "unit"].nunique()
    told = f"Left out: {n_left} units of starts in which all are eligible, or none is."
    assert told in estimate(without, smallest_shown=1).notes


def test_a_category_that_one_of_the_groups_lacks_is_not_dropped_in_one_part_only():
    frame = areas(7)
    lacking = (frame["adopted"] == 0) & ~frame["q"]
    frame.loc[lacking, "tenure"] = "own"
    told = estimate(frame, covariates="tenure", comparison="never_treated").table()["reason"]
    assert set(told) == {"some eligible treated units are of a category that not all groups compared have"}


def test_a_cohort_of_single_units_serves_only_where_there_is_no_other():
    frame = areas(8)
    kept = frame[frame["adopted"] == 0].drop_duplicates("q")["unit"]
    frame = frame[(frame["adopted"] != 0) | frame["unit"].isin(kept)]
    table = estimate(frame).table().set_index(["adopted", "period"])
    assert table.loc[(3, 3), "n_comparison"] == estimate(frame[frame["adopted"] != 0]).table()["n_comparison"][1]
    assert table.loc[(3, 4), "reason"] == "a single treated or comparison unit: no error of its own"
    assert any(note.startswith("In 3 cells cohorts with a single eligible") for note in estimate(frame).notes)


def test_a_cohort_whose_outcome_never_changes_does_not_take_all_the_weight():
    frame = areas(9)
    frame.loc[frame["adopted"] == 0, "y"] = 1.0
    table = estimate(frame).table().set_index(["adopted", "period"])
    only = estimate(frame[frame["adopted"] != 4]).table().set_index(["adopted", "period"])
    other = estimate(frame[frame["adopted"] != 0]).table().set_index(["adopted", "period"])
    halves = (only.loc[(3, 3), "att"] + other.loc[(3, 3), "att"]) / 2
    assert table.loc[(3, 3), "att"] == pytest.approx(halves)


def test_rows_in_another_order_say_the_same():
    frame = areas(10)
    shuffled = frame.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(estimate(frame).table(), estimate(shuffled).table())


def test_gaps_leave_a_unit_out_of_the_cells_that_need_it():
    frame = areas(11)
    gone = frame[~((frame["unit"] % 5 == 0) & (frame["period"] == 4))]
    whole, part = estimate(frame).table(), estimate(gone).table()
    at = whole["period"] == 4
    assert (part.loc[at, "n_treated"] < whole.loc[at, "n_treated"]).all()
    assert abs(estimate(gone, covariates="x").overall().att - 2) < 0.4


def test_few_clusters_are_judged_of_triple_differences_too():
    frame = areas(12, units=80, effect=0.0)[lambda rows: (rows["adopted"] != 4) & rows["period"].isin([2, 3])]
    told = estimate(frame, cluster="area").judge_clusters(seed=1, draws=99)
    assert set(told.table()["method"]) and told.table()["p_value"].notna().any()


def test_what_cannot_be_used_is_refused():
    frame = areas(13)
    with pytest.raises(InputError, match="eligible 'q' must be true or false"):
        estimate(frame.assign(q=2))
    with pytest.raises(InputError, match="column 'q' is missing in 5 rows"):
        estimate(frame.assign(q=frame["q"].where(frame["unit"] != 1).astype(object)))
    with pytest.raises(InputError, match="eligible 'q' changes within 240 units"):
        estimate(frame.assign(q=frame["period"] > 2))
    with pytest.raises(InputError, match="every unit is eligible; leave eligible out"):
        estimate(frame.assign(q=1))
    with pytest.raises(InputError, match="no unit is eligible where treatment begins"):
        estimate(frame[~frame["q"] | (frame["adopted"] == 0)])
    with pytest.raises(ConfigError, match="'stacked' has no use for 'eligible'"):
        estimate(frame, method="stacked", kappa_pre=1, kappa_post=1)
    with pytest.raises(ConfigError, match="'cross_sections' has no use for 'eligible'"):
        estimate(frame, sample="cross_sections")
    with pytest.raises(ConfigError, match="no option 'eligible'"):
        naive_change(frame, **COLUMNS, eligible="q", first=0, last=1, baseline=2)


@pytest.mark.parametrize("asked", ["overlap", "paths", "plot_paths"])
def test_what_a_triple_difference_does_not_have_is_refused_with_what_it_has(asked):
    with pytest.raises(ConfigError, match=f"^{asked}|^paths") as refused:
        getattr(estimate(areas(9)), asked)()
    assert "a triple difference is made of three differences" in str(refused.value)
    assert "leave_one_cohort_out()" in str(refused.value)
    assert "doubly_robust" not in str(refused.value)
