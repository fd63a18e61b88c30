"""Treatments that switch: whose effects, against whom, with what errors, and what cannot be had."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tf_eval.did import SwitchingEffects, estimate_att, estimate_switching
from tf_eval.did.switching.estimator import NOBODY
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


def test_errors_are_how_far_each_unit_moves_the_effect():
    """Each unit's influence by its slope: what a little more weight on it does to every number."""
    frame = world(2, units=30).assign(w=1.0)

    def numbers(weighted: pd.DataFrame) -> np.ndarray:
        found = estimate(weighted, effects=2, placebos=1, weights="w")
        measured = [one for row in (*found.rows, found.average) for one in (row.total, row.per_dose)]
        return np.array([one.effect for one in measured])

    step = 1e-4
    moved = np.array(
        [
            numbers(frame.assign(w=1 + step * (frame["unit"] == unit)))
            - numbers(frame.assign(w=1 - step * (frame["unit"] == unit)))
            for unit in range(30)
        ]
    ) / (2 * step)
    found = estimate(frame, effects=2, placebos=1)
    errors = [one.std_error for row in (*found.rows, found.average) for one in (row.total, row.per_dose)]
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
    assert banded.reach == pytest.approx(expected, rel=0.03)
    # A row leaves it as seldom by the t whose degrees of freedom tell how far its variance is off by chance.
    squares = found.influence**2
    freedom = 2 * squares.sum(axis=1) ** 2 / (squares.shape[1] * squares.var(axis=1, ddof=1))
    outside = stats.t.sf((band["band_high"] - band["effect"]) / errors, freedom)
    np.testing.assert_allclose(outside, stats.norm.sf(banded.reach))
    with pytest.raises(ConfigError, match="draws must be"):
        found.simultaneous(seed=1, draws=3)


def test_clusters_sum_their_units():
    frame = world(3)
    twins = pd.concat([frame, frame.assign(unit=frame["unit"] + 1000)]).assign(pair=lambda rows: rows["unit"] % 1000)
    own, paired = estimate(frame, effects=2), estimate(twins, effects=2, cluster="pair")
    pd.testing.assert_series_equal(own.table()["std_error"], paired.table()["std_error"])
    assert estimate(frame, effects=2, cluster="area").rows[0].total.std_error > 0


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
    with pytest.raises(ConfigError, match="clustered by one column"):
        estimate(frame, cluster=["area", "unit"])
    with pytest.raises(ConfigError, match="confidence must lie between 0 and 1"):
        estimate(frame, confidence=95)


def test_estimate_att_names_it_where_a_start_changes_within_units():
    frame = world(12).assign(adopted=lambda rows: rows["d"] * rows["period"])
    with pytest.raises(InputError, match=r"adopted 'adopted' changes within .* estimate_switching tells the effect"):
        estimate_att(frame, outcome="y", unit="unit", period="period", adopted="adopted")
