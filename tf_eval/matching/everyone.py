"""The sample before matching."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from tf_eval.matching.display import SMALLEST_SHOWN
from tf_eval.matching.problem import Assignment, Problem
from tf_eval.matching.reading.covariates import Covariates
from tf_eval.matching.score.propensity import Propensity, fit_propensity


@dataclass(frozen=True, eq=False, repr=False)
class Everyone:
    """The sample before matching, as arrays, with the weights that the match gave (0 for rows left out).

    ``row`` and ``set_id`` are the members of its sets, see ``Assignment``; there are none where rows are only weighted.
    ``matched_score`` is the score by which rows were matched or weighted: their propensity, or the one handed in; None
    where the method asks for none.
    ``input_row`` is the place of each row in the caller's frame, and ``unit`` a whole number for its unit: each row is
    one of its own where none is named.
    """

    treated: np.ndarray
    weight: np.ndarray
    covariates: Covariates
    matched_score: np.ndarray | None
    score_name: str
    row: np.ndarray
    set_id: np.ndarray
    input_row: np.ndarray
    unit: np.ndarray

    @classmethod
    def of(cls, problem: Problem, assignment: Assignment, propensity: Propensity | None, handed_in: str | None) -> Self:
        """Put together the sample with its propensity scores, or with the score that the column ``handed_in`` holds."""
        score = problem.score if handed_in else propensity and propensity.probability
        name = "score" if handed_in else "propensity_score"
        who = assignment.row, assignment.set_id, problem.input_row, problem.unit
        return cls(problem.treated, assignment.weight, problem.covariates, score, name, *who)

    @cached_property
    def score(self) -> np.ndarray:
        """The score by which rows were matched; else a logistic propensity score, fitted once somebody looks at it."""
        if self.matched_score is not None:
            return self.matched_score
        return fit_propensity(*self.covariates.regressors(), self.treated).probability

    def arm(self, treated: bool, *, matched: bool = False) -> np.ndarray:
        """Return the rows of an arm, or of these the ones that have a weight."""
        own = self.treated == treated
        return np.flatnonzero(own & (self.weight != 0) if matched else own)

    @cached_property
    def is_small(self) -> bool:
        """Whether the matched rows of an arm are of so few units (or rows, where none are named) that none is shown."""
        return min(self.count_units(self.arm(arm, matched=True)) for arm in (True, False)) < SMALLEST_SHOWN

    def count_units(self, rows: np.ndarray) -> int:
        """Return of how many units some rows are."""
        return int(np.count_nonzero(np.bincount(self.unit[rows])))

    def matched_rows(self) -> np.ndarray:
        """Return the rows that have a weight, in the order of the matched frame."""
        row_of_input = np.full(self.input_row.max() + 1, -1)
        rows = np.flatnonzero(self.weight)
        row_of_input[self.input_row[rows]] = rows
        return row_of_input[row_of_input >= 0]
