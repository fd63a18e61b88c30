"""Rows among which a method chooses, from a problem to a choice between kinds of rows and back."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import coo_array, csc_array

from tf_eval.matching.choosing.alike import Alike
from tf_eval.matching.choosing.largest_choice import Choice, Chosen
from tf_eval.matching.display import rounded
from tf_eval.matching.problem import Assignment, Problem
from tf_eval.matching.weighting.moments import Moments


@dataclass(frozen=True, eq=False)
class Candidates:
    """Rows of a problem that may be chosen, counted together where they are alike.

    rows      their places in the problem
    moments   of all rows of the problem
    """

    problem: Problem
    moments: Moments
    rows: np.ndarray

    @cached_property
    def alike(self) -> Alike:
        """The candidates in kinds: one arm, one exact cell and risk set, equal moments, and one unit that is shared."""
        unit = np.where(np.isin(self.problem.unit, self._shared_units), self.problem.unit, -1)
        arms = np.where(self.problem.treated, -1, unit), self.problem.treated, self.problem.stratum
        return Alike.of([each[self.rows] for each in (*arms, *self.moments.values.T)])

    @cached_property
    def first(self) -> np.ndarray:
        """The first row of each kind, as a place in the problem."""
        return self.rows[self.alike.first]

    @cached_property
    def stratum(self) -> np.ndarray:
        """The exact cell and risk set of each kind, from 0 on."""
        return np.unique(self.problem.stratum[self.first], return_inverse=True)[1]

    @cached_property
    def _shared_units(self) -> np.ndarray:
        """Units with several comparison rows, of which one may be chosen."""
        unit, rows = np.unique(self.problem.unit[self.rows[~self.problem.treated[self.rows]]], return_counts=True)
        return unit[rows > 1]

    def choice(self, sign: np.ndarray, slack: float, ties: csc_array) -> Choice:
        """Return what may be chosen, where a row of each kind counts ``sign`` times in the difference of the sums."""
        return Choice(
            most=self.alike.size,
            group=2 * self.stratum + self.problem.treated[self.first],
            names=self.moments.names,
            pull=self.moments.values[self.first] * sign[:, None],
            slack=slack,
            ties=ties,
            limits=self._limits(),
        )

    def assign(self, chosen: Chosen, also: np.ndarray, note: str) -> Assignment:
        """Return the assignment, without sets, in which each row chosen and each row of ``also`` weighs 1."""
        weight = np.zeros(len(self.problem.treated))
        weight[self.rows[self.alike.take(chosen.count)]] = 1.0
        weight[also] = 1.0
        none = np.empty(0, dtype=np.int64)
        return Assignment(row=none, set_id=none, weight=weight, notes=(note,))

    def _limits(self) -> csc_array:
        compared = ~self.problem.treated[self.first]
        shared = np.flatnonzero(compared & np.isin(self.problem.unit[self.first], self._shared_units))
        unit = np.searchsorted(self._shared_units, self.problem.unit[self.first[shared]])
        shape = len(self._shared_units), len(self.first) + 1
        return csc_array(coo_array((np.ones(len(shared)), (unit, shared)), shape=shape))


def bound_note(arm: str, size: int, bound: int) -> str:
    """Say how many rows of an arm were chosen, and how many any choice within the tolerance could have."""
    if size == bound:
        return f"No choice of rows within the tolerance has more {arm} rows than this one."
    return (
        f"No choice of rows within the tolerance has more than {rounded(bound)} {arm} rows; this one has at most "
        f"{(bound - size) / bound:.1%} fewer than the largest."
    )
