"""Errors that know that weights were estimated: against all equations at once, and where weights are taken as known."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import root
from scipy.special import expit

from tests.accepted import accepted
from tf_eval.matching import compare_arms, estimate_effect, match, match_arms

LEARNT, KNOWN = "knows that the weights were estimated", "weights are taken as known"
ON, DIFF = ["need", "trouble"], "difference"


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    random = np.random.default_rng(11)
    need = random.normal(size=(240, 2))
    treated = random.random(240) < 1 / (1 + np.exp(0.8 - need @ [0.5, 0.3]))
    outcome = need @ [2.0, 1.0] + treated * (1 + need[:, 0]) + random.normal(size=240)
    columns = {"started": treated, "need": need[:, 0], "trouble": need[:, 1], "incidents": outcome}
    frame = pd.DataFrame(columns).assign(district=np.arange(240) % 2)
    return frame.assign(pair=frame.groupby("started").cumcount() // 2 + 1_000 * treated)


def effect_of(frame, way: str, method: str = "difference", **options):
    asked = {"on": ON, "treated": "started", "method": way, **options}
    return estimate_effect(accepted(match(frame, **asked)), "incidents", method=method)


ODDS = {
    "att": lambda treated, chance: np.where(treated, 1, chance / (1 - chance)),
    "atc": lambda treated, chance: np.where(treated, (1 - chance) / chance, 1),
    "ate": lambda treated, chance: np.where(treated, 1 / chance, 1 / (1 - chance)),
    "ato": lambda treated, chance: np.where(treated, 1 - chance, chance),
}


def stacked_error(frame: pd.DataFrame, estimand: str, balancing: bool, cluster: np.ndarray) -> float:
    """The sandwich of all equations at once, those of the score and those of both means, by numerical derivatives."""
    treated, outcome = frame["started"].to_numpy(), frame["incidents"].to_numpy()
    columns = np.column_stack([np.ones(len(frame)), frame[ON]])

    def equations(point: np.ndarray) -> np.ndarray:
        chance = expit(columns @ point[:3])
        weight = ODDS[estimand](treated, chance)
        apart = np.where(treated, 1.0, -weight) if balancing else treated - chance
        means = [
            weight * (treated == arm) * (outcome - mean) for arm, mean in zip((True, False), point[3:], strict=True)
        ]
        return np.column_stack([columns * apart[:, None], *means])

    point = root(lambda point: equations(point).sum(axis=0), np.append(np.zeros(3), [0, 0]), tol=1e-12).x
    steps = 1e-5 * np.eye(5)
    slopes = np.column_stack([(equations(point + s) - equations(point - s)).sum(axis=0) / 2e-5 for s in steps])
    influence = equations(point) @ np.linalg.inv(slopes).T @ [0, 0, 0, 1, -1]
    return float(np.sqrt((np.bincount(cluster, influence) ** 2).sum()))


@pytest.mark.parametrize(
    ("way", "options"),
    [
        ("inverse_probability", {}),
        ("inverse_probability", {"estimand": "ate"}),
        ("inverse_probability", {"estimand": "atc"}),
        ("overlap", {}),
        ("entropy_balancing", {}),
        ("covariate_balancing", {"unit": "pair"}),
    ],
)
def test_error_is_that_of_all_equations_at_once(frame, way, options):
    cluster = frame.groupby("pair").ngroup().to_numpy() if "unit" in options else np.arange(len(frame))
    matched = accepted(match(frame, on=ON, treated="started", method=way, **options))
    slow = stacked_error(frame, matched.design.estimand, way.endswith("balancing"), cluster)
    found = estimate_effect(matched, "incidents", correction="CR1")
    clusters, rows = len(set(cluster)), len(frame)
    factor = np.sqrt(clusters / (clusters - 1) * (rows - 1) / (rows - 2))
    # Central differences are right to about 1e-9; the fits stop where weights are right to 1e-7 or better.
    assert found.std_error / factor == pytest.approx(slow, rel=1e-6)
    assert any(LEARNT in note for note in found.notes)


@pytest.mark.parametrize("estimand", ["att", "ate", "atc"])
def test_subclasses_are_strata_whose_shares_were_estimated(frame, estimand):
    """Within each set the spread of each arm, and between sets how far their effects differ over those asked about."""
    matched = accepted(match(frame, on=ON, treated="started", method="subclassification", estimand=estimand))
    found = estimate_effect(matched, "incidents", correction="CR1")
    rows = matched.frame
    asked = {"att": rows["started"], "ate": rows["started"] >= 0, "atc": ~rows["started"]}[estimand]
    gaps, shares, variance = {}, asked.groupby(rows["set_id"]).sum() / asked.sum(), 0.0
    for code, own in rows.groupby("set_id"):
        means = own.groupby("started")["incidents"].mean()
        gaps[code] = means[True] - means[False]
    effect = sum(shares[code] * gap for code, gap in gaps.items())
    for code, own in rows.groupby("set_id"):
        for arm, sign in ((True, 1), (False, -1)):
            part = own.loc[own["started"] == arm, "incidents"]
            between = (gaps[code] - effect) / asked.sum() * asked[part.index]
            variance += ((sign * shares[code] * (part - part.mean()) / len(part) + between) ** 2).sum()
    assert found.estimate == pytest.approx(effect, rel=1e-9)
    assert found.std_error == pytest.approx(np.sqrt(variance * len(rows) / (len(rows) - 2)), rel=1e-9)
    assert found.design.cluster == "row"


def test_subclasses_with_too_few_rows_of_an_arm_are_clusters(frame):
    few = pd.concat([frame[frame["started"]].iloc[:24], frame[~frame["started"]]])
    matched = accepted(match(few, on=ON, treated="started", method="subclassification"))
    assert matched.frame.groupby("set_id")["started"].sum().min() < 5
    assert estimate_effect(matched, "incidents").design.cluster == "set"


@pytest.mark.parametrize("method", ["regression", "g_computation"])
def test_under_overlap_weights_covariates_change_neither_the_estimate_nor_its_error(frame, method):
    """They are balanced exactly in these rows and in any others, so that all three are one and the same."""
    matched = accepted(match(frame, on=ON, treated="started", method="overlap"))
    difference, modelled = (estimate_effect(matched, "incidents", method=m, correction="CR1") for m in (DIFF, method))
    rows, columns = len(frame), {"regression": 4, "g_computation": 6}[method]
    assert modelled.estimate == pytest.approx(difference.estimate, rel=1e-8)
    factor = np.sqrt((rows - 2) / (rows - columns))  # CR1's, for more coefficients
    assert modelled.std_error == pytest.approx(difference.std_error * factor, rel=1e-6)


def test_entropy_balancing_has_the_error_of_the_regression_on_what_it_balances(frame):
    matched = accepted(match(frame, on=ON, treated="started", method="entropy_balancing"))
    methods = (DIFF, "regression")
    difference, modelled = (estimate_effect(matched, "incidents", method=m, correction="CR1") for m in methods)
    assert modelled.estimate == pytest.approx(difference.estimate, rel=1e-8)
    factor = np.sqrt((len(frame) - 2) / (len(frame) - 4))
    assert modelled.std_error == pytest.approx(difference.std_error * factor, rel=1e-6)


@pytest.mark.parametrize(
    ("way", "options"),
    [
        ("inverse_probability", {"exact": "district"}),
        ("overlap", {"risk_set": "district"}),
        ("overlap", {"penalty": 5.0}),
        ("overlap", {"score_model": "gradient_boosting"}),
        ("inverse_probability", {"folds": 3}),
        ("inverse_probability", {"score": "trouble"}),
        ("inverse_probability", {"common_support": "both"}),
        ("entropy_balancing", {"moments": 2}),
        ("stable_balancing", {}),
        ("profile", {}),
    ],
)
def test_weights_that_do_not_follow_from_one_plain_fit_are_taken_as_known(frame, way, options):
    notes = effect_of(frame, way, **options).notes
    assert any(KNOWN in note for note in notes)
    assert not any(LEARNT in note for note in notes)


def test_the_order_of_rows_does_not_matter(frame):
    shuffled = frame.sample(frac=1, random_state=1)
    found, again = (effect_of(rows, "overlap", "regression") for rows in (frame, shuffled))
    assert again.std_error == pytest.approx(found.std_error, rel=1e-9)


@pytest.mark.parametrize("way", ["full", "inverse_probability"])
@pytest.mark.parametrize("estimand", ["att", "ate", "atc"])
def test_g_computation_averages_over_those_asked_about(frame, way, estimand):
    matched = accepted(match(frame, on=ON, treated="started", method=way, estimand=estimand))
    rows = matched.frame.assign(one=1.0)
    asked = {"att": rows["started"], "ate": rows["one"] > 0, "atc": ~rows["started"]}[estimand]
    predicted = []
    for _, arm in rows.groupby("started"):
        scale = np.sqrt(arm["weight"].to_numpy())
        slopes = np.linalg.lstsq(arm[["one", *ON]] * scale[:, None], arm["incidents"] * scale, rcond=None)[0]
        predicted.append((rows.loc[asked, ["one", *ON]] @ slopes).mean())
    effect = estimate_effect(matched, "incidents", method="g_computation")
    assert effect.estimate == pytest.approx(predicted[1] - predicted[0], rel=1e-8)


def test_of_three_arms_g_computation_averages_over_those_asked_about_whichever_two_are_compared():
    """The arms' own linear laws at the mean of the first arm, to which all are weighted."""
    random = np.random.default_rng(2)
    arm, need = random.integers(0, 3, 900), random.normal(size=900)
    need[arm == 0] += 0.5
    outcome = need * (1 + arm) + arm + 0.1 * random.normal(size=900)
    frame = pd.DataFrame({"arm": np.array(["a", "b", "c"])[arm], "need": need, "incidents": outcome})
    matched = accepted(match_arms(frame, arm="arm", on="need", reference="a", method="inverse_probability"))
    found = compare_arms(matched, "incidents", method="g_computation").effects
    mean = need[arm == 0].mean()
    # Weights bring the mean of another arm, which is 0.5 lower, within a few hundredths of that of the first.
    for pair in (("a", "b"), ("b", "c")):
        assert abs(found[pair].estimate) == pytest.approx(1 + mean, abs=0.1)
