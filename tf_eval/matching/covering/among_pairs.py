"""The cover of least distance within limits, whatever the distance and the constraints."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tf_eval.errors import EstimationError
from tf_eval.matching.covering.bargains import Pairs, find_bargains
from tf_eval.matching.covering.cover import Cover
from tf_eval.matching.covering.limits import Limits
from tf_eval.matching.covering.programme import NO_OPTIMUM, solve_cover
from tf_eval.matching.covering.ranks import pair_by_rank
from tf_eval.matching.covering.reach import Reach

ROUNDS = 300  # some dozens are what is seen
SLACK = 1e-10  # of the penalty: a pair that would save less saves nothing


def cover_among_pairs(reach: Reach, limits: Limits, penalty: float) -> Cover:
    """Return the cover by linear programming on a few pairs, with prices that hold for all.

    The prices of a programme on some pairs show whether any other would pay; those that would are added, until there is
    none (Gilmore and Gomory 1961).
    """
    pairs = find_bargains(reach, np.zeros(len(reach.stands)), np.inf).joined(reach.problem, pair_by_rank(reach))
    if not len(pairs.far):
        return Cover.of_nobody(len(reach.stands))
    for _ in range(ROUNDS):
        cover = _cover(pairs, limits, penalty)
        more = find_bargains(reach, cover.price, -SLACK * penalty)
        if not len(more.far):
            return cover
        pairs = pairs.joined(reach.problem, more)
    raise EstimationError(NO_OPTIMUM)


def _cover(pairs: Pairs, limits: Limits, penalty: float) -> Cover:
    """Return the best cover by some pairs. The interior points of HiGHS are quicker here than its simplex."""
    rows, at = np.unique(np.concatenate([pairs.treated, pairs.compared]), return_inverse=True)
    count = len(pairs.far)
    has = coo_array((np.ones(2 * count), (at, np.tile(np.arange(count), 2))), shape=(len(rows), count)).tocsr()
    bounds = limits.fewest[rows], limits.most[rows], penalty
    made, lacks, pays = solve_cover(has, pairs.far, bounds, "highs-ipm")
    part = connected_components(coo_array((np.ones(count), (at[:count], at[count:])), shape=(len(rows), len(rows))))[1]
    treated, compared = pairs.treated[made > 0], pairs.compared[made > 0]
    return Cover.of_nobody(len(limits.most)).having(treated, compared, rows, (lacks, pays, part))
