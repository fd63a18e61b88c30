"""Optimal full matching: everybody who has a partner is in a set, at the least total distance."""

import numpy as np

from tf_eval.matching.covering.blocks import Blocks
from tf_eval.matching.covering.gaps import Gaps
from tf_eval.matching.covering.pairing import choose_pairs
from tf_eval.matching.covering.stars import cut_into_stars, find_edges
from tf_eval.matching.problem import Assignment, Problem
from tf_eval.matching.weights import assign_sets


def match_fully(problem: Problem) -> Assignment:
    """Set every row that has any of the other arm within its stratum and the caliper beside one, along the score.

    Each set has one treated row and one or several comparison rows, or one comparison row and several treated, and the
    distances within sets sum to the least that can be (Rosenbaum 1991; Hansen 2004). That is an edge cover of least
    cost: everybody beside the nearest, less the most that pairs can save. A unit with several comparison rows stands
    in the risk set where it is nearest to a treated row, and there alone, so that it serves once.
    """
    blocks = _with_units_once(problem, Blocks.of_everybody(problem))
    reached = np.isfinite(blocks.near) & (blocks.near <= problem.caliper)
    if not reached.any():
        return assign_sets(np.empty(0), np.empty(0), problem.treated)
    blocks = Blocks.of(problem, blocks.rows[reached])
    made = choose_pairs(blocks, Gaps.of(blocks, problem.caliper))
    members, set_id = cut_into_stars(*find_edges(blocks, made), len(blocks.rows))
    return assign_sets(blocks.rows[members], set_id, problem.treated)


def _with_units_once(problem: Problem, blocks: Blocks) -> Blocks:
    """Keep of each unit the comparison row that is nearest to any treated row, and no other."""
    compared = np.flatnonzero(~problem.treated[blocks.rows])
    unit = problem.unit[blocks.rows[compared]]
    if np.bincount(unit).max() == 1:
        return blocks
    order = np.lexsort((blocks.rows[compared], blocks.near[compared], unit))
    stands = problem.treated[blocks.rows]
    stands[compared[order[np.diff(unit[order], prepend=-1) != 0]]] = True
    return Blocks.of(problem, blocks.rows[stands])
