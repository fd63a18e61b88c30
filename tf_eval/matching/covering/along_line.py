"""Sets of least total distance in which everybody has a partner, where the score alone decides."""

import numpy as np

from tf_eval.matching.covering.blocks import Blocks
from tf_eval.matching.covering.gaps import Gaps
from tf_eval.matching.covering.pairing import choose_pairs
from tf_eval.matching.covering.stars import cut_into_stars, find_edges
from tf_eval.matching.problem import Assignment, Problem
from tf_eval.matching.weights import assign_cells


def cover_along_line(problem: Problem) -> Assignment:
    """Return the sets by a dynamic programme along the line: pairs are only made of neighbours."""
    blocks = _with_units_once(problem, Blocks.of_everybody(problem))
    reached = np.isfinite(blocks.near) & (blocks.near <= problem.caliper)
    if not reached.any():
        return assign_cells(problem, blocks.rows[:0], blocks.rows[:0])
    blocks = Blocks.of(problem, blocks.rows[reached])
    made = choose_pairs(blocks, Gaps.of(blocks, problem.caliper))
    members, set_id = cut_into_stars(*find_edges(blocks, made), len(blocks.rows))
    return assign_cells(problem, blocks.rows[members], set_id)


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
