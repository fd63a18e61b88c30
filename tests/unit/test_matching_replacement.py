"""Effects with comparison rows that serve several times: closed forms, bias correction, coverage and refusals."""

import numpy as np
import pytest

from tf_eval.errors import InputError
from tf_eval.matching import Links, abadie_imbens, neighbour_variance


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
