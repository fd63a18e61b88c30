"""Effects with comparison rows that serve several times: closed forms, bias correction, coverage and refusals."""

import numpy as np
import pandas as pd
import pytest

from tests.accepted import accepted
from tf_eval.errors import ConfigError, InputError, NotEstimated
from tf_eval.matching import (
    Links,
    abadie_imbens,
    estimate_effect,
    match,
    neighbour_variance,
    rosenbaum_bounds,
    tipping_point,
)


def links(*triples) -> Links:
    treated, compared, weight = (np.array(part) for part in zip(*triples, strict=True))
    return Links(treated, compared, weight.astype(float))


def test_without_reuse_the_error_is_that_of_the_differences():
    outcome = np.array([5.0, 4.0, 9.0, 1.0, 3.0, 2.0])
    found = abadie_imbens(outcome, links((0, 3, 1), (1, 4, 1), (2, 5, 1)))
    differences = np.array([4.0, 1.0, 7.0])
    assert found.estimate == pytest.approx(4.0)
    assert found.std_error == pytest.approx(differences.std() / np.sqrt(3))


def test_a_comparison_row_that_serves_twice_carries_its_own_error_twice():
    outcome, variance = np.array([5.0, 7.0, 1.0]), np.array([0.0, 0.0, 3.0])
    found = abadie_imbens(outcome, links((0, 2, 1), (1, 2, 1)), row_variance=variance)
    # Effects 4 and 6 scatter by 2; the row's squared use is 4, of which 2 show in the scatter already.
    assert found.std_error == pytest.approx(np.sqrt(2 + 3 * (4 - 2)) / 2)


def test_bias_correction_takes_off_what_a_line_explains():
    random = np.random.default_rng(0)
    covariates = random.normal(size=(40, 2))
    outcome = covariates @ [2.0, -1.0] + np.where(np.arange(40) < 10, 3.0, 0.0)
    drawn = links(*((row, int(random.integers(10, 40)), 1) for row in range(10)))
    assert abadie_imbens(outcome, drawn).estimate != pytest.approx(3.0, abs=0.1)
    assert abadie_imbens(outcome, drawn, covariates=covariates).estimate == pytest.approx(3.0)


def test_neighbours_show_the_variance_of_a_row():
    outcome = np.array([1.0, 2.0, 6.0])
    found = neighbour_variance(outcome, np.array([[1], [0], [1]]))
    assert found == pytest.approx([0.5, 0.5, 8.0])
    assert neighbour_variance(outcome, np.array([[1, 2], [0, 2], [0, 1]]))[0] == pytest.approx(2 / 3 * 9)


def test_intervals_cover_the_truth_where_rows_are_used_often():
    """Sixty treated rows share twenty comparison rows: the error without the reuse would be far too small."""
    random = np.random.default_rng(5)
    covered = ignored = 0
    for _ in range(400):
        score = random.random(80)
        treated = np.arange(80) < 60
        outcome = score + random.normal(size=80)
        nearest = 60 + np.abs(score[:60, None] - score[60:]).argmin(axis=1)
        found = abadie_imbens(outcome, Links(np.arange(60), nearest, np.ones(60)))
        covered += abs(found.estimate) < 1.96 * found.std_error
        ignored += abs(found.estimate) < 1.96 * (outcome[treated] - outcome[nearest]).std() / np.sqrt(60)
    # Monte-Carlo error of a share of 0.95 over 400 draws is 0.011.
    assert covered / 400 > 0.95 - 0.033 > ignored / 400


@pytest.mark.parametrize(
    ("triples", "options", "said"),
    [
        (((0, 2, 0.5), (1, 3, 1)), {}, "sum to 1"),
        (((0, 1, 1), (1, 2, 1)), {}, "both treated and compared"),
        (((0, 9, 1),), {}, "does not have"),
        (((0, 2, 1),), {"covariates": np.ones((3, 1))}, "one row for each outcome"),
        (((0, 2, 1),), {"row_variance": np.ones(3)}, "one number for each outcome"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(triples, options, said):
    with pytest.raises(InputError, match=said):
        abadie_imbens(np.arange(4.0), links(*triples), **options)


def test_links_of_unequal_length_are_refused():
    with pytest.raises(InputError, match="as many"):
        abadie_imbens(np.arange(4.0), Links(np.array([0]), np.array([1, 2]), np.array([1.0])))


# Both treated rows stand nearest to c; d is far away.
SHARED = pd.DataFrame(
    {"started": [1, 0, 1, 0], "need": [1.0, 1.1, 1.3, 9.0], "incidents": [5.0, 1.0, 7.0, 40.0]}, index=list("AcBd")
)


def reused(rows: pd.DataFrame = SHARED, **asked):
    return accepted(match(rows, on="need", score="need", treated="started", reuse=True, **asked))


@pytest.fixture
def many() -> pd.DataFrame:
    random = np.random.default_rng(7)
    rows = pd.DataFrame({"started": np.arange(90) < 50, "need": random.normal(size=90), "age": random.normal(size=90)})
    return rows.assign(
        district=random.choice(["north", "south", "west"], 90),
        incidents=rows["need"] + 2 * rows["started"] + random.normal(size=90),
    ).sample(frac=1, random_state=2)


def test_the_effect_of_a_match_with_reuse():
    """Differences of 4 and 6: they scatter by 2, and c, which serves twice, carries 0.5 (4 - 2)."""
    found = estimate_effect(reused(), "incidents", method="abadie_imbens")
    assert (found.estimate, found.counterfactual_mean) == pytest.approx((5.0, 1.0))
    assert found.std_error == pytest.approx(np.sqrt(2 + 0.5 * (4 - 2)) / 2)
    assert found.ci_high == pytest.approx(5 + 1.959964 * found.std_error)
    assert (found.n_treated, found.n_comparison, found.n_sets) == (2, 1, 2)
    assert found.design.cluster is None and found.to_dict()["degrees_of_freedom"] is None


@pytest.mark.parametrize("reuse", [True, False])
@pytest.mark.parametrize("covariates", [(), ("need", "district")])
def test_the_links_are_those_of_the_nearest_rows(many, reuse, covariates):
    ratio, width = (3, 0.3) if reuse else (1, 0.2)
    found = match(many, on="need", score="need", treated="started", reuse=reuse, ratio=ratio, caliper=width)
    place, code = found.members
    kept, is_treated = accepted(found).frame, found.frame["started"].to_numpy()
    triples, sizes = [], []
    for one in np.unique(code):
        own = place[code == one]
        (first,), others = own[is_treated[own]], own[~is_treated[own]]
        far = np.abs(kept["need"] - kept["need"].iloc[first])[~is_treated].sort_values()
        if reuse:
            assert set(kept.index[others]) == set(far[far <= width * many["need"].std()].index[:3])
        sizes.append(len(others))
        triples += [(first, other, 1 / len(others)) for other in others]
    assert len(set(sizes)) == (2 if reuse else 1)
    values = pd.get_dummies(kept[list(covariates)], drop_first=True, dtype=float).to_numpy() if covariates else None
    known = abadie_imbens(kept["incidents"].to_numpy(), links(*triples), covariates=values)
    ours = estimate_effect(accepted(found), "incidents", method="abadie_imbens", covariates=covariates)
    assert (ours.estimate, ours.std_error) == pytest.approx((known.estimate, known.std_error), rel=1e-9)
    assert ours.design.covariates == covariates


def test_where_no_row_serves_twice_the_difference_has_nearly_the_same_error(many):
    pairs = accepted(match(many, on="need", treated="started"))
    by_set, by_links = (estimate_effect(pairs, "incidents", method=name) for name in ("difference", "abadie_imbens"))
    sets = by_set.n_sets
    assert by_links.estimate == pytest.approx(by_set.estimate)
    assert by_links.std_error == pytest.approx(by_set.std_error * np.sqrt((sets - 1) / sets))


def test_weights_of_rows_that_serve_again_are_said_to_be_known(many):
    difference = estimate_effect(reused(many), "incidents")
    assert difference.estimate == pytest.approx(
        estimate_effect(reused(many), "incidents", method="abadie_imbens").estimate
    )
    assert difference.design.cluster == "row"
    assert "as a rule it is too large. Method 'abadie_imbens' knows the sets" in difference.summary()
    assert "serve in several sets" in tipping_point(reused(many), "incidents").summary()


def test_what_needs_rows_that_serve_once_refuses_others(many):
    with pytest.raises(ConfigError, match="match without reuse, or see tipping_point"):
        rosenbaum_bounds(reused(many), "incidents", alternative="higher")
    with pytest.raises(ConfigError, match="sets in which no row serves twice"):
        estimate_effect(reused(many), "incidents", method="randomisation", seed=1)


@pytest.mark.parametrize("method", ["full", "subclassification", "entropy_balancing"])
def test_links_need_one_treated_row_in_each_set(many, method):
    found = accepted(match(many, on="need", treated="started", method=method))
    with pytest.raises(ConfigError, match="needs sets with one treated row each"):
        estimate_effect(found, "incidents", method="abadie_imbens")


def test_links_take_no_clusters_and_say_when_units_repeat(many):
    with pytest.raises(ConfigError, match="takes neither cluster nor correction: its error is made of the sets"):
        estimate_effect(reused(many), "incidents", method="abadie_imbens", cluster="row")
    twice = many.assign(family=np.arange(90) // 2, month=np.arange(90) % 2)
    found = reused(twice, unit="family", risk_set="month")
    assert "for those of strangers" in estimate_effect(found, "incidents", method="abadie_imbens").summary()


def test_links_that_are_too_few_are_not_estimated(many):
    alone = pd.concat([many[many["started"]].iloc[:1], many[~many["started"]]])
    assert "one set" in estimate_effect(reused(alone), "incidents", method="abadie_imbens").reason
    flat = estimate_effect(reused(many.assign(incidents=1.0)), "incidents", method="abadie_imbens")
    assert isinstance(flat, NotEstimated) and "the same" in flat.reason
    corrected = estimate_effect(reused(), "incidents", method="abadie_imbens", covariates="need")
    assert "too few" in corrected.reason
