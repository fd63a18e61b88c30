"""The conditional tests and fixed-length intervals against slow, literal readings of the papers."""

from itertools import combinations

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import minimize

from tests.event_study import course_of, decaying, event_study
from tf_eval.did.credibility.conditional import FIRST, accepted, least_favourable
from tf_eval.did.credibility.course import Course
from tf_eval.did.credibility.fixed_length import fixed_length_set, folded_quantile, trace
from tf_eval.did.credibility.restrictions import Restricted, restrict
from tf_eval.did.credibility.vertices import vertices

N_BEFORE, N_AFTER = 3, 3
RESTRICTIONS = ("relative_magnitudes", "smoothness", "combined")
WEIGHTS = {"first": [1, 0, 0], "average": [1 / 3, 1 / 3, 1 / 3], "contrast": [-1, 0, 2]}


def drawn_course(seed: int) -> Course:
    random = np.random.default_rng(seed)
    mixed = random.normal(size=(N_BEFORE + N_AFTER,) * 2)
    covariance = decaying(N_BEFORE + N_AFTER) + 0.002 * mixed @ mixed.T
    return course_of(event_study(random.normal(0, 0.1, N_BEFORE + N_AFTER), covariance, N_BEFORE))


def restricted_to(course: Course, restriction: str, weights: str) -> Restricted:
    return restrict(course, np.r_[np.zeros(course.n_before), WEIGHTS[weights]], restriction)


def every_vertex(moments: np.ndarray, errors: np.ndarray) -> np.ndarray:
    """All vertices of {g >= 0, errors'g = 1, moments'g = 0}, by trying every basis."""
    system = np.column_stack([errors, moments]).T
    found = []
    for basis in combinations(range(len(errors)), len(system)):
        square = system[:, basis]
        if np.linalg.matrix_rank(square) < len(system):
            continue
        solved = np.linalg.solve(square, np.eye(len(system))[0])
        if (solved > -1e-9).all():
            found.append(np.zeros(len(errors)))
            found[-1][list(basis)] = np.maximum(solved, 0)
    return np.array(found)


class Literal:
    """One case of a restriction as moment inequalities ``rows @ effects - limits - nuisance <= 0``."""

    def __init__(self, course: Course, order: int, weights: str, width: np.ndarray | None, bound: float):
        bends = np.diff(np.eye(len(course)), order, axis=0)[course.n_before - order :]
        wide = np.zeros(len(course)) if width is None else bound * width
        self.rows = np.vstack([bends - wide, -bends - wide])
        self.values = self.rows @ course.effects - (bound if width is None else 0.0)
        self.covariance = self.rows @ course.covariance @ self.rows.T
        moved = self.rows[:, course.n_before :]
        # A basis of the effects whose first direction moves the target by 1 and whose others leave it.
        target = np.array(WEIGHTS[weights], dtype=float)
        others = np.linalg.svd(target[None])[2][1:].T
        self.along, self.nuisance = moved @ target / (target @ target), moved @ others
        self.vertices = every_vertex(self.nuisance, np.sqrt(np.diag(self.covariance)))

    def rejects(self, null: float, size: float, limit: float = np.inf) -> bool:
        values = self.values - self.along * null
        forms = self.vertices @ values
        best = self.vertices[forms.argmax()]
        statistic, variance = forms.max(), best @ self.covariance @ best
        if statistic > limit:
            return True
        if statistic <= 0:
            return False
        direction = self.covariance @ best / variance
        rest = values - direction * statistic
        gaps = 1 - self.vertices @ direction
        meets = np.divide(self.vertices @ rest, gaps, out=np.full(len(gaps), np.nan), where=np.abs(gaps) > 1e-9)
        low = np.max(meets[gaps > 1e-9], initial=-np.inf) / np.sqrt(variance)
        high = min(np.min(meets[gaps < -1e-9], initial=np.inf), limit) / np.sqrt(variance)
        return bool(statistic / np.sqrt(variance) > max(0.0, stats.truncnorm.ppf(1 - size, low, high)))


def literal_cases(course: Course, restriction: str, weights: str, bound: float) -> list[Literal]:
    order = 1 if restriction == "relative_magnitudes" else 2
    before = np.diff(np.eye(len(course)), order, axis=0)[: course.n_before - order]
    widths = [None] if restriction == "smoothness" else [*before, *-before]
    return [Literal(course, order, weights, width, bound) for width in widths]


@pytest.mark.parametrize("restriction", RESTRICTIONS)
@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("seed", range(3))
def test_the_four_forms_decide_as_all_vertices_do(restriction, weights, seed):
    course = drawn_course(seed)
    bounds = np.array([0.05, 0.7])
    forms = vertices(restricted_to(course, restriction, weights), course, bounds)
    target = forms.point[0, 0, 0]
    nulls = target + np.linspace(-1.5, 1.5, 41)
    found = accepted(forms, np.tile(nulls, (2, 1)), 0.05)
    for bound, ours in zip(bounds, found, strict=True):
        cases = literal_cases(course, restriction, weights, bound)
        expected = [not all(case.rejects(null, 0.05) for case in cases) for null in nulls]
        assert ours.tolist() == expected


@pytest.mark.parametrize("restriction", RESTRICTIONS)
def test_the_hybrid_decides_as_all_vertices_do(restriction):
    course = drawn_course(5)
    bounds = np.array([0.4])
    forms = vertices(restricted_to(course, restriction, "average"), course, bounds)
    limits = least_favourable(forms, 0.05)
    nulls = forms.point[0, 0, 0] + np.linspace(-3, 3, 41)
    cases = literal_cases(course, restriction, "average", 0.4)
    left = (0.05 - FIRST * 0.05) / (1 - FIRST * 0.05)
    expected = [
        not all(case.rejects(null, left, limit) for case, limit in zip(cases, limits[0], strict=True)) for null in nulls
    ]
    assert accepted(forms, nulls[None], 0.05, limits)[0].tolist() == expected
    assert 0 < sum(expected) < len(nulls)


@pytest.mark.parametrize("restriction", RESTRICTIONS)
def test_the_least_favourable_value_is_exceeded_as_often_as_it_should_be(restriction):
    """By draws: of 40,000 a chance of 0.02 is known to 0.0007, and four times that is allowed."""
    course = drawn_course(6)
    forms = vertices(restricted_to(course, restriction, "contrast"), course, np.array([0.0, 0.5, 3.0]))
    limits = least_favourable(forms, 0.2)
    values = np.random.default_rng(1).multivariate_normal(np.zeros(len(course)), course.covariance, 40_000)
    for place, bound in enumerate([0.0, 0.5, 3.0]):
        for case, limit in zip(literal_cases(course, restriction, "contrast", bound), limits[place], strict=True):
            largest = (values @ case.rows.T @ case.vertices.T).max(axis=1)
            assert (largest > limit).mean() == pytest.approx(FIRST * 0.2, abs=0.0028)


def test_the_fixed_length_interval_is_the_shortest_of_all_weights():
    for seed, bound in ((1, 0.0), (2, 0.03), (3, 0.1), (4, 1.0)):
        course = drawn_course(seed)
        restricted = restricted_to(course, "smoothness", "average")

        def half(weights, bound=bound, course=course, restricted=restricted):
            bias = bound * (restricted.reach + np.abs(weights).sum())
            error = np.sqrt(course.variance(restricted.target + weights @ restricted.before))
            return error * folded_quantile(np.array(bias / error), 0.95)

        starts = [np.zeros(2), np.array([0.5, 1.0]), np.array([1.0, 2.0])]
        best = min(minimize(half, start, method="Nelder-Mead", tol=1e-10).fun for start in starts)
        low, high = fixed_length_set(trace(restricted, course), bound, 0.05)
        assert (high - low) / 2 == pytest.approx(best, rel=1e-6)


def test_the_folded_quantile_is_that_of_its_distribution():
    means = np.array([0.0, 0.1, 1.0, 4.0, 30.0, 1e4])
    found = folded_quantile(means, 0.9)
    np.testing.assert_allclose(stats.norm.cdf(found - means) - stats.norm.cdf(-found - means), 0.9, atol=1e-10)
