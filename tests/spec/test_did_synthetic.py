"""What ``method="synthetic"`` promises: errors by leaving out, placebos, what it refuses, and what it shows."""

import numpy as np
import pandas as pd
import pytest

from tf_eval.did import Estimate, SyntheticComparison, estimate_att
from tf_eval.did.few_clusters.panels import of_units
from tf_eval.did.synthetic.cohort import find_cohorts
from tf_eval.errors import ConfigError, InputError, NotEstimated

ROLES = {"outcome": "y", "unit": "unit", "period": "period", "adopted": "adopted"}


def world(seed: int = 1, starts: tuple[int, ...] = (7, 7, 7, 9, 9, 9, 9), never: int = 20, periods: int = 10):
    random = np.random.default_rng(seed)
    adopted = np.array([*starts, *[0] * never])
    courses = random.normal(size=(len(adopted), 1)) * 5 + random.normal(size=(len(adopted), periods)).cumsum(axis=1)
    frame = pd.DataFrame(
        {"unit": [f"area {number:02}" for number in reversed(range(len(adopted)))], "adopted": adopted}
    )
    frame["group"] = np.arange(len(adopted)) // 3
    frame = frame.merge(pd.DataFrame({"period": range(1, periods + 1)}), how="cross")
    return frame.assign(y=courses.ravel())


def estimate(frame: pd.DataFrame, **options):
    return estimate_att(frame, **ROLES, method="synthetic", **options)


def without(effect, left_out: np.ndarray) -> np.ndarray:
    """The cells when some units are left out and the weights of the others only made to sum to 1: the slow way."""
    panel, found = effect.panel, []
    for cohort in find_cohorts(panel, effect.design):
        contrasts = cohort.contrasts(panel.outcome)
        treated = np.setdiff1d(np.arange(cohort.treated.start, cohort.treated.stop), left_out)
        kept = ~np.isin(cohort.comparison, left_out)
        weights = cohort.of_units[kept] / cohort.of_units[kept].sum()
        found.append(contrasts[treated].mean(axis=0) - weights @ contrasts[cohort.comparison[kept]])
    return np.concatenate(found)


@pytest.mark.parametrize("cluster", [None, "group"])
def test_errors_are_those_of_leaving_out_one_cluster_after_another(cluster):
    """The paper's algorithm 3, cell by cell and in any combination; clusters of 3 areas have up to half the weight."""
    effect = estimate(world(starts=(7, 7, 7, 7, 7, 7, 9, 9, 9, 9, 9, 9)), cluster=cluster)
    panel = effect.panel
    clusters = panel.clusters[0]
    changes = np.array([without(effect, np.flatnonzero(clusters == one)) for one in np.unique(clusters)])
    changes -= effect.table()["att"].to_numpy()
    scale = 1 - 1 / len(changes)
    np.testing.assert_allclose(effect.table()["std_error"], np.sqrt(scale * np.square(changes).sum(axis=0)), rtol=1e-9)
    some = np.where(effect.table()["event_time"] >= 0, 0.25, 0.0)
    assert effect.combine(some).std_error == pytest.approx(np.sqrt(scale * np.square(changes @ some).sum()), rel=1e-9)


@pytest.mark.parametrize("cluster", [None, "group"])
def test_refitted_errors_are_those_of_estimating_without_one_cluster_after_another(cluster):
    frame = world(starts=(7, 7, 7, 7, 7, 9, 9, 9, 9, 9))
    effect = estimate(frame, cluster=cluster, errors="refitted")
    np.testing.assert_array_equal(effect.table()["att"], estimate(frame).table()["att"])
    named = frame[cluster or "unit"]
    changes = np.array([estimate(frame[named != one]).table()["att"] - effect.table()["att"] for one in named.unique()])
    spread = np.sqrt((1 - 1 / len(changes)) * np.square(changes).sum(axis=0))
    np.testing.assert_allclose(effect.table()["std_error"], spread, rtol=1e-9)


def test_cells_are_means_by_the_weights_that_are_shown():
    frame = world()
    effect = estimate(frame)
    wide = frame.pivot(index="unit", columns="period", values="y")
    shown, cells = effect.synthetic(), effect.table()
    of_units, of_periods, paths = shown.unit_weights(), shown.time_weights(), shown.paths()
    for start in (7, 9):
        units = of_units[of_units["adopted"] == start].set_index("unit")["weight"]
        periods = of_periods[of_periods["adopted"] == start].set_index("period")["time_weight"]
        treated = wide.loc[frame.loc[frame["adopted"] == start, "unit"].unique()].mean()
        gap = treated - units @ wide.loc[units.index]
        expected = gap - periods @ gap[periods.index]
        np.testing.assert_allclose(cells.loc[cells["adopted"] == start, "att"], expected, atol=1e-12)
        own = paths[paths["adopted"] == start]
        np.testing.assert_allclose(own["treated"] - own["synthetic"], expected, atol=1e-12)
        np.testing.assert_allclose(own["treated"], treated, atol=1e-12)


def test_the_overall_effect_is_the_mean_over_treated_periods():
    """Clarke et al. (2023): cohorts count by their treated units times their treated periods."""
    effect = estimate(world())
    means = effect.by_cohort().table()["att"].to_numpy()
    assert effect.overall().att == pytest.approx((3 * 4 * means[0] + 4 * 2 * means[1]) / 20, abs=1e-12)


def test_rows_may_stand_in_any_order_and_levels_do_not_count():
    frame = world()
    effect = estimate(frame)
    shuffled = frame.sample(frac=1, random_state=3)
    moved = shuffled.assign(y=shuffled["y"] + 100 * shuffled["unit"].str[-2:].astype(int) + 7 * shuffled["period"])
    for other, tolerance in ((estimate(shuffled), 0.0), (estimate(moved), 1e-9)):
        np.testing.assert_allclose(other.table()["att"], effect.table()["att"], rtol=0, atol=tolerance)
        weights = [one.synthetic().unit_weights() for one in (effect, other)]
        pd.testing.assert_frame_equal(*weights, atol=1e-9)


def test_anticipation_moves_the_base_back():
    """What happens in the period before the start is no part of the fit then."""
    frame = world(starts=(7,) * 5)
    disturbed = frame.assign(y=frame["y"] + 10.0 * ((frame["adopted"] == 7) & (frame["period"] == 6)))
    one, other = (estimate(each, anticipation=1).table().set_index("event_time")["att"] for each in (frame, disturbed))
    np.testing.assert_allclose(other.drop(-1), one.drop(-1), atol=1e-12)
    assert other[-1] == pytest.approx(one[-1] + 10)


def test_one_period_before_treatment_is_a_plain_difference_of_changes():
    frame = world(starts=(2, 2, 2))
    effect = estimate(frame)
    plain = estimate_att(frame, **ROLES, baseline="universal", comparison="never_treated").table()
    np.testing.assert_allclose(effect.table()["att"], plain["att"].fillna(0), atol=1e-12)
    assert any("single period before treatment" in note for note in effect.notes)


def test_one_treated_unit_has_an_effect_and_its_error_from_placebos():
    effect = estimate(world(starts=(7,)))
    assert isinstance(effect.overall(), NotEstimated)
    found = effect.synthetic_placebos(seed=1, draws=99)
    assert found.is_complete
    assert len(found.placebos) == 20
    assert found.att == pytest.approx(effect.table().query("event_time >= 0")["att"].mean(), abs=1e-12)
    never = of_units(effect.panel, np.flatnonzero(np.isinf(effect.panel.adopted)))
    frame = world(starts=(7,))
    for number, name in enumerate(never.labels[:3]):
        assumed = frame[frame["adopted"] == 0].assign(adopted=lambda rows, name=name: 7 * (rows["unit"] == name))
        cells = estimate(assumed).table().query("event_time >= 0")
        assert found.placebos[number] == pytest.approx(cells["att"].mean(), abs=1e-12)
    assert found.p_value == (1 + (np.abs(found.placebos) >= abs(found.att)).sum()) / 21
    assert "not shown" in repr(found)
    told = estimate(frame, smallest_shown=1).synthetic_placebos(seed=1, draws=99)
    assert "placebos among 20 never treated units; 1 treated" in told.summary()


def test_placebos_keep_the_starts_and_are_drawn_by_their_seed():
    effect = estimate(world())
    found, again, other = (effect.synthetic_placebos((0, 1), seed=seed, draws=99) for seed in (1, 1, 2))
    np.testing.assert_array_equal(found.placebos, again.placebos)
    assert (found.placebos != other.placebos).any()
    assert not found.is_complete
    assert (found.n_treated, found.n_comparison, len(found.placebos)) == (7, 20, 99)
    assert found.att == pytest.approx(effect.band(0, 1).att)
    assert found.table().loc[0, "ci_low"] == pytest.approx(found.att - 1.959964 * found.std_error)
    too_few = estimate(world(never=7)).synthetic_placebos(seed=1, draws=99)
    assert too_few.reason == "placebos need more never treated units than treated ones"


def test_what_was_fitted_is_no_test():
    effect = estimate(world())
    for none in (effect.pre_trends(), effect.placebo(-4, -2)):
        assert "tests nothing" in none.reason
    with pytest.raises(ConfigError, match="method 'synthetic' fits its comparison"):
        effect.by_event_time().honest()
    assert effect.design.alike == "alike, the comparison as weighted"


def test_few_clusters_are_judged_by_leaving_out_and_refitting():
    """Weights depend on the outcome, so nothing that takes effects as linear in it can be had."""
    found = estimate(world(starts=(7,) * 6)).judge_clusters(seed=1, draws=99)
    assert "not linear" in found.methods["wild_bootstrap"].reason
    assert found.methods["jackknife"].std_error > 0
    assert 0 < found.methods["randomisation"].p_value <= 1
    assert np.isnan(found.methods["randomisation"].ci_low)


def test_gaps_are_refused_with_what_to_do():
    frame = world().drop(index=[3, 50])
    with pytest.raises(InputError, match=r"2 of 27 units are not seen in every period.*method='imputation'"):
        estimate(frame)
    frame = world()
    frame.loc[[3, 4], "y"] = np.nan
    with pytest.raises(InputError, match="1 of 27 units are not seen in every period"):
        estimate(frame)


@pytest.mark.parametrize("method", ["synthetic", "doubly_robust"])
def test_somebody_must_be_treated_within_the_panel(method):
    with pytest.raises(InputError, match="every treated unit is treated after the last period"):
        estimate_att(world(starts=(11, 12)), **ROLES, method=method)


def test_somebody_must_be_never_treated():
    with pytest.raises(InputError, match="nobody is never treated"):
        estimate(world(never=0))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"weights": "group"}, "finds the comparison's weights itself"),
        ({"errors": "unequal"}, "errors of a jackknife"),
        ({"cluster": ("unit", "group")}, "clusters of one kind"),
        ({"covariates": ["group"]}, "no use for 'covariates'"),
        ({"sets": "group"}, "no use for 'sets'"),
        ({"sample": "cross_sections"}, "needs a panel"),
    ],
)
def test_options_that_cannot_be_honoured_are_refused(options, told):
    with pytest.raises(ConfigError, match=told):
        estimate(world(), **options)


def test_refitted_errors_are_refused_of_other_methods():
    with pytest.raises(ConfigError, match="errors='refitted' are those of method='synthetic'"):
        estimate_att(world(), **ROLES, errors="refitted")


def test_a_cohort_of_one_unit_has_no_error_when_all_is_refitted_either():
    effect = estimate(world(starts=(7, 9, 9, 9)), errors="refitted")
    assert isinstance(effect.by_cohort().rows[0], NotEstimated)
    assert effect.by_cohort().rows[1].std_error > 0
    assert isinstance(estimate(world(starts=(7,)), errors="refitted").overall(), NotEstimated)


def test_questions_of_a_synthetic_comparison_are_refused_of_other_methods():
    plain = estimate_att(world(), **ROLES)
    for ask in (plain.synthetic, lambda: plain.synthetic_placebos(seed=1)):
        with pytest.raises(ConfigError, match="needs method='synthetic'"):
            ask()
    with pytest.raises(ConfigError, match=r"no average 'simpel'\. Did you mean 'simple'"):
        estimate(world()).synthetic_placebos("simpel", seed=1)
    with pytest.raises(ConfigError, match="clusters hold several units"):
        estimate(world(), cluster="group").synthetic_placebos(seed=1)


def test_a_cohort_of_one_cluster_is_noted():
    notes = estimate(world(starts=(7, 7, 7, 9, 9, 9, 9)), cluster="group").notes
    assert any(note.startswith("In 1 of 2 start cohorts all treated are of one cluster") for note in notes)


def test_the_comparison_is_told_and_drawn():
    found = estimate(world(never=40), smallest_shown=1).synthetic()
    assert isinstance(found, SyntheticComparison)
    rows = found.table().set_index("adopted")
    assert (rows["n_comparison"] == 40).all()
    assert (rows["effective_units"] <= rows["n_weighted"]).all()
    assert found.unit_weights().groupby("adopted")["weight"].sum().to_numpy() == pytest.approx([1, 1])
    assert "never treated" in found.summary()
    assert len(found.to_dict()["paths"]) == 20
    ax = found.plot(adopted=7)
    assert [line.get_label() for line in ax.lines[:2]] == ["Synthetic comparison", "Treated"]
    assert len(ax.containers[0]) == 6
    assert "treated from 9 on" in found.plot().get_xlabel()
    with pytest.raises(ConfigError, match="no start cohort adopted in 8; there are 7, 9"):
        found.plot(adopted=8)


def test_months_are_drawn_from_the_start_on():
    frame = world(starts=(7,) * 4)
    months = pd.date_range("2020-01-01", periods=10, freq="MS")
    start = frame["adopted"].map({7: months[6]})
    frame = frame.assign(period=months[frame["period"] - 1], adopted=start)
    ax = estimate(frame, smallest_shown=1).synthetic().plot()
    assert ax.get_xlabel() == "Months since the start"
    np.testing.assert_array_equal(ax.lines[0].get_xdata(), np.arange(-6, 4))


def test_placebos_are_drawn_around_nothing():
    found = estimate(world(), smallest_shown=1).synthetic_placebos(seed=1, draws=99)
    ax = found.plot()
    assert sum(bar.get_height() for bar in ax.patches) == 99
    assert found.to_dict()["n_placebos"] == 99
    assert isinstance(estimate(world()).overall(), Estimate)
