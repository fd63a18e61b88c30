"""What imputation says of small panels, and what it says where nothing can be imputed."""

import numpy as np
import pandas as pd
import pytest

from tests.dummies import panel
from tf_eval.did import GroupTimeATT, estimate_att
from tf_eval.errors import ConfigError

BOTH = pytest.mark.parametrize("method", ["imputation", "two_stage"])


def estimate(frame: pd.DataFrame, method: str, **options) -> GroupTimeATT:
    return estimate_att(frame, outcome="y", unit="unit", period="period", adopted="adopted", method=method, **options)


def paths(outcomes: dict[tuple[str, int], list[float]]) -> pd.DataFrame:
    """One unit a path, from period 1 on; a path is named and has the period in which treatment began (0: never)."""
    return pd.DataFrame(
        [
            {"unit": name, "adopted": adopted, "period": period, "y": value}
            for (name, adopted), values in outcomes.items()
            for period, value in enumerate(values, 1)
        ]
    )


@BOTH
def test_two_periods_are_the_difference_of_means(method):
    frame = paths({("a", 2): [1, 5], ("b", 2): [2, 8], ("c", 0): [0, 1], ("d", 0): [4, 7]})
    row = estimate(frame, method).table().query("period == 2").iloc[0]
    assert row["att"] == pytest.approx((4 + 6) / 2 - (1 + 3) / 2)
    # each arm's change by its own mean: squared deviations over squared counts
    assert row["std_error"] == pytest.approx(np.sqrt(2 / 4 + 2 / 4))
    assert (row["n_treated"], row["n_comparison"]) == (2, 2)


@BOTH
def test_every_untreated_period_counts(method):
    frame = paths({("a", 3): [0, 6, 9], ("b", 3): [0, 6, 9], ("c", 0): [0, 0, 1], ("d", 0): [0, 0, 1]})
    row = estimate(frame, method).table().query("period == 3").iloc[0]
    assert row["att"] == pytest.approx(9 - (0 + 6) / 2 - 1)


@BOTH
def test_a_period_in_which_all_are_treated_cannot_be_imputed(method):
    frame = panel(1, lost=0.0)
    frame = frame[frame["adopted"] > 0]
    effect = estimate(frame, method)
    late = effect.table().query("period == 6")
    assert late["att"].isna().all()
    assert set(late["reason"]) == {"no untreated unit is seen in the period"}
    assert effect.table().query("period < 6 and event_time >= 0")["att"].notna().all()
    assert any("treated observations for which nothing can be imputed" in note for note in effect.notes)


@BOTH
def test_units_that_are_not_seen_before_treatment_are_left_out_and_counted(method):
    frame = panel(2, lost=0.0)
    late = frame["unit"].isin(frame.query("adopted == 4")["unit"].unique()[:3]) & (frame["period"] < 4)
    effect = estimate(frame[~late], method)
    assert effect.table().query("adopted == 4 and period == 5")["n_treated"].item() == 12 - 3
    assert any("fewer than 10 treated units that are not seen before treatment" in note for note in effect.notes)


@BOTH
def test_a_group_never_seen_before_treatment_has_a_reason(method):
    frame = panel(2, lost=0.0)
    effect = estimate(frame[(frame["adopted"] != 4) | (frame["period"] >= 4)], method)
    reasons = effect.table().query("adopted == 4 and event_time >= 0")["reason"]
    assert set(reasons) == {"no treated unit is observed in the period that was also seen before treatment"}
    assert any("about 10 treated units that are not seen before treatment" in note for note in effect.notes)


def test_periods_that_no_unit_links_to_those_before_cannot_be_imputed():
    # nobody untreated is seen both before and from period 3 on: the two stretches have no common level
    first = {(f"a{i}", 3): [i, i + 1, 7, 8] for i in range(3)} | {
        (f"b{i}", 0): [i, 2 * i, np.nan, np.nan] for i in (1, 2)
    }
    frame = paths(first | {(f"c{i}", 0): [np.nan, np.nan, i, i + 1] for i in range(3)})
    table = estimate(frame, "imputation").table().query("period >= 3")
    assert set(table["reason"]) == {"the untreated observations do not tell it apart from unit and period effects"}


def test_missing_covariates_leave_observations_out():
    frame = panel(3, lost=0.0)
    frame.loc[frame.query("period == 2").index[:5], "z"] = np.nan
    effect = estimate(frame, "imputation", covariates=["z"])
    assert "Left out: observations of fewer than 10 units with a covariate missing." in effect.notes
    without = estimate(frame.dropna(), "imputation", covariates=["z"])
    np.testing.assert_allclose(effect.table()["att"], without.table()["att"], rtol=1e-8)


def test_effects_in_anticipation_are_imputed_too():
    frame = panel(4)
    table = estimate(frame, "imputation", anticipation=1, leads=0).table()
    earlier = estimate(frame.assign(adopted=frame["adopted"] - (frame["adopted"] > 0)), "imputation", leads=0).table()
    np.testing.assert_allclose(table["att"], earlier["att"], rtol=1e-8)
    np.testing.assert_array_equal(table["event_time"], earlier["event_time"] - 1)


def test_a_group_of_one_unit_is_compared_with_others_at_its_event_time():
    """Compared with itself it would seem to have no error of its own in an average that it is part of."""
    frame = panel(5, lost=0.0)
    lone = frame["unit"] == frame.query("adopted == 3")["unit"].iloc[0]
    frame = frame[(frame["adopted"] != 3) | lone]
    effect = estimate(frame, "imputation")
    alone = effect.table().query("adopted == 3 and event_time >= 0")
    assert alone["std_error"].isna().all() and alone["att"].notna().all()
    shift = lone & (frame["period"] >= 3)
    everybody = (frame["adopted"] > 0) & (frame["period"] >= frame["adopted"])
    frames = [frame.assign(y=frame["y"] + 100 * moved) for moved in (shift, everybody)]
    apart, together = (estimate(one, "imputation").by_event_time().covariance for one in frames)
    assert (np.diag(apart)[-3:-1] > 4 * np.diag(together)[-3:-1]).all()
    np.testing.assert_allclose(together, effect.by_event_time().covariance, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"method": "imputation", "baseline": "universal"}, "leave baseline out"),
        ({"method": "imputation", "baseline": 2, "leads": 1}, "leave leads or baseline out"),
        ({"method": "imputation", "leads": -1}, "leads must be a whole number"),
        ({"method": "two_stage", "leads": 1}, "'two_stage' has no use for 'leads'"),
        ({"method": "doubly_robust", "leads": 1}, "'doubly_robust' has no use for 'leads'"),
        ({"method": "imputation", "comparison": "never_treated"}, "no use for 'comparison'"),
    ],
)
def test_options_that_cannot_be_honoured_are_refused(options, said):
    with pytest.raises(ConfigError, match=said):
        estimate(panel(1), **options)


@BOTH
def test_the_order_of_rows_and_constants_of_units_and_periods_do_not_matter(method):
    frame = panel(6)
    mixed = frame.assign(y=frame["y"] + 1e6 * np.sin(frame["unit"]) + 50 * frame["period"] ** 2)
    one, other = estimate(frame, method), estimate(mixed.sample(frac=1, random_state=1), method)
    # a million added to the outcome leaves ten of its sixteen digits
    np.testing.assert_allclose(one.table()["att"], other.table()["att"], atol=1e-7)
    np.testing.assert_allclose(one.by_event_time().covariance, other.by_event_time().covariance, atol=1e-7)


@BOTH
def test_halves_of_every_unit_say_what_the_whole_says(method):
    frame = panel(7)
    halves = pd.concat([frame.assign(unit=2 * frame["unit"] + part, w=frame["w"] / 2) for part in (0, 1)])
    one = estimate(frame, method, weights="w", cluster="unit")
    other = estimate(halves.assign(origin=halves["unit"] // 2), method, weights="w", cluster="origin")
    np.testing.assert_allclose(one.table()[["att", "std_error"]], other.table()[["att", "std_error"]], rtol=1e-8)


def test_groups_of_few_clusters_are_told_of():
    areas = panel(8).assign(area=lambda frame: frame["unit"] % 6)
    found = estimate(areas, "imputation", cluster="area")
    (told,) = [note for note in found.notes if "clusters, each" in note]
    groups = found.table()["adopted"].nunique()
    assert told.startswith(f"In {groups} of {groups} groups there are fewer than 10 clusters")
    mended = estimate(areas, "imputation", cluster="area", small_sample=True).notes
    assert not any("clusters, each" in note for note in mended)


@BOTH
def test_a_period_that_others_are_seen_in_alone_is_not_told_from_their_effects(method):
    """Whatever units weigh: only rounding is left of a period effect that unit effects take up, which tells nothing."""
    periods = np.arange(1, 6)
    for seed in range(8):
        random = np.random.default_rng(seed)
        kind = np.arange(60) % 3
        frame = pd.DataFrame(
            {
                "unit": np.repeat(np.arange(60), 5),
                "period": np.tile(periods, 60),
                "adopted": np.repeat(np.where(kind == 0, 3, 0), 5),
                "weight": np.repeat(random.uniform(0.1, 2, 60), 5),
                "y": random.normal(size=300),
            }
        )
        alone, third = np.repeat(kind == 1, 5), frame["period"] == 3
        frame = frame[(alone == third) | np.repeat(kind == 0, 5)]
        table = estimate(frame, method, weights="weight").table().set_index("period")
        assert np.isnan(table.loc[3, "att"])
        assert table.loc[3, "reason"].startswith("the untreated observations do not tell it apart")
        assert np.isfinite(table.loc[[4, 5], "att"]).all()


@BOTH
def test_a_baseline_window_counts_steps_of_time_where_periods_are_missing(method):
    outcomes = {
        ("a", 7): [9, 9, 1, 3, 8],
        ("b", 7): [9, 9, 2, 4, 9],
        ("c", 0): [0, 0, 1, 2, 3],
        ("d", 0): [0, 0, 1, 2, 5],
    }
    frame = paths(outcomes).assign(period=lambda rows: rows["period"].map({1: 1, 2: 2, 3: 3, 4: 6, 5: 7}))
    cells = estimate(frame, method, baseline=4).table().set_index("period")["att"]  # of periods 3 to 6, two are there
    assert cells[7] == pytest.approx((8.5 - 2.5) - (4 - 1.5))
    assert cells[1] == pytest.approx((9 - 2.5) - (0 - 1.5))
