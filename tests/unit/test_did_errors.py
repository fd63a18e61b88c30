"""Errors, bands and degrees of freedom: each against what can be worked out without the engine."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tf_eval.did import estimate_att
from tf_eval.did.inference.multipliers import MULTIPLIERS, draw
from tf_eval.did.inference.strata import spread_by_stratum
from tf_eval.errors import ConfigError, NotEstimated
from tf_eval.matching.effects.clusters import spread_cr2
from tf_eval.matching.effects.regression import fit_weighted

COLUMNS = {"unit": "unit", "period": "period", "adopted": "adopted", "outcome": "y"}


def panel(units: int = 60, periods: int = 6, seed: int = 4) -> pd.DataFrame:
    """Return a panel in which a third starts in period 4, a third in period 5, and errors are shared in two ways."""
    random = np.random.default_rng(seed)
    unit, period = np.repeat(np.arange(units), periods), np.tile(np.arange(1, periods + 1), units)
    area, school = unit % 12, (unit // 3) % 15
    shock = random.normal(size=(12, periods))[area, period - 1] + random.normal(size=(15, periods))[school, period - 1]
    adopted = np.select([unit % 3 == 0, unit % 3 == 1], [4.0, 5.0], np.inf)
    outcome = shock + random.normal(size=len(unit)) + (period >= adopted)
    return pd.DataFrame(
        {"unit": unit, "period": period, "adopted": adopted, "y": outcome, "area": area, "school": school}
    )


def test_unequal_errors_of_two_periods_are_welchs():
    frame = panel()
    frame = frame[frame["period"].isin([3, 4]) & (frame["adopted"] != 5.0)]
    changes = frame.pivot(index="unit", columns="period", values="y").diff(axis=1)[4]
    treated = frame.groupby("unit")["adopted"].first() == 4.0
    effect = estimate_att(frame, **COLUMNS, errors="unequal").overall()
    welch = stats.ttest_ind(changes[treated], changes[~treated], equal_var=False)
    assert effect.p_value == pytest.approx(welch.pvalue)
    assert (effect.ci_low, effect.ci_high) == pytest.approx(tuple(welch.confidence_interval()))


def test_unequal_errors_are_those_of_the_cells_too():
    effect = estimate_att(panel(), **COLUMNS, errors="unequal")
    cell = effect.table().query("adopted == 4 and period == 5")
    alone = effect.combine((effect.table().index == cell.index[0]).astype(float))
    assert cell["std_error"].item() == pytest.approx(alone.std_error)
    assert cell["ci_low"].item() == pytest.approx(alone.ci_low)


def test_a_cluster_that_is_the_only_one_of_its_kind_leaves_no_unequal_error():
    frame = panel()
    mixed = frame["unit"].isin(frame.query("adopted == 4")["unit"].unique()[:1]) | (frame["unit"] == 1)
    for alone in (frame["adopted"] == 4.0, np.isinf(frame["adopted"]), mixed):
        frame["region"] = np.where(alone, 100, frame["unit"])
        effect = estimate_att(frame, **COLUMNS, errors="unequal", cluster="region").overall()
        assert isinstance(effect, NotEstimated)
        assert "single cluster" in effect.reason
        for kind in ("of a start cohort", "of the never treated", "of a mix of these", "errors='clustered'"):
            assert kind in effect.reason


def test_a_lone_cluster_that_moves_nothing_but_by_rounding_counts_for_nothing():
    moved = np.array([[1.0, 0.0], [-1.0, 2.0], [1e-17, 3.0]])
    spread = spread_by_stratum(moved, np.array([0, 0, 1]), np.ones(3))
    assert spread.covariance[0, 0] == pytest.approx(4)  # two over one, of the squares of 1 and -1 about their mean of 0
    assert np.isnan(spread.covariance[1, 1]) and np.isnan(spread.covariance[0, 1])


@pytest.mark.parametrize("sizes", [[3, 3, 3, 3], [1, 2, 4, 9], [40, 1, 1], [2, 5]])
def test_unequal_errors_of_clusters_of_unequal_size_are_those_of_bell_and_mccaffrey(sizes):
    """Of one stratum: the mean of all its units, whose clusters count as they have units."""
    cluster = np.repeat(np.arange(len(sizes)), sizes)
    units = np.ones(len(cluster))
    fit = fit_weighted(units[:, None], np.random.default_rng(5).normal(size=len(cluster)), units)
    known = spread_cr2(fit, np.ones(1), cluster)
    moved = np.bincount(cluster, fit.residuals / len(cluster))[:, None]
    found = spread_by_stratum(moved, np.zeros(len(sizes), dtype=int), np.array(sizes))
    assert found.covariance[0, 0] == pytest.approx(known.variance, rel=1e-9)
    assert found.degrees_of_freedom[0] == pytest.approx(known.degrees_of_freedom, rel=1e-9)


def test_two_arms_of_unequal_clusters_have_the_error_of_bell_and_mccaffrey():
    frame = panel()
    frame = frame[frame["period"].isin([3, 4]) & (frame["adopted"] != 5.0)]
    frame["town"] = np.where(np.isinf(frame["adopted"]), 100, 0) + np.sqrt(frame["unit"]).astype(int)
    effect = estimate_att(frame, **COLUMNS, errors="unequal", cluster="town").overall()
    last = frame.assign(change=frame.groupby("unit")["y"].diff()).query("period == 4")
    arms = np.column_stack([np.ones(len(last)), last["adopted"] == 4.0])
    fit = fit_weighted(arms, last["change"].to_numpy(), np.ones(len(last)))
    known = spread_cr2(fit, np.array([0.0, 1.0]), last["town"].astype("category").cat.codes.to_numpy())
    assert effect.std_error == pytest.approx(np.sqrt(known.variance))


def test_two_way_variances_are_those_of_either_way_less_those_of_both():
    frame = panel().assign(both=lambda frame: frame["area"] * 100 + frame["school"])
    first, second, both = (
        estimate_att(frame, **COLUMNS, cluster=name).by_event_time().covariance for name in ("area", "school", "both")
    )
    found = estimate_att(frame, **COLUMNS, cluster=["area", "school"]).by_event_time().covariance
    values, vectors = np.linalg.eigh(first + second - both)
    joint = (vectors * np.maximum(values, 0)) @ vectors.T
    np.testing.assert_allclose(np.diag(found), np.diag(first + second - both))
    np.testing.assert_allclose(_correlations(found), _correlations(joint))
    errors = [estimate_att(frame, **COLUMNS, cluster=name).table()["std_error"] for name in ("area", "school", "both")]
    effect = estimate_att(frame, **COLUMNS, cluster=["area", "school"])
    expected = np.sqrt(errors[0] ** 2 + errors[1] ** 2 - errors[2] ** 2)
    np.testing.assert_allclose(effect.table()["std_error"], expected)


def test_a_two_way_error_of_which_nothing_would_be_left_is_the_larger_of_either_way():
    frame = panel()
    frame["y"] = np.random.default_rng(1).normal(size=len(frame))  # nothing is shared in either way
    frame["both"] = frame["area"] * 100 + frame["school"]
    kinds = ("area", "school", "both", ["area", "school"])
    first, second, both, found = (estimate_att(frame, **COLUMNS, cluster=name).table()["std_error"] for name in kinds)
    nothing = first**2 + second**2 < both**2
    assert nothing.any()
    np.testing.assert_allclose(found[nothing], np.maximum(first, second)[nothing])


def _correlations(covariance: np.ndarray) -> np.ndarray:
    errors = np.sqrt(np.diag(covariance))
    return covariance / np.outer(errors, errors)


def test_two_way_errors_are_the_same_alone_and_beside_others():
    effect = estimate_att(panel(), **COLUMNS, cluster=["area", "school"], baseline="universal")
    cells = effect.by_cell().table()
    np.testing.assert_allclose(cells["std_error"], effect.table()["std_error"])
    assert cells.loc[cells["event_time"] == -1, ["std_error", "p_value"]].isna().all(axis=None), "0 by construction"
    for row in effect.by_event_time().table().query("event_time != -1").itertuples():
        assert effect.band(row.event_time, row.event_time).std_error == pytest.approx(row.std_error)


def test_two_way_errors_have_no_multiplier_draws():
    with pytest.raises(ConfigError, match="one cluster column"):
        estimate_att(panel(), **COLUMNS, cluster=["area", "school"]).by_event_time().simultaneous(seed=1)


@pytest.mark.parametrize("multiplier", list(MULTIPLIERS))
def test_multipliers_have_mean_0_and_variance_1(multiplier):
    random, clusters = np.random.default_rng(1), 37
    draws = MULTIPLIERS[multiplier](random, 20_000, np.eye(clusters, dtype=np.float32))
    # 740,000 draws: their mean is known to 0.0012 and their variance to 0.0017 at most, of which this is five times.
    assert abs(draws.mean()) < 0.006
    assert abs(draws.var() - 1) < 0.009
    # Draws of different clusters are independent: a correlation over 20,000 draws has an error of 0.007.
    apart = np.corrcoef(draws.T)[np.triu_indices(clusters, 1)]
    assert np.abs(apart).max() < 0.04


def test_a_simultaneous_band_is_that_of_the_joint_normal():
    estimates = estimate_att(panel(600), **COLUMNS).by_event_time()
    band = estimates.simultaneous(seed=3, draws=9999)
    had = [place for place, row in enumerate(estimates) if row.std_error > 0]
    covariance = estimates.covariance[np.ix_(had, had)]
    draws = np.random.default_rng(1).multivariate_normal(np.zeros(len(had)), covariance, size=200_000)
    expected = np.quantile(np.abs(draws / np.sqrt(np.diag(covariance))).max(axis=1), 0.95)
    # 600 clusters are near the normal limit; 9,999 draws know the 95 % point to 1 %, of which this is three times.
    assert band.reach == pytest.approx(expected, rel=0.03)
    assert (band.table().iloc[had]["band_low"] <= band.table().iloc[had]["ci_low"]).all()


def test_a_row_leaves_a_band_by_the_t_whose_chi_squared_scatters_as_its_variance_does():
    """Pan and Wall: twice the squared variance over the variance of the variance, a sum over clusters."""
    effect = estimate_att(panel(), **COLUMNS)
    band = effect.by_event_time().simultaneous(seed=3)
    only = (effect.table()["event_time"] == 2).to_numpy(dtype=float)[:, None]
    assert only.sum() == 1, "one cohort is seen so long"
    squares = effect.influence.combine(only, np.zeros((2, 1)))[:, 0] ** 2
    freedom = 2 * squares.sum() ** 2 / (len(squares) * squares.var(ddof=1))
    assert 2 < freedom < 60
    row = band.table().query("event_time == 2").squeeze()
    reach = (row["band_high"] - row["att"]) / row["std_error"]
    assert stats.t.sf(reach, freedom) == pytest.approx(stats.norm.sf(band.reach))


def test_of_many_clusters_a_band_is_that_of_the_normal():
    drawn = draw(np.random.default_rng(1).normal(size=(4, 5_000, 2)), "rademacher", 99, seed=1)
    # The square of a normal scatters by twice its squared variance: as many degrees as clusters. Worked out from 20,000
    # of them, the ratio has an error of 1.7 %, of which this is three times.
    np.testing.assert_allclose(drawn.degrees_of_freedom, 20_000, rtol=0.05)
    alike = draw([np.ones((8, 1)), -np.ones((8, 1))], "rademacher", 99, seed=1)
    assert alike.degrees_of_freedom.tolist() == [np.inf], "squares that are all alike are known"
    lone = draw([np.array([[1.0], [0.0], [0.0]])], "rademacher", 99, seed=1)
    assert lone.degrees_of_freedom == pytest.approx([2.0]), "no variance rests on less"


def test_draws_are_those_of_the_seed_and_not_of_the_row_order():
    frame = panel()
    reach = estimate_att(frame, **COLUMNS).by_event_time().simultaneous(seed=5).reach
    shuffled = frame.sample(frac=1, random_state=2)
    assert estimate_att(shuffled, **COLUMNS).by_event_time().simultaneous(seed=5).reach == pytest.approx(reach)
    assert estimate_att(frame, **COLUMNS).by_event_time().simultaneous(seed=6).reach != reach


def test_a_band_of_one_row_is_its_interval():
    bands = estimate_att(panel(600), **COLUMNS).bands({"0 to 1": (0, 1)})
    # One row's 95 % point over 9,999 draws has an error of 1 %; the band is never narrower than the interval.
    assert stats.norm.ppf(0.975) <= bands.simultaneous(seed=1, draws=9999).reach < 1.96 * 1.03


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"seed": -1}, "seed"),
        ({"seed": 1.5}, "seed"),
        ({"seed": 1, "draws": 10}, "99"),
        ({"seed": 1, "multiplier": "rademacer"}, "Did you mean 'rademacher'"),
    ],
)
def test_draws_that_cannot_be_made_are_refused(options, words):
    with pytest.raises(ConfigError, match=words):
        estimate_att(panel(), **COLUMNS).by_event_time().simultaneous(**options)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"errors": "unequal", "quantile": "t"}, "leave quantile out"),
        ({"errors": "unequal", "cluster": ["area", "school"]}, "one cluster column"),
        ({"cluster": ["area", "school", "unit"]}, "two columns at most"),
    ],
)
def test_errors_that_do_not_go_together_are_refused(options, words):
    with pytest.raises(ConfigError, match=words):
        estimate_att(panel(), **COLUMNS, **options)


def of_few_units():
    return estimate_att(panel(24), **COLUMNS, errors="unequal").by_event_time()


def test_a_band_is_wider_where_a_row_has_few_degrees_of_freedom():
    """A row leaves the band as seldom by its own t as the joint normal leaves the reach."""
    band = of_few_units().simultaneous(seed=3, draws=9999)
    table, rows = band.table(), list(band)
    widths = (table["band_high"] - table["att"]) / table["std_error"]
    for width, row in zip(widths, rows, strict=True):
        if row.std_error > 0:
            outside = stats.t.sf(width, row.degrees_of_freedom)
            assert outside == pytest.approx(stats.norm.sf(band.reach), rel=1e-9)
            assert width > (row.ci_high - row.att) / row.std_error > band.reach * 0.6
    told = widths[[row.std_error > 0 and row.is_shown for row in rows]]
    assert f"The band, {told.min():.2f} to {told.max():.2f} errors to either side" in band.summary()


def test_the_reach_of_unequal_errors_is_that_of_their_joint_normal():
    estimates = of_few_units()
    had = [place for place, row in enumerate(estimates) if row.std_error > 0]
    covariance = estimates.covariance[np.ix_(had, had)]
    draws = np.random.default_rng(1).multivariate_normal(np.zeros(len(had)), covariance, size=200_000)
    expected = np.quantile(np.abs(draws / np.sqrt(np.diag(covariance))).max(axis=1), 0.95)
    # As above: 9,999 draws know the 95 % point to 1 %.
    assert estimates.simultaneous(seed=3, draws=9999).reach == pytest.approx(expected, rel=0.03)
    with pytest.raises(ConfigError, match="leave multiplier out"):
        estimates.simultaneous(seed=3, multiplier="webb")


@pytest.mark.parametrize("options", [{}, {"quantile": "t"}, {"errors": "unequal"}])
def test_the_joint_test_of_one_effect_before_treatment_is_that_of_its_interval(options):
    effect = estimate_att(panel(), **COLUMNS, **options)
    found = effect.pre_trends([(-2, -2)])
    assert found.p_value == pytest.approx(effect.band(-2, -2).p_value)
    of_all, count = effect.pre_trends(), len(effect.pre_trends().estimates)
    fewest = min(row.degrees_of_freedom for row in of_all.estimates)
    f = stats.chi2.sf(of_all.statistic, count) if not options else stats.f.sf(of_all.statistic / count, count, fewest)
    assert of_all.p_value == pytest.approx(f)


def test_a_band_of_just_the_baseline_window_is_the_base_of_others():
    bands = estimate_att(panel(), **COLUMNS, baseline=2).bands({"window": (-2, -1), "half": (-1, -1), "after": (0, 1)})
    assert [row.is_base for row in bands] == [True, False, False]
    assert np.isnan(bands.rows[0].std_error) and bands.rows[1].std_error > 0
