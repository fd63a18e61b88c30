"""Robust confidence sets by inverting the conditional tests, for many bounds at once."""

from collections.abc import Callable

import numpy as np

from tf_eval.did.credibility.conditional import accepted, least_favourable
from tf_eval.did.credibility.course import Course
from tf_eval.did.credibility.restrictions import Restricted
from tf_eval.did.credibility.vertices import Vertices, vertices

# How many null values are tested between the identified set and where nothing can be accepted, before the last
# one that is accepted is found to the digit.
STEPS = 200
# How many errors beyond the identified set null values are tried.
OUT = 12.0
# Then the gap between the last that is accepted and the next is cut into so many, so often.
CUTS, ROUNDS = 16, 6


def identified_sets(restricted: Restricted, course: Course, bounds: np.ndarray) -> np.ndarray:
    """Return the ends (bounds x 2) of the targets that the restriction allows, had the effects no error.

    Missing where the effects before treatment break the bound themselves.
    """
    seen = np.abs(restricted.before @ course.effects).max(initial=0.0)
    width = bounds * restricted.reach * (seen if restricted.relative else 1.0)
    width = np.where(restricted.relative | (seen <= bounds), width, np.nan)
    return restricted.target @ course.effects + np.array([-width, width]).T


def robust_sets(restricted: Restricted, course: Course, bounds: np.ndarray, size: float, hybrid: bool) -> np.ndarray:
    """Return the outermost null values (bounds x 2) that the test accepts."""
    forms = vertices(restricted, course, bounds)
    critical = least_favourable(forms, size) if hybrid else None

    def holds(nulls: np.ndarray) -> np.ndarray:
        return accepted(forms, nulls, size, critical)

    return np.column_stack([_outermost(holds, *_searched(forms, side)) for side in (-1, 1)])


def zero_excluded(restricted: Restricted, course: Course, bounds: np.ndarray, size: float, hybrid: bool) -> np.ndarray:
    """Say of each bound whether a target of 0 is rejected."""
    forms = vertices(restricted, course, bounds)
    critical = least_favourable(forms, size) if hybrid else None
    return ~accepted(forms, np.zeros((len(bounds), 1)), size, critical)[:, 0]


def _searched(forms: Vertices, side: int) -> tuple[np.ndarray, np.ndarray]:
    """Return, for each bound, a null value that is accepted and one so far out on a side that none is."""
    target, width = forms.point[:, 0, 0], forms.point[..., 1]
    reach = -forms.forms[..., 0, 1] / forms.forms[..., 0, 0]
    out = np.array([side, reach[0, 0]])
    error = np.sqrt(np.maximum(np.einsum("i,...ij,j->...", out, forms.covariance, out), 0.0))
    inner = (reach * np.maximum(width, 0.0)).max(axis=1)
    return target + side * inner, target + side * (inner + OUT * error.max(axis=1))


def _outermost(holds: Callable[[np.ndarray], np.ndarray], inner: np.ndarray, outer: np.ndarray) -> np.ndarray:
    """Return the null value farthest towards ``outer`` that holds, for each bound."""
    for steps in (STEPS, *[CUTS] * ROUNDS):
        nulls = inner[:, None] + (outer - inner)[:, None] * np.linspace(0.0, 1.0, steps)
        held = holds(nulls)
        held[:, 0] = True
        last = steps - 1 - held[:, ::-1].argmax(axis=1)
        rows = np.arange(len(inner))
        inner, outer = nulls[rows, last], nulls[rows, np.minimum(last + 1, steps - 1)]
    return inner
