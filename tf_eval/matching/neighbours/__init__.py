"""Where a treated row's nearest comparison rows are found: along the score, within a window of it, or in space."""

from tf_eval.matching.line import Line
from tf_eval.matching.neighbours.along_score import AlongScore
from tf_eval.matching.neighbours.in_space import InSpace
from tf_eval.matching.neighbours.in_window import InWindow
from tf_eval.matching.neighbours.pool import Pool
from tf_eval.matching.problem import Problem


def open_pool(problem: Problem, line: Line) -> Pool:
    """Return the pool of all comparison rows that suits the problem's distance."""
    if problem.position is None:
        return AlongScore(problem, line)
    return InSpace(problem, line) if problem.caliper == float("inf") else InWindow(problem, line)


__all__ = ["Pool", "open_pool"]
