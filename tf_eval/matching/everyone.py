"""The sample before matching."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from tf_eval.matching.problem import Assignment, Problem
from tf_eval.matching.reading.covariates import Covariates
from tf_eval.matching.score.propensity import Propensity


@dataclass(frozen=True, eq=False, repr=False)
class Everyone:
    """The sample before matching, as arrays, with the weights that the match gave (0 for rows left out).

    ``row`` and ``set_id`` are the members of its sets, see ``Assignment``; there are none where rows are only weighted.
    ``input_row`` is each row's place in the caller's frame.
    """

    treated: np.ndarray
    weight: np.ndarray
    covariates: Covariates
    score: np.ndarray
    score_name: str
    row: np.ndarray
    set_id: np.ndarray
    input_row: np.ndarray

    @classmethod
    def of(cls, problem: Problem, assignment: Assignment, propensity: Propensity | None) -> Self:
        """Put together the sample with its propensity scores, or with the score handed in."""
        score = problem.score if propensity is None else propensity.probability
        name = "score" if propensity is None else "propensity_score"
        sets = assignment.row, assignment.set_id
        return cls(problem.treated, assignment.weight, problem.covariates, score, name, *sets, problem.input_row)
