"""Comparison rows in a line, sorted by stratum and score, from which the nearest free one is taken."""

from dataclasses import dataclass
from typing import Self

import numpy as np


@dataclass(frozen=True, eq=False)
class Line:
    """The sorted line, and where each row of the problem stands in it.

    rows      row of the problem at each place of the line
    score     its score; stratum: its stratum
    place     for each row of the problem, how many comparison rows stand before it
    """

    rows: np.ndarray
    score: np.ndarray
    stratum: np.ndarray
    place: np.ndarray

    @classmethod
    def of(cls, treated: np.ndarray, score: np.ndarray, stratum: np.ndarray) -> Self:
        """Sort once, by stratum and score; treated rows stand before comparison rows of the same score.

        The arrays have one entry for each row of the problem.
        """
        order = np.lexsort((~treated, score, stratum))
        compared = ~treated[order]
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.cumsum(compared) - compared
        rows = order[compared]
        return cls(rows, score[rows], stratum[rows], place)

    def windows(self, stratum: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the first place in each stratum whose score is ``low`` or more, and the one after that of ``high``."""
        places = lexical(self.stratum, self.score)
        first = np.searchsorted(places, lexical(stratum, low))
        return first, np.searchsorted(places, lexical(stratum, high), side="right")

    def nearest_distance(self, stratum: np.ndarray, score: np.ndarray, place: np.ndarray) -> np.ndarray:
        """Return how far the nearest comparison row, free or not, is from rows that stand at ``place``."""
        return np.minimum(*(self._distance(stratum, score, beside) for beside in (place - 1, place)))

    def _distance(self, stratum: np.ndarray, score: np.ndarray, place: np.ndarray) -> np.ndarray:
        """Return how far each is from the comparison row at a place; infinite out of its stratum."""
        at = np.clip(place, 0, len(self.rows) - 1)
        serves = (at == place) & (self.stratum[at] == stratum)
        return np.where(serves, np.abs(self.score[at] - score), np.inf)


def lexical(stratum: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Return keys that sort by stratum, then score: complex numbers do."""
    key = np.empty(len(stratum), dtype=complex)
    key.real, key.imag = stratum, score
    return key


class FreePlaces:
    """Which places of a line are still free, by two union-find arrays: one points down, the other up.

    Looking up the nearest free place and taking one are nearly constant in time (Tarjan 1975), so that matching
    costs little more than the sort. Only places that were taken point anywhere: the others stand for themselves.
    """

    def __init__(self, length: int) -> None:
        self._down: dict[int, int] = {}
        self._up: dict[int, int] = {}
        self._length = length

    def below(self, place: int) -> int:
        """Return the nearest free place before ``place``, or -1."""
        return _root(self._down, place - 1)

    def above(self, place: int) -> int:
        """Return the nearest free place from ``place`` on, or the length of the line."""
        return min(_root(self._up, place), self._length)

    def take(self, place: int) -> None:
        """Mark a place as no longer free."""
        self._down[place] = place - 1
        self._up[place] = place + 1


def _root(parent: dict[int, int], place: int) -> int:
    """Follow the pointers to where none goes on, and let every second one on the way point farther (path halving)."""
    while place in parent:
        further = parent[place]
        parent[place] = parent.get(further, further)
        place = parent[place]
    return place
