"""Few clusters: each method against a slow and obvious way to the same, and what is said where nothing can be."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tf_eval.did import difference, estimate_att, estimate_switching, two_way_fixed_effects
from tf_eval.errors import ConfigError, NotEstimated

COLUMNS = {"unit": "unit", "period": "period", "adopted": "start", "outcome": "y", "cluster": "area"}


def world(clusters: int = 8, starts: tuple = (2, 2, 2), seed: int = 5, units: int = 4, periods: int = 3):
    """Return a panel whose first clusters start in ``starts``, with a shock for each cluster and period."""
    random = np.random.default_rng(seed)
    area = np.repeat(np.arange(clusters), units * periods)
    period = np.tile(np.arange(periods), clusters * units)
    start = np.append(starts, np.full(clusters - len(starts), np.inf))[area]
    shock = random.normal(size=(clusters, periods))[area, period]
    return pd.DataFrame(
        {
            "area": area,
            "unit": np.repeat(np.arange(clusters * units), periods),
            "period": period,
            "start": start,
            "x": np.repeat(random.normal(size=clusters * units), periods),
            "y": shock + random.normal(size=len(area)) + (period >= start),
        }
    )


def estimated(frame: pd.DataFrame, **options):
    return estimate_att(frame, **{**COLUMNS, **options})


@pytest.mark.parametrize("covariates", [(), ("x",)])
def test_the_jackknife_leaves_out_one_cluster_after_another(covariates):
    frame = world(starts=(1, 1, 2, 2))
    effect = estimated(frame, covariates=covariates)
    left_out = [estimated(frame[frame["area"] != area], covariates=covariates).overall().att for area in range(8)]
    squares = (np.array(left_out) - effect.overall().att) ** 2
    judged = effect.judge_clusters(seed=1, draws=99)
    assert judged.methods["jackknife"].std_error == pytest.approx(np.sqrt(7 / 8 * squares.sum()), rel=1e-9)


def test_the_jackknife_of_two_arms_has_satterthwaites_degrees_of_freedom():
    frame = world(starts=(2, 2, 2))
    means = frame.groupby(["area", "period"])["y"].mean().unstack()
    change = (means[2] - means[1]).to_numpy()
    # Leaving one of n out moves their mean by its distance / (n - 1).
    variances = [np.square(arm - arm.mean()).sum() / (len(arm) - 1) ** 2 for arm in (change[:3], change[3:])]
    freedom = sum(variances) ** 2 / (variances[0] ** 2 / 2 + variances[1] ** 2 / 4)
    found = estimated(frame).judge_clusters(seed=1).methods["jackknife"]
    assert found.degrees_of_freedom == pytest.approx(freedom)
    reach = stats.t(freedom).ppf(0.975) * np.sqrt(7 / 8 * sum(variances))
    assert found.ci_high - found.ci_low == pytest.approx(2 * reach)


def test_unequal_errors_of_two_arms_of_clusters_that_are_as_large_are_cr2():
    frame = world(starts=(2, 2, 2))
    wide = frame.pivot(index="unit", columns="period", values="y")
    change, area = (wide[2] - wide[1]).to_numpy(), np.arange(32) // 4
    design = np.column_stack([np.ones(32), area < 3])
    bread = np.linalg.inv(design.T @ design)
    residual, scores = change - design @ bread @ design.T @ change, []
    for one in range(8):
        own = design[area == one]
        values, vectors = np.linalg.eigh(np.eye(4) - own @ bread @ own.T)
        scores.append(own.T @ (vectors / np.sqrt(values)) @ vectors.T @ residual[area == one])
    variance = bread @ np.transpose(scores) @ scores @ bread
    found = estimated(frame).judge_clusters(seed=1, draws=99).methods["unequal"]
    assert found.std_error == pytest.approx(np.sqrt(variance[1, 1]))


@pytest.mark.parametrize("covariates", [(), ("x",)])
def test_randomisation_is_every_way_in_which_starts_could_have_fallen(covariates):
    frame = world(clusters=6, starts=(2, 2))

    def distance(chosen) -> float:
        found = estimated(frame.assign(start=np.where(frame["area"].isin(chosen), 2, np.inf)), covariates=covariates)
        return abs(found.overall().att) / found.overall().std_error

    seen = distance((0, 1))
    expected = np.mean([distance(chosen) >= seen * (1 - 1e-9) for chosen in combinations(range(6), 2)])
    judged = estimated(frame, covariates=covariates).judge_clusters(seed=1)
    assert judged.methods["randomisation"].p_value == pytest.approx(expected)
    assert "all 15 " in judged.methods["randomisation"].based_on


def test_the_wild_bootstrap_of_a_staggered_start_estimates_each_sign_pattern_anew():
    frame = world(clusters=6, starts=(1, 2, 2))
    level = frame["y"] - frame.groupby("unit")["y"].transform("mean")
    residual = level - level.groupby(frame["period"]).transform("mean")
    patterns = np.array(np.meshgrid(*[[1, -1]] * 6)).reshape(6, -1).T

    def distance(signs) -> float:
        found = estimated(frame.assign(y=residual * signs[frame["area"]])).overall()
        return abs(found.att) / found.std_error

    seen = estimated(frame).overall()
    expected = np.mean([distance(signs) >= abs(seen.att) / seen.std_error * (1 - 1e-9) for signs in patterns])
    judged = estimated(frame).judge_clusters(seed=1)
    assert judged.methods["wild_bootstrap"].p_value == pytest.approx(expected)


@pytest.mark.parametrize("method", ["wild_bootstrap", "randomisation"])
def test_an_interval_ends_where_the_null_begins_to_be_refused(method):
    frame = world(clusters=10)
    found = estimated(frame, confidence=0.9).judge_clusters(seed=1, draws=1024).methods[method]

    def p_value(null: float) -> float:
        shifted = frame.assign(y=frame["y"] - null * (frame["period"] >= frame["start"]))
        return estimated(shifted).judge_clusters(seed=1, draws=1024).methods[method].p_value

    for end, outwards in ((found.ci_low, -1e-6), (found.ci_high, 1e-6)):
        assert p_value(end + outwards) <= 0.1 + 1e-12 < p_value(end - outwards)


def test_one_treated_cluster_leaves_randomisation_alone_to_speak():
    judged = estimated(world(starts=(2,)), smallest_shown=1).judge_clusters(seed=1)
    assert [name for name, one in judged.methods.items() if isinstance(one, NotEstimated)] == ["unequal", "jackknife"]
    assert not judged.can_be_judged
    assert "Only randomisation" in judged.summary()
    assert judged.methods["randomisation"].smallest_p == pytest.approx(1 / 8)


def test_few_treated_clusters_can_be_judged_only_where_two_methods_agree():
    frame = world(clusters=12)
    clear = estimated(frame.assign(y=frame["y"] + 50 * (frame["period"] >= frame["start"]))).judge_clusters(seed=1)
    assert clear.can_be_judged and "both exclude" in clear.summary()
    few = estimated(world(clusters=5, starts=(2, 2)), smallest_shown=1).judge_clusters(seed=1)
    assert not few.can_be_judged
    assert "cannot be lower than 0.1" in few.summary()


@pytest.mark.parametrize("family", ["poisson", "logit"])
def test_a_model_of_proportions_is_judged_by_estimating_it_anew_alone(family):
    """Its effects are not linear in the outcome, and residuals and effects of one are no counts that it could fit."""
    frame = world(clusters=6, starts=(2, 2), units=8).assign(exposed=lambda rows: 1 + rows["unit"] % 3)
    counts = np.random.default_rng(3).poisson(np.exp(frame["y"].clip(-2, 2)))
    frame = frame.assign(y=counts if family == "poisson" else (counts > 0) * 1.0)
    options = {"method": "extended_twfe", "family": family, "exposure": "exposed" if family == "poisson" else None}

    def found(chosen):
        return estimated(frame.assign(start=np.where(frame["area"].isin(chosen), 2, np.inf)), **options).overall()

    judged = estimated(frame, **options).judge_clusters(seed=1)
    assert "not linear" in judged.methods["wild_bootstrap"].reason
    distances = [abs(one.att) / one.std_error for one in map(found, combinations(range(6), 2))]
    expected = np.mean([distance >= distances[0] * (1 - 1e-9) for distance in distances])
    assert judged.methods["randomisation"].p_value == pytest.approx(expected)
    assert np.isnan(judged.methods["randomisation"].ci_low)
    changes = [
        estimated(frame[frame["area"] != area], **options).overall().att - judged.effect.att for area in range(6)
    ]
    assert judged.methods["jackknife"].std_error == pytest.approx(np.sqrt(5 / 6 * np.square(changes).sum()))


def test_assignments_that_cannot_be_estimated_are_counted():
    """Three of seven areas are not seen in the only period after the start: had they started, nothing would be left."""
    frame = world(clusters=7, starts=(2,), units=12)
    frame = frame[~(frame["area"].isin([4, 5, 6]) & (frame["period"] == 2))]
    found = estimated(frame).judge_clusters(seed=1).methods["randomisation"]
    assert found.based_on == "all 7 assignments of the starts, of which 3 could not be estimated"
    assert found.smallest_p == 1 / 4


def test_clusters_with_units_of_both_arms_cannot_change_places():
    frame = world().assign(area=lambda frame: frame["unit"] % 4)
    judged = estimated(frame).judge_clusters(seed=1)
    assert "several starts" in judged.table().set_index("method").loc["randomisation", "reason"]
    assert judged.methods["jackknife"].std_error > 0


def test_an_average_before_treatment_has_p_values_and_no_interval_by_inversion():
    judged = estimated(world(periods=5, starts=(3, 3, 3))).judge_clusters((-2, -1), seed=1)
    assert 0 < judged.methods["randomisation"].p_value <= 1
    assert np.isnan(judged.methods["randomisation"].ci_low)


def test_the_same_rows_in_another_order_and_a_frame_unchanged():
    frame = world()
    kept = frame.copy()
    first = estimated(frame).judge_clusters(seed=1, draws=99).table()
    pd.testing.assert_frame_equal(frame, kept)
    shuffled = estimated(frame.sample(frac=1, random_state=1)).judge_clusters(seed=1, draws=99).table()
    pd.testing.assert_frame_equal(first, shuffled)


@pytest.mark.parametrize(
    ("options", "asked", "words"),
    [
        ({"cluster": ["area", "period_of"]}, {}, "two kinds of clusters"),
        ({"sample": "cross_sections"}, {}, "cross-sections"),
        ({}, {"average": "simpel"}, "Did you mean 'simple'"),
        ({}, {"draws": 5}, "draws must be"),
        ({}, {"seed": -1}, "seed must be"),
    ],
)
def test_what_cannot_be_honoured_is_refused(options, asked, words):
    frame = world().assign(period_of=lambda frame: frame["unit"] % 3)
    with pytest.raises(ConfigError, match=words):
        estimated(frame, **options).judge_clusters(**{"seed": 1, **asked})


def test_the_note_on_few_clusters_points_here():
    assert any("judge_clusters" in note for note in estimated(world()).notes)


METHODS = ("doubly_robust", "sun_abraham", "extended_twfe", "imputation", "two_stage", "synthetic")


def lone(per: int = 12) -> pd.DataFrame:
    """Return a panel in which one of eight areas starts, with ``per`` units each."""
    return world(starts=(3,), units=per, periods=5).assign(start=lambda rows: rows["start"].replace(np.inf, np.nan))


@pytest.mark.parametrize("method", METHODS)
def test_an_effect_on_one_cluster_is_told_without_an_interval_and_with_what_can_judge_it(method):
    effect = estimated(lone(), method=method)
    found = effect.overall()
    assert found.is_alone and found.std_error > 0  # the table keeps its numbers
    told = "All treated are of one cluster: how far treated ones differ cannot be seen"
    for one in (effect, found, effect.by_event_time()):
        assert told in one.summary() and "judge_clusters(seed=...)" in one.summary()
        assert "interval" not in one.summary().split("judge_clusters")[0]
    assert "(no interval;" in repr(found)
    assert not any(len(np.unique(line.vertices[:, 1])) > 1 for line in bars(effect.plot()))
    assert any(len(np.unique(line.vertices[:, 1])) > 1 for line in bars(estimated(world(units=12)).plot()))


def bars(ax):
    return [path for collection in ax.collections for path in collection.get_paths()]


@pytest.mark.parametrize("method", METHODS)
def test_an_effect_on_one_unit_is_not_estimated_and_says_what_can_judge_it(method):
    effect = estimated(lone(1), method=method, cluster=None, smallest_shown=1)
    judging = "synthetic_placebos" if method == "synthetic" else "judge_clusters"
    assert isinstance(effect.overall(), NotEstimated)
    assert "a single unit is treated: how far treated ones differ cannot be seen" in effect.summary()
    assert f"{judging}(seed=...)" in effect.summary()
    judged = getattr(effect, judging)(seed=1, draws=99)
    cells = effect.table().query("event_time >= 0")["att"]
    assert judged.table()["att"].iloc[0] == pytest.approx(cells.mean())
    if judging == "judge_clusters":
        assert "Only randomisation" in judged.summary()
        assert "1 of 8 clusters was treated" in judged.summary()


@pytest.mark.parametrize(
    ("cluster", "units", "told"),
    [
        (None, 3, "about 10 of about 50 clusters were treated"),
        ("unit", 3, "about 10 of about 50 clusters were treated"),
        ("area", 3, "fewer than 10 of about 15 clusters were treated"),
        ("area", 10, "4 of 16 clusters were treated"),
    ],
)
def test_clusters_that_may_be_people_or_families_are_counted_as_units_are(cluster, units, told):
    frame = world(clusters=16, starts=(1,) * 4, units=units)
    assert told in estimated(frame, cluster=cluster).judge_clusters(seed=1, draws=99).summary()


def test_an_area_of_few_units_does_not_hide_how_many_areas_there_are():
    frame = world(clusters=16, starts=(1,) * 4, units=10)
    judged = estimated(frame[(frame["area"] < 15) | (frame["unit"] == 150)]).judge_clusters(seed=1, draws=99)
    assert "4 of 16 clusters were treated" in judged.summary()


def test_what_is_compared_with_an_effect_on_one_cluster_has_no_interval_either():
    one, many = estimated(lone()), estimated(world(units=12, periods=5, starts=(3, 3, 3, 3)))
    apart = difference(one, many, independent=True)
    assert "interval" not in apart.summary().split("judge_clusters")[0]
    assert "The treated of 1 of these effects are of one cluster" in apart.summary()
    study = estimated(lone(), baseline="universal").by_event_time()
    for found in (study.honest(), study.pre_trend_power(), estimated(lone()).pre_trends()):
        assert found.reason.startswith("all treated are of one cluster")


def test_older_regressions_and_placebos_judge_nothing_by_one_cluster_either():
    frame = lone()
    twfe = two_way_fixed_effects(frame, **COLUMNS)
    assert twfe.is_alone and "interval" not in twfe.summary() and "All treated are of one cluster" in twfe.summary()
    assert "(no interval;" in repr(twfe)
    assert not any(len(np.unique(line.vertices[:, 1])) > 1 for line in bars(twfe.plot()))
    assert not two_way_fixed_effects(frame, **{**COLUMNS, "cluster": None}).is_alone
    frame["treated"] = (frame["period"] >= frame["start"]).astype(int)
    asked = {name: column for name, column in COLUMNS.items() if name != "adopted"}
    switching = estimate_switching(frame, **asked, treatment="treated", placebos=1)
    assert switching.placebo_p_value().reason.startswith("all that changed are of one cluster")
    assert "placebos were truly zero" not in switching.summary()


def test_cohorts_of_a_cluster_each_are_together_of_several():
    effect = estimated(world(starts=(2, 3), units=12, periods=5))
    assert all(row.is_alone for row in effect.by_cohort())
    assert not effect.overall().is_alone
    assert "interval" in effect.overall().summary()
    assert "Clusters that hold treated units: fewer than 10" in effect.summary()
