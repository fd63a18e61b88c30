"""What ``method="synthetic"`` promises: errors by leaving out, placebos, what it refuses, and what it shows."""

import numpy as np
import pandas as pd
import pytest

from tf_eval.did import Estimate, SyntheticComparison, estimate_att
from tf_eval.did.few_clusters.panels import of_units
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


def driven(seed: int = 1, **options) -> pd.DataFrame:
    """The same with what never changes within an area (how rural) and what does (a rate), and an effect of 3.

    By either the treated would have gone further than any of the others: they are the more rural, by an amount that
    counts more from period to period, and the rate of most of them is higher once they are treated.
    """
    frame, random = world(seed, **options), np.random.default_rng(seed + 100)
    treated = (frame["adopted"] > 0) & (frame["period"] >= frame["adopted"])
    rural = frame["unit"].map(
        dict(zip(frame["unit"].unique(), random.normal(size=frame["unit"].nunique()), strict=True))
    )
    frame["rural"] = rural + 3 * (frame["adopted"] > 0)
    frame["rate"] = 50 + random.normal(size=len(frame)) + 2 * treated
    grown = 0.1 * frame["rural"] * frame["period"] ** 2
    return frame.assign(y=frame["y"] / 5 + grown + 1.5 * frame["rate"] + 3 * treated)


def taken_out(frame: pd.DataFrame, some: pd.Series | np.ndarray) -> pd.DataFrame:
    """The outcome of all rows less what covariates make of it by least squares in some of them: the slow way."""
    later = pd.get_dummies(frame["period"], drop_first=True).to_numpy(float)
    # Where the covariate is zero decides how much of a period's change is everybody's, and so the penalty.
    rural = (frame["rural"] - frame["rural"].mean()).to_numpy()
    covariates = np.column_stack([later * rural[:, None], frame["rate"]])
    rows = np.column_stack([pd.get_dummies(frame["unit"]).to_numpy(float), later, covariates])
    used = np.asarray(some)
    slopes = np.linalg.lstsq(rows[used], frame["y"][used], rcond=None)[0]
    return frame.assign(y=frame["y"] - covariates @ slopes[-covariates.shape[1] :])


def estimate(frame: pd.DataFrame, **options):
    return estimate_att(frame, **ROLES, method="synthetic", **options)


def without(effect, left_out: np.ndarray, outcome: np.ndarray | None = None) -> np.ndarray:
    """The cells when some units are left out and the weights of the others only made to sum to 1: the slow way."""
    found = []
    for cohort in effect.synthetic().cohorts:
        contrasts = cohort.contrasts(effect.panel.outcome if outcome is None else outcome)
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


@pytest.mark.parametrize("covariates", [[], ["rural", "rate"]])
@pytest.mark.parametrize("cluster", [None, "group"])
def test_refitted_errors_are_those_of_estimating_without_one_cluster_after_another(cluster, covariates):
    frame = driven(starts=(7, 7, 7, 7, 7, 9, 9, 9, 9, 9))
    effect = estimate(frame, cluster=cluster, errors="refitted", covariates=covariates)
    np.testing.assert_array_equal(effect.table()["att"], estimate(frame, covariates=covariates).table()["att"])
    named = frame[cluster or "unit"]
    changes = np.array(
        [
            estimate(frame[named != one], covariates=covariates).table()["att"] - effect.table()["att"]
            for one in named.unique()
        ]
    )
    spread = np.sqrt((1 - 1 / len(changes)) * np.square(changes).sum(axis=0))
    np.testing.assert_allclose(effect.table()["std_error"], spread, rtol=1e-9)


def test_covariates_are_taken_out_by_what_they_do_among_the_never_treated():
    """As Stata's sdid has it: one slope of what changes within units; and one in each period of what does not."""
    frame = driven()
    effect, slowly = estimate(frame, covariates=["rural", "rate"]), estimate(taken_out(frame, frame["adopted"] == 0))
    np.testing.assert_allclose(effect.table()["att"], slowly.table()["att"], atol=1e-9)
    np.testing.assert_allclose(
        effect.synthetic().unit_weights()["weight"], slowly.synthetic().unit_weights()["weight"], atol=1e-9
    )
    own, other = (one.synthetic().paths() for one in (effect, slowly))
    np.testing.assert_allclose(own["treated"] - own["synthetic"], effect.table()["att"], atol=1e-9)
    changes = [one["treated"].diff()[one["period"] > 1] for one in (own, other)]
    np.testing.assert_allclose(*changes, atol=1e-9)
    # What is told of the treated is what was seen of them.
    seen = frame[frame["adopted"] > 0].groupby(["adopted", "period"])["y"].mean()
    np.testing.assert_allclose(effect.table()["treated_mean"], seen, rtol=1e-12)
    with_all = taken_out(frame, np.ones(len(frame), dtype=bool))
    assert np.abs(estimate(with_all).table()["att"] - effect.table()["att"]).max() > 0.1


def test_trends_that_covariates_drive_are_no_effect():
    """Without them no weights can mend that the treated are beyond the others; with them the planted 3 is found."""
    frame = driven(never=40)
    found = [estimate(frame, covariates=names).overall() for names in ([], ["rural"], ["rate"], ["rural", "rate"])]
    errors = [abs(one.att - 3) for one in found]
    # The seed is fixed; beyond 3 errors by chance in 3 of 1,000.
    assert errors[3] < 3 * found[3].std_error < 1.5
    assert min(errors[:3]) > 2
    anticipated = estimate(frame, covariates=["rural", "rate"], anticipation=1).overall()
    assert abs(anticipated.att - 3) < 3 * anticipated.std_error
    moved = frame.assign(rural=1000 - 7 * frame["rural"], rate=frame["rate"] / 9 + 5)
    again = estimate(moved, covariates=["rural", "rate"])
    np.testing.assert_allclose(
        again.table()["att"], estimate(frame, covariates="~ rural + rate").table()["att"], atol=1e-8
    )


@pytest.mark.parametrize("cluster", [None, "group"])
def test_errors_with_covariates_are_those_of_leaving_out_one_cluster_with_what_it_says_of_them(cluster):
    frame = driven(starts=(7, 7, 7, 7, 7, 7, 9, 9, 9, 9, 9, 9))
    effect = estimate(frame, cluster=cluster, covariates=["rural", "rate"])
    named, changes = frame[cluster or "unit"], []
    for one in named.unique():
        left = taken_out(frame, (frame["adopted"] == 0) & (named != one))
        # Weights are those of the whole panel, though the outcome that they are put to is another.
        panel = estimate(left).panel
        out = np.flatnonzero(np.isin(panel.labels, frame.loc[named == one, "unit"].unique()))
        changes.append(without(effect, out, panel.outcome) - effect.table()["att"].to_numpy())
    spread = np.sqrt((1 - 1 / len(changes)) * np.square(changes).sum(axis=0))
    np.testing.assert_allclose(effect.table()["std_error"], spread, rtol=1e-8)


def test_placebos_take_covariates_out_anew():
    frame = driven(starts=(7,), never=8)
    found = estimate(frame, covariates=["rural", "rate"]).synthetic_placebos(seed=1, draws=99)
    never = frame[frame["adopted"] == 0]
    names = [name for name in estimate(frame).panel.labels if name in set(never["unit"])]
    for placebo, name in zip(found.placebos, names, strict=True):
        cells = estimate(never.assign(adopted=7 * (never["unit"] == name)), covariates=["rural", "rate"]).table()
        assert placebo == pytest.approx(cells.query("event_time >= 0")["att"].mean(), abs=1e-9)


def test_covariates_that_change_within_units_are_noted_and_those_that_tell_nothing_refused():
    frame = driven()
    noted = [
        any("whether or not treatment moved them" in note for note in estimate(frame, covariates=[name]).notes)
        for name in ("rural", "rate")
    ]
    assert noted == [False, True]
    lacking = frame.assign(rate=frame["rate"].where(frame["unit"] != "area 03"))
    with pytest.raises(InputError, match="1 of 27 units lack a covariate in some period"):
        estimate(lacking, covariates=["rate"])
    # Only one of the never treated is of the kind of the treated: without it nothing tells how that kind goes.
    only = frame.assign(kind=np.where((frame["adopted"] > 0) | (frame["unit"] == "area 00"), "coast", "inland"))
    for errors in ("clustered", "refitted"):
        with pytest.raises(InputError, match=r"less one cluster.*join categories"):
            estimate(only, covariates=["kind"], errors=errors)
    later = frame.assign(kind=((frame["adopted"] > 0) & (frame["period"] >= 7)).astype(float))
    with pytest.raises(InputError, match="cannot be told apart from unit and period effects"):
        estimate(later[later["adopted"] != 9], covariates=["kind"])


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
    for covariates in ([], ["group"]):
        with pytest.raises(InputError, match="1 of 27 units are not seen in every period"):
            estimate(frame, covariates=covariates)


@pytest.mark.parametrize("method", ["synthetic", "doubly_robust"])
def test_somebody_must_be_treated_within_the_panel(method):
    with pytest.raises(InputError, match="every treated unit is treated after the last period"):
        estimate_att(world(starts=(11, 12)), **ROLES, method=method)


@pytest.mark.parametrize("covariates", [[], ["group"]])
def test_somebody_must_be_never_treated(covariates):
    with pytest.raises(InputError, match="nobody is never treated"):
        estimate(world(never=0), covariates=covariates)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"weights": "group"}, "finds the weights of units itself.*means of areas"),
        ({"errors": "unequal"}, "errors of a jackknife"),
        ({"cluster": ("unit", "group")}, "clusters of one kind"),
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
