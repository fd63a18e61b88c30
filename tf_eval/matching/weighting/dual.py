"""Balancing weights by their dual: as few unknowns as there are covariates, however many rows there are.

Weights that lie as near to equal as they can, subject to |sum of weight x moment| <= slack for each moment and to a
total in each block, have the form weight = law(moments @ point). The point minimises a convex function with an L1
penalty of the slack (Hainmueller 2012; Zubizarreta 2015; Wang and Zubizarreta 2020). Newton's steps with halving find
it in a handful of passes over the rows.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from tf_eval.matching.scatter import scatter
from tf_eval.matching.weighting.lasso import lowest_point

MOST_STEPS = 60
MOST_HALVINGS = 40
GOAL = 1e-10  # imbalance beyond the slack, in standard deviations: Newton doubles the digits once it is near
RIDGE = 1e-12  # of the largest curvature: enough to solve where rows without weight leave directions flat
FLAT = 1e-8  # curvature of moments in standard deviations that is as good as none
FAR = 1e8  # multipliers this large belong to moments that no weights meet
SUFFICIENT = 1e-4  # share of the promised fall that a step has to bring (Armijo 1966)
NOISE = 1e-14  # of the value: falls below it are rounding


@dataclass(frozen=True, eq=False)
class Blocks:
    """Rows in blocks that stand one after another.

    start   first row of each block
    size    rows of each block
    total   what the weights of each block sum to; all of them sum to 1
    """

    start: np.ndarray
    size: np.ndarray
    total: np.ndarray

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Return the sum of ``values`` over the rows of each block."""
        return np.add.reduceat(values, self.start, axis=0)

    def weighted_sums(self, columns: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """Return blocks by columns: the sums of weight x column, without a copy of the columns."""
        rows = len(weight)
        member = csr_array((weight, np.arange(rows), np.append(self.start, rows)), shape=(len(self.start), rows))
        return member @ columns

    def spread(self, values: np.ndarray) -> np.ndarray:
        """Return for each row the value of its block."""
        return np.repeat(values, self.size)


@dataclass(frozen=True, eq=False)
class Response:
    """What a law answers to one point.

    value       of the smooth part of the dual
    weight      of each row
    curvature   change of a row's weight with its own index, before its block's total is held
    """

    value: float
    weight: np.ndarray
    curvature: np.ndarray


Law = Callable[[np.ndarray, Blocks], Response]


@dataclass(frozen=True, eq=False)
class Solution:
    """Weights of the rows, and for each moment its multiplier (the dual point) and its weighted sum."""

    weight: np.ndarray
    point: np.ndarray
    imbalance: np.ndarray

    def gap(self, slack: float) -> float:
        """Return the duality gap: how much nearer to equal any weights within the slack could be, at most."""
        return float(self.point @ self.imbalance + slack * np.abs(self.point).sum())


def solve_dual(moments: np.ndarray, blocks: Blocks, law: Law, slack: float, held: list[int]) -> Solution:
    """Return the weights of ``law`` whose ``moments`` (rows by columns) sum to no more than ``slack`` either way.

    Only the columns ``held`` are looked to; the multipliers of the others stay 0. It stops where the conditions of the
    optimum hold to 1e-10, or where no step brings the value down or it falls without end: then there are no such
    weights, and the imbalance that is left says so.
    """
    point = np.zeros(moments.shape[1])
    now = law(moments @ point, blocks)
    for _ in range(MOST_STEPS):
        gradient = moments.T @ now.weight
        if _distance_from_optimum(gradient[held], point[held], slack) <= GOAL or np.abs(point).max(initial=0.0) > FAR:
            break
        curvature = _curvature(moments, now.curvature, blocks)[np.ix_(held, held)]
        step = np.zeros_like(point)
        step[held] = _newton_step(curvature, gradient[held], point[held], slack)
        found = _halve(lambda at: law(moments @ at, blocks), now, point, step, gradient, slack)
        if found is None:
            break
        point, now = found
    return Solution(now.weight, point, moments.T @ now.weight)


def _distance_from_optimum(gradient: np.ndarray, point: np.ndarray, slack: float) -> float:
    """Return the largest breach: a moment whose multiplier is not 0 has to stand at the slack's edge."""
    inside = np.maximum(np.abs(gradient) - slack, 0.0)
    return float(np.max(np.where(point == 0, inside, np.abs(gradient + slack * np.sign(point))), initial=0.0))


def _curvature(moments: np.ndarray, curvature: np.ndarray, blocks: Blocks) -> np.ndarray:
    """Return the second derivatives: the weighted scatter of the moments within blocks."""
    sums, totals = blocks.weighted_sums(moments, curvature), blocks.sums(curvature)
    return scatter(moments, curvature) - (sums / totals[:, None]).T @ sums


def _newton_step(curvature: np.ndarray, gradient: np.ndarray, point: np.ndarray, slack: float) -> np.ndarray:
    """Return the step to the lowest point of the quadratic that touches the dual, its L1 penalty kept as it is."""
    ridge = RIDGE * max(float(np.diag(curvature).max(initial=0.0)), FLAT)
    curvature = curvature + ridge * np.eye(len(point))
    if slack:
        return lowest_point(curvature, gradient - curvature @ point, slack) - point
    return -np.linalg.solve(curvature, gradient)


def _halve(
    answer: Callable[[np.ndarray], Response],
    now: Response,
    point: np.ndarray,
    step: np.ndarray,
    gradient: np.ndarray,
    slack: float,
) -> tuple[np.ndarray, Response] | None:
    """Return the first of the step, its half, its quarter ... that brings the value down enough; None if none does."""
    penalty = slack * np.abs(point).sum()
    fall = float(gradient @ step) + slack * np.abs(point + step).sum() - penalty
    allowed = NOISE * max(1.0, abs(now.value))
    for halving in range(MOST_HALVINGS):
        length = 0.5**halving
        tried = point + length * step
        then = answer(tried)
        if then.value + slack * np.abs(tried).sum() <= now.value + penalty + SUFFICIENT * length * fall + allowed:
            return tried, then
    return None
