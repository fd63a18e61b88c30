"""Two laws of balancing weights: how a weight follows from its row's index, given the totals of the blocks."""

import numpy as np

from tf_eval.matching.weighting.dual import Blocks, Response


def exponential(index: np.ndarray, blocks: Blocks) -> Response:
    """Return the weights of largest entropy: in proportion to exp(index) within each block (Hainmueller 2012)."""
    highest = np.maximum.reduceat(index, blocks.start)
    raised = np.exp(index - blocks.spread(highest))
    sums = blocks.sums(raised)
    weight = raised * blocks.spread(blocks.total / sums)
    return Response(float(blocks.total @ (highest + np.log(sums))), weight, weight)


def least_variable(index: np.ndarray, blocks: Blocks) -> Response:
    """Return the weights of smallest variance that are not negative: max(0, index - level) / rows (Zubizarreta 2015).

    The level of each block is the one at which its weights reach their total: the projection on a simplex.
    """
    rows = len(index)
    below_top = index - blocks.spread(np.maximum.reduceat(index, blocks.start))
    above = np.maximum(below_top - blocks.spread(_levels(below_top, blocks)), 0.0)
    weight = above / rows
    value = float(index @ weight - 0.5 * rows * (weight @ weight))
    return Response(value, weight, (above > 0) / rows)


def _levels(index: np.ndarray, blocks: Blocks) -> np.ndarray:
    """Drop the rows below the mean level until none is left to drop (Michelot 1986); it ends in a few passes.

    The highest ``index`` of each block is 0, so that its row stays however far below the others lie.
    """
    inside = np.ones(len(index))
    while True:
        level = (blocks.sums(index * inside) - blocks.total * len(index)) / blocks.sums(inside)
        still = inside * (index > blocks.spread(level))
        if still.sum() == inside.sum():
            return level
        inside = still
