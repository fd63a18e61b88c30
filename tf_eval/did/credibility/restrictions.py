"""What a violation of parallel trends may look like after treatment, given what it looked like before.

Rambachan and Roth (2023, Review of Economic Studies 90, section 2.3). The violation, the difference in trends, changes
from step to step; its *bends* are these changes (``relative_magnitudes``) or the changes of these changes
(``smoothness``, ``combined``). After treatment no bend may exceed a bound: a number for ``smoothness``, else a multiple
of the largest bend before treatment.
"""

from dataclasses import dataclass

import numpy as np

from tf_eval.did.credibility.course import Course

ORDER = {"relative_magnitudes": 1, "smoothness": 2, "combined": 2}


@dataclass(frozen=True, eq=False)
class Restricted:
    """A target and the bends on which it rests, each as a row of weights on the effects of the course.

    ``target`` is the effect had there been no bend after treatment: with all bends b after treatment it is
    ``target - slopes @ b``. ``after`` are those bends as they stand in the effects, and ``before`` those before
    treatment. ``relative`` says whether the latter set the bound.
    """

    target: np.ndarray
    slopes: np.ndarray
    after: np.ndarray
    before: np.ndarray
    relative: bool

    @property
    def reach(self) -> float:
        """How far the target moves if every bend after treatment is 1, at worst."""
        return float(np.abs(self.slopes).sum())


def restrict(course: Course, weights: np.ndarray, restriction: str) -> Restricted:
    """Return the target ``weights`` (one per effect of the course) under a restriction; see the head of the file."""
    order = ORDER[restriction]
    bends = np.diff(np.eye(len(course)), order, axis=0)
    split = course.n_before - order
    slopes = weights[course.n_before :]
    for _ in range(order):
        slopes = np.cumsum(slopes[::-1])[::-1]
    return Restricted(
        target=slopes @ bends[split:],
        slopes=slopes,
        after=bends[split:],
        before=bends[:split],
        relative=restriction != "smoothness",
    )


def shortage(course: Course, restriction: str) -> str | None:
    """Say what is missing before treatment for a restriction to have a meaning, if anything is."""
    needed = {"relative_magnitudes": 2, "smoothness": 2, "combined": 3}[restriction]
    if course.n_before >= needed:
        return None
    return f"{restriction} needs {needed} periods before treatment in a row, and there are {course.n_before}"
