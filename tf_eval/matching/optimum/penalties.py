"""What it costs to leave a treated row without: more than any saving of distance."""

from typing import NamedTuple

import numpy as np

from tf_eval.matching.optimum.candidates import is_plain
from tf_eval.matching.problem import Problem


class Penalties(NamedTuple):
    """Costs in units of distance: of a treated row without a first comparison row, and of each further one it lacks."""

    first: float
    further: float


def penalties(problem: Problem) -> Penalties:
    """Return penalties so large that as many treated rows as can be are matched, then as many pairs made.

    To match one more, others may have to move. Along a line they all move in one direction, and so by no more than its
    length together, besides the distance of the new pair; in general each of them by no more than the widest distance.
    """
    if is_plain(problem):
        total = 3 * (float(np.ptp(problem.score)) or 1.0)
    else:
        total = (int(problem.wanted.sum()) + 1) * widest_distance(problem)
    return Penalties(first=2 * total, further=total)


def widest_distance(problem: Problem) -> float:
    """Return a distance that no pair exceeds; 1 where all rows stand at one point."""
    if problem.position is None:
        return min(float(np.ptp(problem.score)), problem.caliper) or 1.0
    return float(np.linalg.norm(np.ptp(problem.position, axis=0))) or 1.0
