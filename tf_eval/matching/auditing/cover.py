"""Proof, on the result itself, that everybody who can has a partner, at the least total distance."""

import numpy as np

from tf_eval.matching.covering.reach import Block, Reach
from tf_eval.matching.problem import Assignment, Problem

ROUNDING = 1e-9  # of the largest price, and of the total distance: far above what sums of floats lose


def is_dearer(problem: Problem, assignment: Assignment) -> bool:
    """Say whether the prices of the assignment fail to prove that it covers everybody at the least (by duality).

    Each row pays a price, none below nothing, and no two that may be set together pay more than their distance: then
    no sets in which everybody has a partner can cost less than all prices. So these prove it if they sum to what the
    sets cost. Of a unit that serves, no other row needs a partner. Where no prices came nothing is proved.
    """
    price, inside = assignment.price, np.zeros(len(problem.treated), dtype=bool)
    inside[assignment.row] = True
    if price is None or (price[~inside] != 0).any():
        return True
    slack = ROUNDING * price.max(initial=0.0)
    serving = np.isin(problem.unit, problem.unit[inside & ~problem.treated])
    reach = Reach(problem, problem.treated | inside | ~serving)
    if (price < -slack).any() or any(_is_wrong(block, price, inside, slack) for block in reach.blocks()):
        return True
    return _total(problem, assignment) > price.sum() * (1 + ROUNDING) + slack


def _is_wrong(block: Block, price: np.ndarray, inside: np.ndarray, slack: float) -> bool:
    """Say whether two rows pay more than their distance, or one has a partner and is in no set."""
    treated, compared, far = block
    dear = price[treated][:, None] + price[compared] > far + slack
    left_out = np.isfinite(far) & ~(inside[treated][:, None] & inside[compared])
    return bool(dear.any() or left_out.any())


def _total(problem: Problem, assignment: Assignment) -> float:
    """Return the sum of the distances of all from the one row of its arm in their set, in stars."""
    arm, set_id = problem.treated[assignment.row], assignment.set_id
    size = np.stack([np.bincount(set_id[arm == code], minlength=set_id.max() + 1) for code in (False, True)])
    is_centre = (size[arm.astype(int), set_id] == 1) & ~(arm & (size[0, set_id] == 1))
    centre = np.empty(set_id.max() + 1, dtype=np.int64)
    centre[set_id[is_centre]] = assignment.row[is_centre]
    step = problem.coordinates[assignment.row] - problem.coordinates[centre[set_id]]
    return float(np.linalg.norm(step, axis=1).sum())
