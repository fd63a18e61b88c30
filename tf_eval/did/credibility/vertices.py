"""The linear programme behind the conditional tests, solved by hand.

Andrews, Roth and Pakes (2023, Review of Economic Studies 90) test whether some path of effects with a given target
obeys moment inequalities: the statistic is the largest of a linear form over the vertices of a polytope. Their software
solves a programme for every null value, and more for every draw. With the moments about what came after treatment
alone (the reference implementation's default) there is one box constraint per period, ``-w <= bend <= w``, and the
polytope has few vertices, known beforehand:

- all upper constraints that hold the target from below, and their mirror image: the target exceeds its null by more
  than the width allows, or falls short of it by more;
- the two constraints of one period: the width is negative. Of these only the one with the largest and the one with the
  smallest weight can ever be the largest.

All four are forms of two numbers, the target and the width, so that a covariance of two by two says all.
"""

from dataclasses import dataclass

import numpy as np

from tf_eval.did.credibility.course import Course
from tf_eval.did.credibility.restrictions import Restricted

FORMS = 4


@dataclass(frozen=True, eq=False)
class Vertices:
    """For each bound and case: target and width, their covariance, and the weights of the four forms on them.

    A case names the bend before treatment that is the largest, and its sign; for a width that is a given number there
    is one. Shapes: ``point`` bounds x cases x 2, ``covariance`` bounds x cases x 2 x 2, ``forms`` bounds x cases x 4 x
    2. The first two forms are those of the target, up and down.
    """

    point: np.ndarray
    covariance: np.ndarray
    forms: np.ndarray

    @property
    def products(self) -> np.ndarray:
        """The covariance of the forms, bounds x cases x 4 x 4."""
        return self.forms @ self.covariance @ np.swapaxes(self.forms, -1, -2)

    def values(self, nulls: np.ndarray) -> np.ndarray:
        """Return the forms at null values (bounds x nulls) of the target: bounds x cases x 4 x nulls."""
        still = np.einsum("...fi,...i->...f", self.forms, self.point)
        return still[..., None] - self.forms[..., :1] * nulls[:, None, None, :]


def vertices(restricted: Restricted, course: Course, bounds: np.ndarray) -> Vertices:
    """Return the forms for each of ``bounds`` and each case."""
    widths = np.vstack([restricted.before, -restricted.before]) if restricted.relative else np.zeros((1, len(course)))
    level = widths @ course.effects if restricted.relative else np.ones(1)
    point = np.empty((len(bounds), len(widths), 2))
    point[..., 0] = restricted.target @ course.effects
    point[..., 1] = bounds[:, None] * level
    covariance = _covariance(restricted.target, widths, course, bounds)
    errors = _errors(restricted.after, widths, course, bounds)
    return Vertices(point, covariance, _forms(restricted, errors))


def _covariance(target: np.ndarray, widths: np.ndarray, course: Course, bounds: np.ndarray) -> np.ndarray:
    """Return the covariance of target and width for each bound and case."""
    covariance = np.empty((len(bounds), len(widths), 2, 2))
    covariance[..., 0, 0] = course.variance(target)
    covariance[..., 0, 1] = covariance[..., 1, 0] = bounds[:, None] * (widths @ course.covariance @ target)
    covariance[..., 1, 1] = bounds[:, None] ** 2 * course.variance(widths)
    return covariance


def _errors(after: np.ndarray, widths: np.ndarray, course: Course, bounds: np.ndarray) -> np.ndarray:
    """Return the errors of both constraints on each bend: upper and lower x bounds x cases x bends."""
    bound = bounds[:, None, None]
    fixed = course.variance(after) + bound**2 * course.variance(widths)[:, None]
    shared = 2 * bound * (widths @ course.covariance @ after.T)
    return np.sqrt(np.maximum([fixed - shared, fixed + shared], 0.0))


def _forms(restricted: Restricted, errors: np.ndarray) -> np.ndarray:
    """Return the weights of the forms on target and width, from the errors of the constraints."""
    slopes, rising = np.abs(restricted.slopes), restricted.slopes > 0
    upper = 1 / (slopes * np.where(rising, errors[0], errors[1])).sum(axis=-1)
    lower = 1 / (slopes * np.where(rising, errors[1], errors[0])).sum(axis=-1)
    pairs = 2 / errors.sum(axis=0)
    reach = restricted.reach
    forms = [(upper, -reach * upper), (-lower, -reach * lower)]
    forms += [(0 * upper, -pairs.min(axis=-1)), (0 * upper, -pairs.max(axis=-1))]
    return np.stack([np.stack(form, axis=-1) for form in forms], axis=-2)
