"""Sensitivity to what is hidden: closed forms, planted confounders, what is refused, and what the results say."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from scipy import stats

from tests.accepted import accepted
from tf_eval.errors import ConfigError, InputError, NotEstimated
from tf_eval.matching import e_value, e_value_of_counts, match, rosenbaum_bounds, tipping_point
from tf_eval.matching.effects.regression import fit_weighted
from tf_eval.matching.sensitivity.benchmarks import Strength, compare_benchmarks
from tf_eval.matching.sensitivity.hidden_bias import p_value_bounds
from tf_eval.matching.sensitivity.omitted import Coefficient, benchmark, partial_r2
from tf_eval.matching.sensitivity.scores import huber_scores, signed_rank_scores


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    random = np.random.default_rng(6)
    size = 500
    need = random.normal(size=size)
    treated = random.random(size) < 1 / (1 + np.exp(1.6 - need))
    return pd.DataFrame(
        {
            "started": treated,
            "need": need,
            "age": random.integers(20, 60, size),
            "district": random.choice(["north", "south", "west"], size),
            "incidents": 0.5 * need - 0.6 * treated + random.normal(size=size),
            "family_id": np.arange(size) + 7_000_000,
        }
    )


@pytest.fixture(scope="module")
def pairs(frame):
    return accepted(match(frame, on=["need", "age", "district"], treated="started", unit="family_id", caliper=0.2))


@pytest.fixture(scope="module")
def triples(frame):
    return accepted(match(frame, on=["need", "age"], treated="started", unit="family_id", ratio=2, caliper=0.2))


def sets_of(matched) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows = matched.frame
    return rows["incidents"].to_numpy(), rows["started"].to_numpy(), rows["set_id"].to_numpy()


def test_signed_ranks_without_hidden_bias_are_wilcoxons_test(pairs):
    outcome, treated, set_code = sets_of(pairs)
    wide = pairs.frame.pivot(index="set_id", columns="started", values="incidents")
    known = stats.wilcoxon(wide[True] - wide[False], alternative="greater", method="approx", correction=False)
    low, high = p_value_bounds(signed_rank_scores(outcome, treated, set_code), treated, set_code, 1.0)
    assert (low, high) == pytest.approx((known.pvalue, known.pvalue), rel=1e-10)


def test_signed_ranks_leave_ties_out_and_share_ranks():
    outcome = np.array([3.0, 1.0, 5.0, 5.0, 0.0, 2.0, 4.0, 1.0])
    scores = signed_rank_scores(outcome, np.tile([True, False], 4), np.repeat(np.arange(4), 2))
    assert scores.tolist() == [1.5, 0, 0, 0, 0, 1.5, 3, 0]


def slow_bounds(scores, treated, set_code, gamma) -> float:
    """The largest p-value, set by set and candidate by candidate, as the paper has it."""
    expected = variance = 0.0
    for code in np.unique(set_code):
        own = np.sort(scores[set_code == code])
        best = (-np.inf, -np.inf)
        for without in range(1, len(own)):
            odds = np.where(np.arange(len(own)) < without, 1.0, gamma)
            share = odds / odds.sum()
            best = max(best, (round(share @ own, 12), share @ own**2 - (share @ own) ** 2))
        expected, variance = expected + best[0], variance + best[1]
    return float(stats.norm.sf((scores[treated].sum() - expected) / np.sqrt(variance)))


@pytest.mark.parametrize("gamma", [1.0, 1.3, 4.0])
def test_bounds_of_sets_of_several_sizes_equal_the_slow_reading(gamma):
    random = np.random.default_rng(2)
    size = random.integers(2, 6, 40)
    set_code = np.repeat(np.arange(40), size)
    treated = np.append(True, np.diff(set_code) > 0)
    order = random.permutation(len(set_code))
    set_code, treated = set_code[order], treated[order]
    outcome = random.integers(0, 5, len(set_code)).astype(float)
    scores = huber_scores(outcome, set_code)
    low, high = p_value_bounds(scores, treated, set_code, gamma)
    assert high == pytest.approx(slow_bounds(scores, treated, set_code, gamma), rel=1e-9)
    assert low == pytest.approx(1 - slow_bounds(-scores, treated, set_code, gamma), rel=1e-9)


def test_huber_scores_equal_the_formula():
    outcome, set_code = np.array([0.0, 1.0, 4.0, 2.0, 2.5]), np.array([0, 0, 0, 1, 1])
    scale = np.median([1, 4, 3, 0.5])

    def psi(gap):
        return np.clip(gap / scale / 2.5, -1, 1)

    known = [(psi(-1) + psi(-4)) / 3, (psi(1) + psi(-3)) / 3, (psi(4) + psi(3)) / 3, psi(-0.5) / 2, psi(0.5) / 2]
    assert huber_scores(outcome, set_code) == pytest.approx(known)
    mostly_equal = huber_scores(np.array([0.0, 0.0, 0.0, 1.0]), np.array([0, 0, 0, 0]))
    assert mostly_equal[3] > 0 > mostly_equal[0]


def test_the_tipping_gamma_is_where_the_p_value_passes(pairs, triples):
    for matched, statistic in ((pairs, "signed_rank"), (pairs, "huber"), (triples, "huber")):
        found = rosenbaum_bounds(matched, "incidents", alternative="lower", statistic=statistic)
        again = rosenbaum_bounds(matched, "incidents", alternative="lower", gammas=[found.tipping_gamma])
        assert found.tipping_gamma > 1
        if again.design.statistic == statistic:
            assert again.table()["p_high"].tolist() == pytest.approx([0.05], rel=1e-6)
        assert found.table()["p_high"].is_monotonic_increasing and found.table()["p_low"].is_monotonic_decreasing


def test_sets_that_are_no_pairs_take_the_m_statistic(pairs, triples):
    assert rosenbaum_bounds(pairs, "incidents", alternative="lower").design.statistic == "signed_rank"
    assert rosenbaum_bounds(triples, "incidents", alternative="lower").design.statistic == "huber"


def test_no_finding_has_no_tipping_point(pairs):
    found = rosenbaum_bounds(pairs, "incidents", alternative="higher")
    assert isinstance(found.tipping_gamma, NotEstimated)
    assert "no finding" in found.summary() and "no finding" in repr(found)
    assert "not_estimated" in json.loads(json.dumps(found.to_dict(), allow_nan=False))["tipping_gamma"]
    assert found.plot().get_title(loc="left")


def test_an_outcome_without_differences_has_no_bounds(pairs):
    flat = replace(pairs, frame=pairs.frame.assign(incidents=pairs.frame["set_id"]))
    assert "same within every set" in rosenbaum_bounds(flat, "incidents", alternative="lower").reason


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"alternative": "greater"}, "no alternative 'greater'"),
        ({"alternative": "lower", "statistic": "hubber"}, "Did you mean 'huber'?"),
        ({"alternative": "lower", "gammas": [0.5]}, "gammas must be numbers, 1 or more"),
        ({"alternative": "lower", "gammas": []}, "gammas must be numbers, 1 or more"),
        ({"alternative": "lower", "level": 0.05}, "level must be between 0.5 and 1"),
    ],
)
def test_bounds_refuse_what_they_cannot_use(pairs, options, said):
    with pytest.raises(ConfigError) as told:
        rosenbaum_bounds(pairs, "incidents", **options)
    assert said in str(told.value)


def test_bounds_refuse_sets_that_do_not_suit(pairs, triples):
    with pytest.raises(ConfigError, match="use 'huber'"):
        rosenbaum_bounds(triples, "incidents", alternative="lower", statistic="signed_rank")
    joined = replace(pairs, frame=pairs.frame.assign(set_id=pairs.frame["set_id"] // 2))
    with pytest.raises(ConfigError, match="several treated rows"):
        rosenbaum_bounds(joined, "incidents", alternative="lower")
    with pytest.raises(InputError, match="rosenbaum_bounds: 'need' was used by the match"):
        rosenbaum_bounds(pairs, "need", alternative="lower")


def test_without_sets_there_are_tipping_points_and_no_bounds(pairs):
    weighted = replace(pairs, frame=pairs.frame.drop(columns="set_id"))
    with pytest.raises(ConfigError, match="need a match that formed sets"):
        rosenbaum_bounds(weighted, "incidents", alternative="lower")
    assert tipping_point(weighted, "incidents").design.cluster == "unit"


def test_bounds_in_words_and_figures(pairs):
    found = rosenbaum_bounds(pairs, "incidents", alternative="lower")
    assert "times as likely, in odds" in found.summary() and "significant" not in found.summary()
    assert json.dumps(found.to_dict(), allow_nan=False)
    table = found.table()
    table["p_high"] = 0.0
    assert found.table()["p_high"].max() > 0
    mine = Figure().subplots()
    assert found.plot(mine) is mine
    assert "tips at gamma" in repr(found)


def test_a_variable_left_out_does_what_the_formula_says():
    """The full regression is the adjusted one, where strengths are those of the variable that was left out."""
    random = np.random.default_rng(1)
    size = 60
    seen, hidden = random.normal(size=(size, 2)), random.normal(size=(size, 1))
    treated = (seen[:, :1] + hidden + random.normal(size=(size, 1)) > 0).astype(float)
    outcome = (2 * treated + hidden + seen[:, 1:] + random.normal(size=(size, 1))).ravel()
    weight = random.uniform(0.5, 2, size)

    def regress(*parts):
        fit = fit_weighted(np.hstack([treated, np.ones((size, 1)), *parts]), outcome, weight)
        scatter = weight @ fit.residuals**2 / fit.residual_degrees
        return fit.coefficients[0], np.sqrt(scatter * fit.bread[0, 0]), fit.residual_degrees

    short, full = Coefficient(*regress(seen), critical=2.0), regress(seen, hidden)
    strength = (
        partial_r2(treated.ravel(), seen, hidden, weight),
        partial_r2(outcome, np.hstack([seen, treated]), hidden, weight),
    )
    assert short.adjusted(*strength) == pytest.approx((full[0], full[0] - 2 * full[1], full[0] + 2 * full[1]), rel=1e-9)


def test_the_robustness_value_tips_the_estimate_and_the_interval():
    for estimate in (3.0, -3.0):
        coefficient = Coefficient(estimate, 0.5, 80, critical=2.4)
        share = coefficient.robustness_value()
        assert coefficient.adjusted(share, share)[0] == pytest.approx(0.0, abs=1e-9)
        share = coefficient.robustness_value_ci()
        nearer = coefficient.adjusted(share, share)[1 if estimate > 0 else 2]
        assert nearer == pytest.approx(0.0, abs=1e-9)
    assert Coefficient(0.5, 0.5, 80, critical=2.4).robustness_value_ci() == 0.0


def test_nothing_hidden_can_explain_more_than_all_of_treatment():
    assert benchmark(0.6, 0.1, 1.0) is None
    assert benchmark(0.3, 0.9, 2.0)[1] == 1.0


@pytest.mark.parametrize("strength", ["before", "after"])
def test_times_as_strong_bring_estimate_and_interval_to_nothing(pairs, strength):
    found = tipping_point(pairs, "incidents", strength=strength)
    assert set(found.table()["covariate"]) == {"need", "age", "district"}
    for row in found.table().itertuples():
        at_zero = benchmark(row.r2_treatment, row.r2_outcome, row.times_to_zero)
        at_limit = benchmark(row.r2_treatment, row.r2_outcome, row.times_to_ci)
        assert found.coefficient.adjusted(*at_zero)[0] == pytest.approx(0.0, abs=1e-6)
        assert found.coefficient.adjusted(*at_limit)[2] == pytest.approx(0.0, abs=1e-6)
        assert row.times_to_ci <= row.times_to_zero
    assert found.table()["times_to_zero"].is_monotonic_increasing


def test_before_hidden_strength_counts_as_the_interval_of_the_effect(pairs):
    found = tipping_point(pairs, "incidents")
    assert found.coefficient.adjusted(0.0, 0.0)[0] == pytest.approx(found.effect.estimate)
    # A variable that explains nothing still takes one degree of freedom.
    width = np.sqrt(found.coefficient.degrees_of_freedom / (found.coefficient.degrees_of_freedom - 1))
    reach = (found.effect.ci_high - found.effect.ci_low) / 2
    assert found.coefficient.adjusted(0.0, 0.0)[2] == pytest.approx(found.effect.estimate + width * reach)


def test_matching_takes_away_strength_after_and_not_before(pairs):
    """Need made treatment likely; among the matched it no longer does, and would be no yardstick."""
    before, after = (
        tipping_point(pairs, "incidents", strength=word).table().set_index("covariate").loc["need"]
        for word in ("before", "after")
    )
    assert before["r2_treatment"] > 5 * after["r2_treatment"]
    assert before["r2_outcome"] == after["r2_outcome"]
    assert before["times_to_zero"] < after["times_to_zero"]


def test_a_hidden_variable_as_strong_as_the_one_seen_is_found():
    """A twin of what was seen is left out; the bound for something as strong takes most of its bias away."""
    random = np.random.default_rng(12)
    twin = random.normal(size=5000)
    seen = random.normal(size=5000)
    treated = random.random(5000) < 1 / (1 + np.exp(2 - seen - twin))
    rows = pd.DataFrame({"started": treated, "seen": seen, "twin": twin})
    rows["incidents"] = seen + twin + random.normal(size=5000)
    matched = accepted(match(rows, on="seen", treated="started", caliper=0.1))
    found = tipping_point(matched, "incidents")
    worst = found.table()["estimate"].iloc[0]
    assert found.effect.estimate > 0.5, "nothing was planted but bias"
    # The truth is no effect. Not all bias goes: among the matched what was seen varies less than its twin, and so
    # says a little less of the outcome.
    assert abs(worst) < 0.3 * found.effect.estimate


def test_covariates_of_the_outcome_alone_have_no_strength_before(pairs, frame):
    extra = replace(pairs, frame=pairs.frame.assign(later=pairs.frame["age"] ** 2))
    with pytest.raises(ConfigError, match="'later' was not in the match"):
        tipping_point(extra, "incidents", covariates=["need", "later"])
    assert len(tipping_point(extra, "incidents", covariates=["need", "later"], strength="after").table()) == 2


def test_tipping_refuses_and_passes_reasons_on(pairs):
    with pytest.raises(ConfigError, match=r"no strength 'befor'. Did you mean 'before'\?"):
        tipping_point(pairs, "incidents", strength="befor")
    flat = replace(pairs, frame=pairs.frame.assign(incidents=1.0))
    assert isinstance(tipping_point(flat, "incidents"), NotEstimated)


def test_a_covariate_that_says_nothing_tips_nothing(frame):
    constant = accepted(match(frame.assign(same=1.0), on=["same", "need"], treated="started"))
    found = tipping_point(constant, "incidents")
    row = found.table().set_index("covariate").loc["same"]
    assert np.isinf(row["times_to_zero"])
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["benchmarks"][-1]["times_to_zero"] is None


def test_tipping_in_words_and_figures(pairs):
    found = tipping_point(pairs, "incidents")
    strongest = found.table()["covariate"].iloc[0]
    assert f"times as strong as {strongest}, the strongest of those seen" in found.summary()
    assert "significant" not in found.summary() and "7000" not in repr(found)
    mine = Figure().subplots()
    assert found.plot(mine) is mine
    assert strongest in mine.get_title(loc="left")
    assert any(line.get_label() == f"as strong as {strongest}" for line in mine.lines)


def test_e_values_of_every_measure():
    assert e_value(2.0, measure="risk_ratio").e_value == pytest.approx(2 + np.sqrt(2))
    assert e_value(0.5, measure="risk_ratio").e_value == pytest.approx(2 + np.sqrt(2))
    assert e_value(1.0, 0.5, 2.0, measure="risk_ratio").e_value == 1.0
    assert e_value(4.0, measure="odds_ratio").risk_ratio == 2.0
    assert e_value(4.0, measure="odds_ratio", rare=True).risk_ratio == 4.0
    assert e_value(2.0, measure="hazard_ratio", rare=True).risk_ratio == 2.0
    fewer = e_value(-0.1, -0.15, -0.05, measure="risk_difference", base_rate=0.2)
    assert (fewer.risk_ratio, fewer.e_value) == pytest.approx((0.5, 2 + np.sqrt(2)))
    assert fewer.e_value_ci == pytest.approx(4 / 3 + np.sqrt(4 / 9))
    assert e_value(1.5, 0.9, 2.0, measure="risk_ratio").e_value_ci == 1.0


def test_e_values_of_counts():
    around = e_value_of_counts((21, 100), (11, 100))
    assert around.e_value == pytest.approx(3.22648879510813) and around.e_value_ci == 1.0
    more, fewer = e_value_of_counts((60, 100), (20, 100)), e_value_of_counts((20, 100), (60, 100))
    assert more.e_value == pytest.approx(fewer.e_value) and more.e_value_ci == pytest.approx(fewer.e_value_ci)
    assert more.risk_ratio == pytest.approx(3) and fewer.risk_ratio == pytest.approx(1 / 3)
    assert 1 < more.e_value_ci < more.e_value
    assert not e_value_of_counts((0, 50), (5, 50))


@pytest.mark.parametrize(
    ("numbers", "options", "error", "said"),
    [
        ((2.0,), {"measure": "risk ratio"}, ConfigError, "Did you mean 'risk_ratio'?"),
        ((2.0,), {"measure": "risk_ratio", "base_rate": 0.2}, ConfigError, "base_rate"),
        ((0.1,), {"measure": "risk_difference"}, ConfigError, "base_rate"),
        ((-2.0,), {"measure": "odds_ratio"}, InputError, "above 0"),
        ((2.0, 2.5, 3.0), {"measure": "risk_ratio"}, InputError, "hold the estimate"),
        ((np.nan,), {"measure": "risk_ratio"}, InputError, "finite"),
        ((0.9,), {"measure": "risk_difference", "base_rate": 0.2}, InputError, "no more than 1"),
        ((0.1,), {"measure": "risk_difference", "base_rate": 1.2}, InputError, "between 0 and 1"),
    ],
)
def test_e_values_refuse_what_they_cannot_use(numbers, options, error, said):
    with pytest.raises(error) as told:
        e_value(*numbers, **options)
    assert said in str(told.value)


def test_counts_that_are_none_are_refused():
    with pytest.raises(InputError, match="whole numbers"):
        e_value_of_counts((30, 20), (1, 10))
    with pytest.raises(ConfigError, match="level"):
        e_value_of_counts((3, 20), (1, 10), level=95)


def test_e_values_in_words_and_figures():
    found = e_value(2.0, 1.2, 3.0, measure="risk_ratio")
    assert "3.41 times" in found.summary() and "1.69 times would do" in found.summary()
    assert "as it is" in e_value(2.0, 0.9, 3.0, measure="risk_ratio").summary()
    assert e_value(2.0, measure="risk_ratio").to_dict()["e_value_ci"] is None
    assert found.table().shape == (1, 4)
    mine = Figure().subplots()
    assert found.plot(mine) is mine
    assert e_value(1.0, measure="risk_ratio").plot().get_title(loc="left")


def test_an_interval_that_reaches_nothing_and_comes_back_has_its_first_tipping_point():
    """Something that explains much of the outcome and little of treatment makes the error small again."""
    coefficient = Coefficient(2.07, 1.0, 50, critical=2.0)
    (row,) = compare_benchmarks(coefficient, [Strength("seen", 0.005, 0.1)]).itertuples()
    limits = {times: coefficient.adjusted(*benchmark(0.005, 0.1, times))[1] for times in (0.5, 4.0, 8.5)}
    assert limits[0.5] > 0 > limits[4.0] and limits[8.5] > 0
    assert 0.5 < row.times_to_ci < 4.0 and row.times_to_zero > 8.5
