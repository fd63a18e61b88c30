"""Treatments that switch: whose effects, against whom, with what errors, and what cannot be had."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tf_eval.did import SwitchingEffects, estimate_att, estimate_switching
from tf_eval.did.inference.errors import ONE_CLUSTER
from tf_eval.did.switching.estimator import NO_DOSE, NOBODY
from tf_eval.errors import ConfigError, InputError, NotEstimated
from tf_eval.matching.display import number

COLUMNS = {"outcome": "y", "unit": "unit", "period": "period", "treatment": "d"}


def paths(treated: dict[str, tuple[list[float], list[float]]]) -> pd.DataFrame:
    """A unit a path, from period 1 on: its treatment, and its outcome."""
    return pd.DataFrame(
        [
            {"unit": name, "period": period, "d": dose, "y": value}
            for name, (doses, values) in treated.items()
            for period, (dose, value) in enumerate(zip(doses, values, strict=True), 1)
        ]
    )


def world(seed: int, units: int = 120, doses: int = 2, periods: int = 6) -> pd.DataFrame:
    """Treatment is worth 2, and 1 more in the period after it; trends differ by the treatment at the start."""
    random = np.random.default_rng(seed)
    dose = random.integers(0, doses, (units, periods))
    stays = random.random((units, periods)) < 0.85
    for period in range(1, periods):
        dose[:, period] = np.where(stays[:, period], dose[:, period - 1], dose[:, period])
    before = np.column_stack([np.zeros(units), dose[:, :-1]])
    level = random.normal(size=(units, 1)) + np.arange(periods) * (0.5 + 0.7 * dose[:, :1])
    outcome = level + 2 * dose + before + random.normal(size=dose.shape)
    frame = pd.DataFrame(
        {"unit": np.repeat(np.arange(units), periods), "period": np.tile(np.arange(periods) + 1, units)}
    )
    each = random.normal(size=units)[frame["unit"]]
    return frame.assign(d=dose.ravel(), y=outcome.ravel() + each * frame["period"], x=each, area=frame["unit"] % 20)


def estimate(frame: pd.DataFrame, **options) -> SwitchingEffects:
    return estimate_switching(frame, **{**COLUMNS, **options})


def test_rises_and_falls_are_each_compared_with_those_who_began_alike_and_count_as_more_treatment():
    frame = paths(
        {
            "rises": ([0, 1, 1], [0, 5, 6]),
            "rises too": ([0, 1, 0], [0, 7, 4]),
            "stays off": ([0, 0, 0], [1, 2, 3]),
            "stays off too": ([0, 0, 0], [1, 2, 5]),
            "falls": ([1, 0, 0], [9, 6, 6]),
            "stays on": ([1, 1, 1], [5, 7, 9]),
        }
    )
    found = estimate(frame, effects=2)
    # 5 - 1 and 7 - 1 where treatment rose; -(-3 - 2) where it fell
    assert found.rows[0].total.effect == pytest.approx((4 + 6 + 5) / 3)
    assert found.rows[1].total.effect == pytest.approx((6 - 3 + 4 - 3 + 3 + 4) / 3)
    assert found.rows[1].dose == pytest.approx((2 + 1 + 2) / 3)
    assert found.rows[1].per_dose.effect == pytest.approx((6 - 3 + 4 - 3 + 3 + 4) / 5)
    assert found.average.per_dose.effect == pytest.approx((4 + 6 + 5 + 3 + 1 + 7) / (1 + 1 + 1 + 1 + 0 + 1))
    assert (found.rows[0].n_treated, found.rows[0].n_comparison) == (3, 3)


def test_the_planted_effect_is_found_and_placebos_are_nothing():
    found = estimate(world(1, units=2000), effects=2, placebos=2).table().set_index("event_time")
    # The seed is fixed; beyond 4 errors by chance less than once in 10,000.
    assert abs(found.loc[0, "effect"] - 2) < 4 * found.loc[0, "std_error"] < 0.5
    assert (found.loc[[-3, -2], "effect"].abs() < 4 * found.loc[[-3, -2], "std_error"]).all()


def measures(found) -> list:
    return [one for row in (*found.rows, found.average) for one in (row.total, row.per_dose)]


def moved_by_weights(frame: pd.DataFrame, **options) -> np.ndarray:
    """How every total and effect per dose (columns) moves as each unit (rows) weighs more: their influence, slowly."""

    def numbers(unit: int, step: float) -> np.ndarray:
        weighted = frame.assign(w=1 + step * (frame["unit"] == unit))
        return np.array([one.effect for one in measures(estimate(weighted, weights="w", **options))])

    step = 1e-4
    return np.array([numbers(unit, step) - numbers(unit, -step) for unit in frame["unit"].unique()]) / (2 * step)


def test_errors_are_how_far_each_unit_moves_the_effect():
    """Each unit's influence by its slope: what a little more weight on it does to every number."""
    frame = world(2, units=30).assign(w=1.0)
    moved = moved_by_weights(frame, effects=2, placebos=1)
    found = estimate(frame, effects=2, placebos=1)
    errors = [one.std_error for one in measures(found)]
    np.testing.assert_allclose(np.sqrt((moved**2).sum(axis=0)), errors, rtol=1e-5)
    of_effects = moved[:, [0, 2, 4]]
    np.testing.assert_allclose(of_effects.T @ of_effects, found.covariance, rtol=1e-4, atol=1e-8)


def test_a_simultaneous_band_is_wider_than_intervals_and_as_wide_as_the_joint_distribution_asks():
    found = estimate(world(2), effects=3, placebos=2)
    banded = found.simultaneous(seed=1, draws=4999)
    band = banded.table()
    assert (band["band_high"] > band["ci_high"]).all() and (band["band_low"] < band["ci_low"]).all()
    errors = np.sqrt(np.diag(found.covariance))
    drawn = np.random.default_rng(2).multivariate_normal(np.zeros(5), found.covariance, 20_000) / errors
    expected = np.quantile(np.abs(drawn).max(axis=1), 0.95)
    # 4,999 draws know a 95 % quantile to about 1 %.
    assert banded.totals.reach == pytest.approx(expected, rel=0.03)
    # Of few units it reaches further still, as far as the totals' own band does.
    reached = (band["band_high"] - band["effect"]) / errors
    assert (reached > banded.totals.reach).all()
    np.testing.assert_allclose(reached, banded.totals.reaches)
    with pytest.raises(ConfigError, match="draws must be"):
        found.simultaneous(seed=1, draws=3)


def test_clusters_sum_their_units():
    frame = world(3)
    twins = pd.concat([frame, frame.assign(unit=frame["unit"] + 1000)]).assign(pair=lambda rows: rows["unit"] % 1000)
    own, paired = estimate(frame, effects=2), estimate(twins, effects=2, cluster="pair")
    pd.testing.assert_series_equal(own.table()["std_error"], paired.table()["std_error"])
    assert estimate(frame, effects=2, cluster="area").rows[0].total.std_error > 0


def begun_at_once(seed: int) -> pd.DataFrame:
    """A treatment that a third of 60 units begin in period 4 and keep, in 10 areas and 6 schools across them."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame({"unit": np.repeat(np.arange(60), 6), "period": np.tile(np.arange(6) + 1, 60)})
    area = frame["unit"] % 10
    frame = frame.assign(area=area, school=frame["unit"] // 10, start=np.where(area % 3 == 0, 4, 0))
    shared = (
        random.normal(size=(10, 7))[area, frame["period"]]
        + random.normal(size=(6, 7))[frame["school"], frame["period"]]
    )
    return frame.assign(
        d=((frame["start"] > 0) & (frame["period"] >= 4)).astype(int), y=shared + random.normal(size=len(frame))
    )


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"quantile": "t"},
        {"errors": "unequal"},
        {"cluster": "area"},
        {"cluster": "area", "quantile": "t"},
        {"cluster": "area", "errors": "unequal"},
        {"cluster": ["area", "school"]},
        {"cluster": ["area", "school"], "quantile": "t"},
    ],
)
def test_a_treatment_begun_at_once_and_kept_has_the_errors_that_estimate_att_gives_it(options):
    frame = begun_at_once(1)
    columns = {"outcome": "y", "unit": "unit", "period": "period", **options}
    found = estimate_switching(frame, treatment="d", effects=3, placebos=2, **columns)
    effect = estimate_att(frame, adopted="start", baseline="universal", **columns)
    study = effect.by_event_time()
    numbers = ["std_error", "ci_low", "ci_high", "p_value", "n_treated", "n_comparison"]
    own, others = found.table(), study.table()[lambda rows: rows["event_time"] != -1].reset_index(drop=True)
    np.testing.assert_allclose(own["effect"], others["att"], rtol=1e-10)
    np.testing.assert_allclose(own[numbers].astype(float), others[numbers].astype(float), rtol=1e-9)
    own_rows = np.flatnonzero(study.table()["event_time"] != -1)
    covariance = study.covariance[np.ix_(own_rows, own_rows)]
    np.testing.assert_allclose(found.covariance, covariance, rtol=1e-9, atol=1e-12 * covariance.max())
    # Of a treatment that comes at once and stays, how much a unit has had by then is no matter of chance.
    had = own["event_time"].abs() + (own["event_time"] >= 0) - (own["event_time"] < 0)
    for total, per_dose in (("effect", "per_dose"), ("ci_low", "per_dose_low"), ("ci_high", "per_dose_high")):
        np.testing.assert_allclose(own[total], had * own[per_dose], rtol=1e-9)
    if isinstance(options.get("cluster"), list):
        # Two-way covariances hang on what else is asked for at once, which for pre_trends is the cells before alone.
        with pytest.raises(ConfigError, match="clustered one way"):
            found.simultaneous(seed=1)
        return
    np.testing.assert_allclose(found.placebo_p_value(), effect.pre_trends().p_value, rtol=1e-9)
    bands = [one.simultaneous(seed=1, draws=199).table() for one in (found, study)]
    assert (bands[0]["band_high"] > own["ci_high"]).all()
    if options.get("errors") == "unequal":
        return  # drawn from a root of the covariance, of which these have one row less
    ends = [(band["band_high"] - band["ci_high"]).dropna() for band in bands]
    np.testing.assert_allclose(*ends, rtol=1e-9)


def test_what_is_shared_in_either_kind_of_cluster_counts_once():
    frame = world(3, doses=3).assign(school=lambda rows: rows["unit"] // 15)
    both = frame["area"].astype(str) + " " + frame["school"].astype(str)
    found = estimate(frame, effects=2, placebos=1, cluster=["area", "school"]).table()
    ways = [
        estimate(frame.assign(both=both), effects=2, placebos=1, cluster=name).table()
        for name in ("area", "school", "both")
    ]
    for name in ("std_error", "per_dose_error"):
        expected = ways[0][name] ** 2 + ways[1][name] ** 2 - ways[2][name] ** 2
        assert (expected > 0).all()
        np.testing.assert_allclose(found[name] ** 2, expected, rtol=1e-9)


def test_unequal_errors_give_each_start_its_own_scatter_also_in_how_much_it_got():
    """Each unit's influence by its slope, and Welch's variance and degrees of freedom of these."""
    random = np.random.default_rng(5)
    frame = pd.DataFrame({"unit": np.repeat(np.arange(24), 4), "period": np.tile(np.arange(4) + 1, 24), "w": 1.0})
    kind = frame["unit"] % 3  # stay, change in period 2, change in period 3
    change = np.where(kind > 0, kind + 1, 9)
    frame["d"] = np.where(frame["period"] >= change, 1 + frame["unit"] % 2, 0)
    frame["y"] = random.normal(size=len(frame)) * (1 + kind) + frame["d"]

    moved = moved_by_weights(frame, effects=2)
    within = np.array([8 * moved[start::3].var(axis=0, ddof=1) for start in range(3)])
    variance = within.sum(axis=0)
    freedom = variance**2 / (within**2 / 7).sum(axis=0)
    found = estimate(frame, effects=2, errors="unequal")
    measured = measures(found)
    # The slopes are of a step of 1e-4, right to its square.
    np.testing.assert_allclose([one.std_error for one in measured], np.sqrt(variance), rtol=1e-5)
    reach = stats.t.ppf(0.975, freedom) * np.sqrt(variance)
    np.testing.assert_allclose([one.ci_high - one.effect for one in measured], reach, rtol=1e-5)


def test_unequal_errors_of_a_single_unit_that_changes_by_itself_are_not_told():
    frame = begun_at_once(2)
    alone = frame.assign(d=np.where((frame["unit"] == 1) & (frame["period"] >= 3), 1, frame["d"]))
    found = estimate(alone, errors="unequal")
    assert found.rows == (NotEstimated(ONE_CLUSTER),)
    assert found.average == NotEstimated(ONE_CLUSTER)
    assert found.table()["reason"].tolist() == [ONE_CLUSTER]
    assert "could be estimated" in found.summary()


def test_a_placebo_is_on_the_same_units_as_its_effect_and_against_the_same():
    found = estimate(world(4, doses=3), effects=3, placebos=2).table().set_index("event_time")
    assert (found.loc[[-2, -3], "n_treated"].to_numpy() <= found.loc[[0, 1], "n_treated"].to_numpy()).all()
    frame = world(4)
    short = frame[frame["period"] <= 2]
    assert estimate(short, placebos=1).rows[0] == NotEstimated(NOBODY)


def test_what_is_seen_once_treatment_crossed_its_start_is_left_out_and_told():
    crossing = paths(
        {
            **{f"crosses {n}": ([1, 2, 0], [0, 3, 90]) for n in range(2)},
            **{f"rises {n}": ([1, 2, 2], [0, 3, 5]) for n in range(2)},
            **{f"stays {n}": ([1, 1, 1], [0, 1, 2]) for n in range(2)},
        }
    )
    found = estimate(crossing, effects=2)
    assert [row.total.effect for row in found.rows] == pytest.approx([2, 3])
    assert [row.n_treated for row in found.rows] == [4, 2]
    assert "Left out of fewer than 10 units: what is seen once treatment has crossed its start." in found.notes


def test_a_change_whose_date_is_not_known_has_no_effect_and_is_told():
    frame = paths(
        {
            **{f"rises {n}": ([0, 0, 1, 1], [0, 0, 3, 3]) for n in range(2)},
            **{f"early {n}": ([0, 1, 1, 1], [0, 2, 2, 2]) for n in range(2)},
            **{f"stays {n}": ([0, 0, 0, 0], [0, 1, 1, 1]) for n in range(2)},
        }
    )
    gone = frame[~((frame["unit"] == "rises 0") & (frame["period"] == 2))]
    before, after = (estimate(each).rows[0] for each in (frame, gone))
    assert (before.n_treated, after.n_treated) == (4, 3)
    assert after.total.effect == pytest.approx(((3 - 0) + 2 * (2 - 2 / 3)) / 3)
    told = "Not seen in the period before their first change, and serving only as comparison before it: 1 units."
    assert told in estimate(gone, smallest_shown=1).notes
    assert told in estimate(gone, smallest_shown=1).summary()


def test_rows_in_another_order_and_another_coding_of_time_say_the_same():
    frame = world(6)
    own = estimate(frame, effects=2, placebos=1, covariates="x").table()
    shuffled = frame.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(own, estimate(shuffled, effects=2, placebos=1, covariates="x").table())
    months = pd.PeriodIndex.from_ordinals(frame["period"] + 600, freq="M")
    for dates in (months, months.to_timestamp()):
        dated = estimate(frame.assign(period=dates), effects=2, placebos=1, covariates="x").table()
        pd.testing.assert_frame_equal(own, dated)


def test_the_data_are_left_as_they_were():
    frame = world(7)
    before = frame.copy()
    estimate(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_covariates_take_out_trends_that_go_with_them():
    plain, adjusted = (estimate(world(8, units=800), covariates=names).rows[0] for names in ((), "x"))
    assert adjusted.total.std_error < 0.9 * plain.total.std_error
    assert abs(adjusted.total.effect - 2) < 4 * adjusted.total.std_error


def test_a_period_that_the_panel_lacks_is_no_end_of_a_placebo():
    frame = world(1)
    found = estimate(frame[frame["period"] != 4], effects=3, placebos=2)
    assert all(row.dose > 0 for row in found.rows if not isinstance(row, NotEstimated))


def test_treatment_that_is_back_wherever_units_are_seen_has_no_effect_per_unit_of_it():
    gone = np.nan
    frame = paths(
        {
            **{f"blinks {n}": ([0, 1, 0], [0, gone, 3 + n]) for n in range(2)},
            **{f"stays {n}": ([0, 0, 0], [0, 1, 1 + n]) for n in range(2)},
        }
    )
    found = estimate(frame, effects=2)
    assert found.average == NotEstimated(NO_DOSE)
    # Once it has been, what came of it is an effect of the unit of treatment that they had had by then.
    assert found.rows[1].per_dose.effect == found.rows[1].total.effect == pytest.approx(2)


def test_nobody_to_compare_with_is_told_for_each_effect():
    frame = world(9)
    changes = frame.groupby("unit")["d"].transform("nunique") > 1
    found = estimate(frame[changes], effects=6)
    assert isinstance(found.rows[5], NotEstimated)
    none = estimate(frame.assign(y=np.nan))
    assert not any("clusters hold" in note for note in none.notes)
    assert found.table()["reason"].iloc[5] == NOBODY


def test_results_tell_themselves():
    found = estimate(world(10), effects=3, placebos=2)
    assert "per unit of treatment and period" in found.summary()
    assert "If all placebos were truly zero" in found.summary()
    assert found.to_dict()["rows"][0]["event_time"] == -3
    assert found.to_dict()["treatment"] == "d"
    for per_dose in (False, True):
        axes = found.plot(per_dose=per_dose)
        assert axes.get_xlabel() == "Periods since the first change of d"
    assert "units changed treatment and about" in found.summary() and "On average they had" in found.summary()
    assert f"with an effect of {number(found.rows[2].total.effect)}" in found.rows[2].summary()
    few = estimate(world(10, units=16))
    assert "not shown" in few.average.summary()
    assert "not shown" in repr(few)
    assert any("Clusters that hold units whose treatment changed" in note for note in few.notes)


def test_what_cannot_be_used_is_refused():
    frame = world(11)
    with pytest.raises(InputError, match="'d' changes within no unit; there is no switch"):
        estimate(frame.assign(d=1))
    with pytest.raises(InputError, match="column 'd' is missing in 1 rows"):
        estimate(frame.assign(d=frame["d"].where(frame.index != 3)))
    with pytest.raises(InputError, match="treatment 'd' is not numeric"):
        estimate(frame.assign(d="yes"))
    with pytest.raises(InputError, match="every unit has weight 0 in 'w'"):
        estimate(frame.assign(w=0), weights="w")
    with pytest.raises(InputError, match="rows repeat a unit and period"):
        estimate(pd.concat([frame, frame.iloc[:3]]))
    with pytest.raises(InputError, match="no column 'z'"):
        estimate_switching(frame, outcome="z", unit="unit", period="period", treatment="d")
    with pytest.raises(InputError, match="treatment and outcome name the same column"):
        estimate(frame.drop(columns="y").rename(columns={"d": "y"}).assign(d=1), treatment="y")
    with pytest.raises(ConfigError, match=r"(?s)effects must be .* placebos must be"):
        estimate(frame, effects=0, placebos=-1)
    for options, said in (
        ({"cluster": ["area", "area"]}, "names the same column twice"),
        ({"cluster": ["area", "unit", "x"]}, "clustered by two columns at most"),
        ({"errors": "unequal", "quantile": "t"}, "degrees of freedom of their own"),
        ({"errors": "unequal", "cluster": ["area", "unit"]}, "degrees of freedom of their own"),
        ({"errors": "z"}, "no errors 'z'"),
        ({"errors": "refitted"}, "leave errors out"),
        ({"quantile": "z"}, "no quantile 'z'"),
    ):
        with pytest.raises(ConfigError, match=f"estimate_switching: .*{said}"):
            estimate(frame, **options)
    with pytest.raises(ConfigError, match="confidence must lie between 0 and 1"):
        estimate(frame, confidence=95)


def test_estimate_att_names_it_where_a_start_changes_within_units():
    frame = world(12).assign(adopted=lambda rows: rows["d"] * rows["period"])
    with pytest.raises(InputError, match=r"adopted 'adopted' changes within .* estimate_switching tells the effect"):
        estimate_att(frame, outcome="y", unit="unit", period="period", adopted="adopted")
