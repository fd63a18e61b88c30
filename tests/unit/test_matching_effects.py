"""Effects on matched rows: closed forms, what is refused, and what the result says."""

import json
from dataclasses import FrozenInstanceError, replace
from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from scipy import stats

from tests.accepted import accepted
from tf_eval.errors import ConfigError, InputError, NotEstimated
from tf_eval.matching import estimate_effect, match
from tf_eval.matching.effects import randomisation
from tf_eval.matching.effects.clusters import Spread, spread_cr1, spread_cr2, spread_two_ways
from tf_eval.matching.effects.randomisation import randomise
from tf_eval.matching.effects.regression import fit_weighted

ROUNDING = 1e-10


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    random = np.random.default_rng(3)
    size = 300
    need = random.normal(size=size)
    treated = random.random(size) < 1 / (1 + np.exp(1.5 - need))
    return pd.DataFrame(
        {
            "started": treated,
            "need": need,
            "district": random.choice(["north", "south"], size),
            "incidents": random.poisson(np.exp(0.4 * need)) - 0.5 * treated,
            "family_id": np.arange(size) + 7_000_000,
        }
    )


@pytest.fixture(scope="module")
def pairs(frame):
    return accepted(match(frame, on=["need", "district"], treated="started", unit="family_id"))


@pytest.fixture(scope="module")
def few(frame):
    """Six treated rows with up to three comparisons each."""
    small = pd.concat([frame[frame["started"]].iloc[:6], frame[~frame["started"]].iloc[:40]])
    return accepted(match(small, on="need", treated="started", unit="family_id", ratio=3, caliper=0.2))


def differences(matched) -> np.ndarray:
    wide = matched.frame.pivot(index="set_id", columns="started", values="incidents")
    return (wide[True] - wide[False]).to_numpy()


@pytest.mark.parametrize("correction", ["CR1", "CR2"])
def test_pairs_are_the_paired_t_test(pairs, correction):
    """With pairs, the clustered error is that of a mean of differences; CR1 less its factor for columns."""
    effect, known = estimate_effect(pairs, "incidents", correction=correction), differences(pairs)
    rows = 2 * len(known)
    factor = (rows - 1) / (rows - 2) if correction == "CR1" else 1.0
    assert effect.estimate == pytest.approx(known.mean(), rel=ROUNDING)
    assert effect.std_error == pytest.approx(stats.sem(known) * np.sqrt(factor), rel=ROUNDING)
    assert effect.degrees_of_freedom == pytest.approx(len(known) - 1, rel=ROUNDING)
    if correction == "CR2":
        test = stats.ttest_1samp(known, 0)
        low, high = test.confidence_interval(0.95)
        assert (effect.ci_low, effect.ci_high, effect.p_value) == pytest.approx((low, high, test.pvalue), rel=1e-8)


def test_rows_by_themselves_are_hc2_and_its_degrees_of_freedom():
    """Two arms, each row a cluster: Welch's error, and Bell and McCaffrey's degrees of freedom (Imbens 2016)."""
    random = np.random.default_rng(0)
    treated = np.arange(30) < 6
    outcome = random.normal(size=30)
    fit = fit_weighted(np.column_stack([np.ones(30), treated]), outcome, np.ones(30))
    spread = spread_cr2(fit, np.array([0.0, 1.0]), np.arange(30))
    assert spread.variance == pytest.approx(outcome[treated].var(ddof=1) / 6 + outcome[~treated].var(ddof=1) / 24)
    known = (1 / 6 + 1 / 24) ** 2 / (1 / (6**2 * 5) + 1 / (24**2 * 23))
    assert spread.degrees_of_freedom == pytest.approx(known)


def slow_cr2(fit, contrast: np.ndarray, cluster: np.ndarray) -> Spread:
    """Bell and McCaffrey as it is written, with matrices of rows by rows."""
    regressors, bread, size = fit.regressors, fit.bread, len(cluster)
    leftover = np.eye(size) - regressors @ bread @ (regressors * fit.weight[:, None]).T
    variance, pulls = 0.0, []
    for code in np.unique(cluster):
        own = cluster == code
        values, axes = np.linalg.eigh(leftover[own] @ leftover[own].T)
        kept = values > 1e-9
        half = (axes[:, kept] / np.sqrt(values[kept])) @ axes[:, kept].T
        pull = half @ (fit.weight[own] * (regressors[own] @ bread @ contrast))
        variance += (pull @ fit.residuals[own]) ** 2
        pulls.append(leftover[own].T @ pull)
    products = np.array(pulls) @ np.array(pulls).T
    return Spread(variance, np.trace(products) ** 2 / (products**2).sum())


@pytest.mark.parametrize("clusters", [3, 12, 60])
def test_cr2_equals_the_slow_reading_of_the_paper(clusters):
    random = np.random.default_rng(clusters)
    size = 80
    treated, need = random.random(size) < 0.4, random.normal(size=(size, 2))
    regressors = np.column_stack([np.ones(size), treated, need, need * treated[:, None]])
    fit = fit_weighted(regressors, random.normal(size=size), random.uniform(0.2, 3, size))
    cluster = np.append(np.arange(clusters), random.integers(0, clusters, size - clusters))
    ours, slow = (spread(fit, np.eye(6)[1], cluster) for spread in (spread_cr2, slow_cr2))
    assert ours.variance == pytest.approx(slow.variance, rel=1e-8)
    assert ours.degrees_of_freedom == pytest.approx(slow.degrees_of_freedom, rel=1e-8)


def test_cr2_keeps_five_percent_where_few_clusters_are_treated():
    """Four treated clusters of twenty: CR1 rejects a true null far too often, CR2 with its t about as often as said."""
    random = np.random.default_rng(8)
    cluster = np.repeat(np.arange(20), 5)
    treated, contrast = cluster < 4, np.array([0.0, 1.0])
    rejected = {"CR1": 0, "CR2": 0}
    for _ in range(400):
        outcome = random.normal(size=20)[cluster] + random.normal(size=100)
        fit = fit_weighted(np.column_stack([np.ones(100), treated]), outcome, np.ones(100))
        for name, spread in (("CR1", spread_cr1), ("CR2", spread_cr2)):
            found = spread(fit, contrast, cluster)
            p_value = 2 * stats.t.sf(abs(fit.coefficients[1]) / np.sqrt(found.variance), found.degrees_of_freedom)
            rejected[name] += p_value < 0.05
    # Monte-Carlo error of a share of 0.05 over 400 draws is 0.011: three of them.
    assert rejected["CR2"] / 400 < 0.05 + 0.033 < rejected["CR1"] / 400


def test_without_covariates_every_method_is_the_difference_of_weighted_means(few):
    rows = few.frame
    means = {arm: np.average(part["incidents"], weights=part["weight"]) for arm, part in rows.groupby("started")}
    for method, seed in (("difference", None), ("randomisation", 1)):
        effect = estimate_effect(few, "incidents", method=method, seed=seed)
        assert effect.estimate == pytest.approx(means[True] - means[False], rel=ROUNDING)
        assert effect.treated_mean == pytest.approx(means[True], rel=ROUNDING)
        assert effect.counterfactual_mean == pytest.approx(means[False], rel=ROUNDING)


def test_g_computation_averages_two_predictions_over_the_treated(pairs):
    rows = pairs.frame
    effect = estimate_effect(pairs, "incidents", method="g_computation", covariates="need")
    models = {arm: np.polyfit(part["need"], part["incidents"], 1) for arm, part in rows.groupby("started")}
    treated = rows.loc[rows["started"], "need"]
    known = (np.polyval(models[True], treated) - np.polyval(models[False], treated)).mean()
    assert effect.estimate == pytest.approx(known, rel=1e-8)


def test_covariates_are_those_of_the_match_where_none_are_named(pairs):
    assert estimate_effect(pairs, "incidents", method="regression").design.covariates == ("need", "district")


def test_a_column_that_follows_from_others_changes_nothing(pairs):
    doubled = replace(pairs, frame=pairs.frame.assign(twice=2 * pairs.frame["need"] + 1))
    once = estimate_effect(pairs, "incidents", method="g_computation", covariates="need", correction="CR1")
    again = estimate_effect(
        doubled, "incidents", method="g_computation", covariates=["need", "twice"], correction="CR1"
    )
    assert (again.estimate, again.std_error) == pytest.approx((once.estimate, once.std_error), rel=1e-8)


def test_what_only_one_arm_has_cannot_be_told(pairs):
    """A level that no comparison row has says nothing of what is expected without treatment."""
    own = pairs.frame["started"] & (np.arange(len(pairs.frame)) % 3 == 0)
    alone = replace(pairs, frame=pairs.frame.assign(kind=own.astype(int)))
    assert "too few" in estimate_effect(alone, "incidents", method="g_computation", covariates="kind").reason


@pytest.fixture
def shared(frame):
    """Families that are compared in one month and start in a later one."""
    again = frame[frame["started"]].assign(started=False, incidents=lambda rows: rows["incidents"] + 1)
    stacked = pd.concat([frame.assign(month=2), again.assign(month=1), frame.iloc[:40].assign(month=1, started=True)])
    stacked = stacked.drop_duplicates(["family_id", "month"], ignore_index=True)
    stacked["family_id"] = stacked["family_id"].where(stacked["month"] == 2, stacked["family_id"] + 20)
    return accepted(match(stacked, on="need", treated="started", unit="family_id", risk_set="month"))


def test_units_in_several_sets_are_clustered_too(shared):
    effect = estimate_effect(shared, "incidents")
    assert effect.design.cluster == "both"
    assert estimate_effect(shared, "incidents", cluster="set").std_error != pytest.approx(effect.std_error, rel=1e-3)


@pytest.fixture
def weighted(pairs):
    """Rows with weights and no sets, as from weighting."""
    random = np.random.default_rng(2)
    rows = pairs.frame.drop(columns="set_id")
    weight = np.where(rows["started"], 1.0, random.uniform(0.2, 2, len(rows)))
    return replace(pairs, frame=rows.assign(weight=weight))


def test_weights_without_sets_are_clustered_by_unit_or_row(weighted):
    by_unit = estimate_effect(weighted, "incidents")
    assert (by_unit.design.cluster, by_unit.n_sets) == ("unit", None)
    assert by_unit.to_dict()["n_sets"] is None and "weights are taken as known" in by_unit.summary()
    by_row = estimate_effect(replace(weighted, unit=None), "incidents")
    assert by_row.design.cluster == "row"
    # Every unit has one row here.
    assert by_row.std_error == pytest.approx(by_unit.std_error, rel=ROUNDING)
    rows = weighted.frame
    means = [np.average(part["incidents"], weights=part["weight"]) for _, part in rows.groupby("started")]
    assert by_unit.estimate == pytest.approx(means[1] - means[0], rel=ROUNDING)


@pytest.mark.parametrize("options", [{"cluster": "set"}, {"cluster": "both"}, {"method": "randomisation", "seed": 1}])
def test_what_needs_sets_says_so(weighted, options):
    with pytest.raises(ConfigError, match="needs a match that formed sets"):
        estimate_effect(weighted, "incidents", **options)


def test_two_ways_that_cancel_are_not_an_error():
    ways = Spread(1.0, 9.0), Spread(2.0, 4.0)
    assert spread_two_ways(*ways, Spread(0.5, 12.0)) == Spread(2.5, 4.0)
    assert spread_two_ways(*ways, Spread(3.0, 12.0)) is None


@pytest.mark.parametrize("few", [(1, 1, 1), (2, 2, 2), (1, 3, 2)])
def test_randomisation_equals_a_slow_enumeration(few):
    """Three sets of four; the treated of each are chosen in every way there is."""
    random = np.random.default_rng(4)
    set_code = np.repeat(np.arange(3), 4)
    treated = np.concatenate([np.arange(4) < count for count in few])
    outcome = random.integers(0, 6, 12) + 2.0 * treated
    found, weight = randomise(outcome, treated, set_code, seed=None), np.array(few) / sum(few)

    def mean_and_error(values, drawn):
        gaps = np.array([values[own & drawn].mean() - values[own & ~drawn].mean() for own in owns])
        mean = weight @ gaps
        return mean, np.sqrt(3 / 2 * weight**2 @ (gaps - mean) ** 2)

    def studentised(values, drawn):
        mean, error = mean_and_error(values, drawn)
        return mean / max(error, 1e-9)

    owns = [set_code == code for code in range(3)]
    choices = (combinations(np.flatnonzero(own), count) for own, count in zip(owns, few, strict=True))
    every = [np.isin(np.arange(12), np.concatenate(chosen)) for chosen in product(*choices)]

    def p_value(effect):
        left = outcome - effect * treated
        seen, drawn = studentised(left, treated), np.array([studentised(left, one) for one in every])
        return min(1.0, 2 * min((drawn >= seen - 1e-9).mean(), (drawn <= seen + 1e-9).mean()))

    assert found.exact
    assert found.p_value == pytest.approx(p_value(0.0))
    low, high = found.interval(0.9)
    for end, inward in ((low, 1e-6), (high, -1e-6)):
        assert p_value(end + inward) > 0.1 >= p_value(end - inward)
    assert (found.estimate, found.std_error) == pytest.approx(mean_and_error(outcome, treated))


def test_random_draws_come_near_the_enumeration_and_repeat_with_their_seed(monkeypatch):
    random = np.random.default_rng(9)
    set_code, treated = np.repeat(np.arange(7), 4), np.tile([True, False, False, False], 7)
    outcome = random.normal(size=28) + treated
    every = randomise(outcome, treated, set_code, seed=None)
    monkeypatch.setattr(randomisation, "MOST_ENUMERATED", 0)
    some, again = (randomise(outcome, treated, set_code, seed=1) for _ in range(2))
    assert every.exact and not some.exact
    assert some.p_value == again.p_value and some.interval(0.95) == again.interval(0.95)
    # 9,999 draws tell a share of 0.1 to 0.003, of which twice three make the p-value's error.
    assert 0.02 < every.p_value < 0.2
    assert some.p_value == pytest.approx(every.p_value, abs=0.018)
    assert some.interval(0.8) == pytest.approx(every.interval(0.8), abs=0.1 * every.std_error)


def test_few_sets_have_no_interval_at_a_high_level(frame):
    three = pd.concat([frame[frame["started"]].iloc[:3], frame[~frame["started"]].iloc[:30]])
    found = estimate_effect(accepted(match(three, on="need", treated="started")), "incidents", method="randomisation")
    assert isinstance(found, NotEstimated) and "lower level" in found.reason


def test_one_set_and_no_variation_are_not_estimated(frame, pairs):
    single = pd.concat([frame[frame["started"]].iloc[:1], frame[~frame["started"]].iloc[:30]])
    assert "one set" in estimate_effect(accepted(match(single, on="need", treated="started")), "incidents").reason
    flat = replace(pairs, frame=pairs.frame.assign(incidents=0.0))
    for method, seed in (("difference", None), ("g_computation", None), ("randomisation", 1)):
        assert "the same" in estimate_effect(flat, "incidents", method=method, seed=seed).reason


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"method": "diference"}, "no method 'diference'. Did you mean 'difference'?"),
        ({"cluster": "family"}, "no cluster 'family'"),
        ({"correction": "HC3"}, "no correction 'HC3'"),
        ({"covariates": "need"}, "takes no covariates"),
        ({"method": "randomisation", "cluster": "set"}, "neither cluster nor correction"),
        ({"method": "randomisation"}, "give a seed"),
        ({"seed": 3}, "takes no seed"),
        ({"method": "regression", "covariates": ["need", "need"]}, "'need' twice"),
        ({"level": 95}, "between 0 and 1"),
        ({"method": "randomisation", "seed": -1}, "whole number"),
    ],
)
def test_options_that_cannot_be_honoured(pairs, options, said):
    with pytest.raises(ConfigError) as told:
        estimate_effect(pairs, "incidents", **options)
    assert said in str(told.value)


def test_clustering_by_unit_needs_units(frame):
    with pytest.raises(ConfigError, match="needs a match with unit"):
        estimate_effect(accepted(match(frame, on="need", treated="started")), "incidents", cluster="unit")


@pytest.mark.parametrize(
    ("changed", "outcome", "said"),
    [
        ({}, "incidnts", "no column 'incidnts'. Did you mean 'incidents'?"),
        ({}, "need", "'need' was used by the match and cannot be its outcome"),
        ({}, "started", "was used by the match"),
        ({}, "weight", "was used by the match"),
        ({"incidents": np.nan}, "incidents", "is missing in about 1"),
        ({"incidents": np.inf}, "incidents", "infinite"),
        ({"incidents": "many"}, "incidents", "must be a number"),
    ],
)
def test_outcomes_that_cannot_be_used(pairs, changed, outcome, said):
    with pytest.raises(InputError) as told:
        estimate_effect(replace(pairs, frame=pairs.frame.assign(**changed)), outcome)
    assert said in str(told.value)
    assert "7000" not in str(told.value)


@pytest.mark.parametrize(
    ("covariates", "said"),
    [
        (["nede"], "Did you mean 'need'?"),
        (["started"], "says who was treated"),
        (["incidents"], "is the outcome"),
        (["gappy"], "missing values in 'gappy'"),
    ],
)
def test_covariates_that_cannot_be_used(pairs, covariates, said):
    gappy = replace(pairs, frame=pairs.frame.assign(gappy=np.where(pairs.frame["need"] > 0, np.nan, 1.0)))
    with pytest.raises(InputError) as told:
        estimate_effect(gappy, "incidents", method="regression", covariates=covariates)
    assert said in str(told.value)


def test_the_result_in_words_tables_and_json(pairs):
    effect = estimate_effect(pairs, "incidents")
    text = effect.summary()
    assert text.index("effect on incidents is") < text.index("95% interval") < text.index("expected without treatment")
    assert "significant" not in text and "*" not in text
    assert effect.treated_mean - effect.counterfactual_mean == pytest.approx(effect.estimate)
    assert effect.table()["n_treated"].tolist() == [int(pairs.frame["started"].sum())]
    saved = json.loads(json.dumps(effect.to_dict(), allow_nan=False))
    assert saved["design"]["cluster"] == "set" and saved["estimate"] == effect.estimate
    drawn = estimate_effect(pairs, "incidents", method="randomisation", seed=1)
    assert json.loads(json.dumps(drawn.to_dict(), allow_nan=False))["degrees_of_freedom"] is None
    assert "9,999 times" in drawn.summary()
    with pytest.raises(FrozenInstanceError):
        effect.estimate = 0.0


def test_a_notebook_shows_no_small_count_and_no_effect_of_very_few(few, pairs):
    assert "not shown; fewer than 10 treated" in repr(estimate_effect(few, "incidents"))
    assert "about" in repr(estimate_effect(pairs, "incidents"))


def test_the_figure_takes_axes_and_says_what_it_shows(pairs):
    effect = estimate_effect(pairs, "incidents")
    mine = Figure().subplots()
    assert effect.plot(mine) is mine
    assert "Effect on incidents" in mine.get_title(loc="left")


def test_the_order_of_rows_does_not_matter(frame, pairs):
    shuffled = accepted(
        match(frame.sample(frac=1, random_state=1), on=["need", "district"], treated="started", unit="family_id")
    )
    for options in ({}, {"method": "g_computation"}, {"method": "randomisation", "seed": 5}):
        ours, theirs = (estimate_effect(one, "incidents", **options) for one in (pairs, shuffled))
        assert theirs.table().drop(columns="outcome").iloc[0].tolist() == pytest.approx(
            ours.table().drop(columns="outcome").iloc[0].tolist(), rel=1e-8
        )


@pytest.mark.parametrize(("treated", "method"), [(1, "difference"), (1, "regression"), (2, "g_computation")])
def test_an_arm_whose_rows_are_all_fitted_shows_no_spread(treated, method):
    """Its own errors are nothing then, and would be taken for certainty."""
    random = np.random.default_rng(4)
    frame = pd.DataFrame(
        {"treated": np.arange(60) < treated, "need": random.normal(size=60), "y": random.normal(size=60)}
    )
    weighted = accepted(match(frame, on="need", treated="treated", method="overlap"))
    found = estimate_effect(weighted, "y", method=method)
    assert isinstance(found, NotEstimated) and "too few rows to show how far they differ" in found.reason


def test_no_number_of_fewer_than_ten_rows_is_said():
    random = np.random.default_rng(5)
    frame = pd.DataFrame({"treated": np.arange(40) < 9, "need": random.normal(size=40), "y": random.normal(size=40)})
    effect = estimate_effect(accepted(match(frame, on="need", treated="treated", method="overlap")), "y")
    assert "The effect on y is not shown, for a group has fewer than 10 rows" in effect.summary()
    assert str(round(effect.estimate, 2)) not in effect.summary() + repr(effect)
    assert effect.table()["estimate"].notna().all()
