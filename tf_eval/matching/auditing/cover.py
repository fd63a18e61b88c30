"""Proof, on the result itself, that everybody who can has a partner, at the least total distance."""

import numpy as np

from tf_eval.matching.covering.limits import Limits
from tf_eval.matching.covering.reach import Block, Reach
from tf_eval.matching.problem import Assignment, Problem

ROUNDING = 1e-9  # of the largest price, and of the total distance: far above what sums of floats lose


def is_dearer(problem: Problem, assignment: Assignment) -> bool:
    """Say whether the prices of the assignment fail to prove that it covers everybody at the least (by duality).

    No two rows that may be set together pay more than their distance: then no sets can cost less than what all pay,
    each its price for the fewest partners it may have, or where that is below nothing for the most. So these prove it
    if they sum to what the sets cost. Of a unit that serves, no other row needs a partner. Rows that limits leave out
    all pay the same penalty, and nobody pays more. Taken in whole penalties the prices prove in the same way that no
    fewer could be left out. Where no prices came nothing is proved.
    """
    price, inside = assignment.price, np.zeros(len(problem.treated), dtype=bool)
    inside[assignment.row] = True
    if price is None:
        return True
    limits, left_out = Limits.of(problem), ~inside & (price != 0)
    slack, penalty = ROUNDING * np.abs(price).max(initial=0.0), price[left_out].max(initial=0.0)
    if left_out.any() and _is_uneven(price, left_out, penalty, slack):
        return True
    number = np.round(price / penalty) if penalty > 0 else np.zeros(len(price))
    reach = Reach(problem, _standing(problem, inside, limits))
    if any(_is_wrong(block, price, number, inside | left_out, slack) for block in reach.blocks()):
        return True
    due = _total(problem, assignment) * (1 - ROUNDING) - slack
    return limits.paid(price, inside) < due or limits.paid(number, inside) < 0


def _is_uneven(price: np.ndarray, left_out: np.ndarray, penalty: float, slack: float) -> bool:
    return bool(price.max() > penalty + slack or price[left_out].min() < penalty - slack)


def _standing(problem: Problem, inside: np.ndarray, limits: Limits) -> np.ndarray:
    """Say which rows need a partner. Nothing is proved of who has to go where a treated row needs several."""
    serving = np.isin(problem.unit, problem.unit[inside & ~problem.treated])
    return inside | np.where(problem.treated, limits.fewest == 1, ~serving)


def _is_wrong(block: Block, price: np.ndarray, number: np.ndarray, settled: np.ndarray, slack: float) -> bool:
    """Say whether two rows pay more than their distance, or more penalties than none, or one could have a partner and
    is neither in a set nor left out."""
    treated, compared, far = block
    near = np.isfinite(far)
    dear = price[treated][:, None] + price[compared] > far + slack
    counted = near & (number[treated][:, None] + number[compared] > 0)
    forgotten = near & ~(settled[treated][:, None] & settled[compared])
    return bool(dear.any() or counted.any() or forgotten.any())


def _total(problem: Problem, assignment: Assignment) -> float:
    """Return the sum of the distances of all from the one row of its arm in their set, in stars."""
    arm, set_id = problem.treated[assignment.row], assignment.set_id
    size = np.stack([np.bincount(set_id[arm == code], minlength=set_id.max() + 1) for code in (False, True)])
    is_centre = (size[arm.astype(int), set_id] == 1) & ~(arm & (size[0, set_id] == 1))
    centre = np.empty(set_id.max() + 1, dtype=np.int64)
    centre[set_id[is_centre]] = assignment.row[is_centre]
    step = problem.coordinates[assignment.row] - problem.coordinates[centre[set_id]]
    return float(np.linalg.norm(step, axis=1).sum())
