"""The comparison rows that are still free, by their places in the line."""

from abc import ABC, abstractmethod
from collections.abc import Callable

import numpy as np

from tf_eval.matching.line import Line
from tf_eval.matching.problem import Problem
from tf_eval.matching.reading.codes import order_of


class Pool(ABC):
    """What every pool can do; each kind finds the nearest places in its own way.

    Args:
        problem: the problem.
        line: its comparison rows in a line.
    """

    def __init__(self, problem: Problem, line: Line) -> None:
        self.problem, self.line = problem, line
        self.is_free = np.ones(len(line.rows), dtype=bool)
        self.places_of = _places_of_unit(problem, line)  # all that the unit at a place holds: they leave together

    @abstractmethod
    def nearest(self, row: int, count: int = 1) -> list[tuple[float, int]]:
        """Return the nearest free places that may serve a treated row, at most ``count``, each with its distance."""

    def take(self, place: int) -> None:
        """Take a place, and with it every place of the same unit."""
        for gone in self.places_of(place):
            self.close(gone)

    def close(self, place: int) -> None:
        """Offer a place to nobody any more."""
        self.is_free[place] = False

    def serves(self, row: int, place: int) -> bool:
        """Whether a place is free, and may serve a treated row."""
        line, problem = self.line, self.problem
        return (
            self.is_free[place]
            and line.stratum[place] == problem.stratum[row]
            and abs(line.score[place] - problem.score[row]) <= problem.caliper
            and bool(self.allowed(row, np.array([place]))[0])
        )

    def allowed(self, row: int, places: np.ndarray) -> np.ndarray:
        """Return of which places the covariates keep their calipers to a treated row, and differ where they must."""
        return problem_allows(self.problem, row, self.line.rows[places])


def problem_allows(problem: Problem, row: int | np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return which of the other rows keep the covariates' calipers to a row, and differ from it where they must.

    One answer for each of the others, or of several rows by others.
    """
    near = (np.abs(problem.near[others] - problem.near[row][..., None, :]) <= problem.widest).all(axis=-1)
    return near & (problem.apart[others] != problem.apart[row][..., None, :]).all(axis=-1)


def _places_of_unit(problem: Problem, line: Line) -> Callable[[int], list[int]]:
    """Return the function from a place to all places held by the same unit."""
    unit = problem.unit[line.rows]
    held = np.bincount(unit)
    if held.max(initial=0) <= 1:
        return lambda place: [place]
    by_unit = order_of(unit)
    last = np.cumsum(held)
    first, last = (last - held)[unit].tolist(), last[unit].tolist()
    places = by_unit.tolist()
    return lambda place: places[first[place] : last[place]]
