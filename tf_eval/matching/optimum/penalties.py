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
    widest = widest_distance(problem)
    moves = 2 if is_plain(problem) else problem.ratio * int(problem.treated.sum())
    return Penalties(first=2 * (moves + 1) * widest, further=(moves + 1) * widest)


def widest_distance(problem: Problem) -> float:
    """Return a distance that no pair exceeds; 1 where all rows stand at one point."""
    place = problem.score[:, None] if problem.position is None else problem.position
    return float(np.linalg.norm(np.ptp(place, axis=0))) or 1.0
