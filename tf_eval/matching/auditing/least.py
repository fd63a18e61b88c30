"""Proof, on the result itself, that no other match of as many rows has a smaller total distance."""

import numpy as np

from tf_eval.matching.line import Line
from tf_eval.matching.optimum.market import Market
from tf_eval.matching.problem import Assignment, Problem

MORE = 10  # times the tolerance within which the prices stood still


def is_improvable(problem: Problem, assignment: Assignment) -> bool:
    """Say whether the prices of the assignment fail to prove that it is the least (by duality).

    Prices prove it if none is negative, units that serve nobody cost nothing, and each treated row has those that are
    cheapest for it, distance and price together. One that has fewer than it wants finds all others dearer than the
    penalty, and none of its own is. Where no prices came with the assignment nothing is proved.
    """
    line, price = problem.line, assignment.price
    set_of_row = np.full(len(problem.treated), -1)
    set_of_row[assignment.row] = assignment.set_id
    serves = set_of_row[line.rows] >= 0
    idle = np.setdiff1d(problem.unit, problem.unit[line.rows[serves]])
    if price is None or (price < 0).any() or (price[idle] > 0).any():
        return True
    market, rows = Market(problem, line, ~serves), np.flatnonzero(problem.treated)
    return any(_envies(problem, market, line, set_of_row, price, row) for row in rows.tolist())


def _envies(problem: Problem, market: Market, line: Line, set_of_row: np.ndarray, price: np.ndarray, row: int) -> bool:
    """Say whether a treated row would rather have another place than one of its own, or than none."""
    places, unit, far = market.look(row)
    cost = far + price[unit]
    own = (set_of_row[line.rows[places]] == set_of_row[row]) & (set_of_row[row] >= 0)
    has = int(own.sum())
    dearest = np.max(cost[own], initial=-np.inf)
    limit = dearest if has == problem.wanted[row] else market.penalty(has + 1)
    slack = MORE * market.tolerance
    return bool(np.min(cost[~own], initial=np.inf) < limit - slack or dearest > market.penalty(has) + slack)
