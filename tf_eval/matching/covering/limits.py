"""How many partners each row may have."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from tf_eval.matching.problem import Problem


@dataclass(frozen=True, eq=False)
class Limits:
    """For each row of the problem, the fewest partners it may have where it has any, and the most (maybe infinite)."""

    fewest: np.ndarray
    most: np.ndarray

    @classmethod
    def of(cls, problem: Problem) -> Self:
        """Read them from the ratios: with a ``min_ratio`` of one third, three treated rows may share a comparison row.

        From a ``min_ratio`` of 1 on nobody shares any.
        """
        least = problem.min_ratio or 0.0
        shared = np.inf if not least else max(1.0, round(1 / least))
        most = np.inf if problem.max_ratio is None else float(problem.max_ratio)
        return cls(np.where(problem.treated, max(1.0, least), 1.0), np.where(problem.treated, most, shared))

    def paid(self, price: np.ndarray, rows: np.ndarray) -> float:
        """Return what ``rows`` pay together: each for its fewest partners, or at prices below nothing for its most."""
        price = price[rows]
        with np.errstate(invalid="ignore"):
            return float(np.where(price < 0, self.most[rows] * price, self.fewest[rows] * price).sum())


def are_counted(price: np.ndarray, penalty: float) -> bool:
    """Say whether prices prove that no fewer rows could be left out, at a ``penalty`` for each.

    Each price is then a whole number of penalties and a distance that is small beside one, so that those whole numbers
    alone are prices of the programme in which distances count for nothing.
    """
    return bool((np.abs(price - penalty * np.round(price / penalty)) < penalty / 4).all())
