"""Which pairs to make so that most distance is saved, and the prices that prove it."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from tf_eval.errors import EstimationError
from tf_eval.matching.covering.reach import Edges

ROUNDING = 1e-13  # of the largest saving: what falls by less stands still
MORE = 1e3  # times this below nothing is no rounding any more
PASSES = 20_000  # some dozens are what is seen; there could be as many as pairs


def choose_edges(edges: Edges) -> np.ndarray:
    """Say of each edge whether its two rows are made a pair, such that most is saved and no row is in two pairs.

    By the sparse assignment of Jonker and Volgenant (1987); each treated row has a column of its own that stands for no
    pair. One number is added throughout, since a sparse matrix takes a cost of nothing for an edge that is not there.
    """
    if not edges.saving.size:
        return np.zeros(0, dtype=bool)
    rows, row = np.unique(edges.treated, return_inverse=True)
    columns, column = np.unique(edges.compared, return_inverse=True)
    most, alone = 2 * edges.saving.max(), np.arange(len(rows))
    cost = np.concatenate([most - edges.saving, np.full(len(rows), most)])
    at = np.concatenate([row, alone]), np.concatenate([column, len(columns) + alone])
    partner = min_weight_full_bipartite_matching(csr_array((cost, at)))[1]
    return partner[row] == column


def find_shares(edges: Edges, chosen: np.ndarray, rows: int) -> np.ndarray:
    """Return for each of so many rows its share of the savings: the dual programme, by relaxation (Bellman 1958).

    The two of a pair share what it saves, others have nothing, and no edge would save more than its two rows have. A
    comparison row's share is at most what is left when its treated row has what the next best edge would bring; these
    fall until they stand still. Raises ``EstimationError`` where they do not: more could then be saved.
    """
    share = np.zeros(rows)
    treated, compared, saved = edges.treated[chosen], edges.compared[chosen], edges.saving[chosen]
    share[compared] = saved
    tolerance = ROUNDING * saved.max(initial=0.0)
    for _ in range(PASSES):
        limit = saved - _best_otherwise(edges, chosen, share)[treated]
        falls = limit < share[compared] - tolerance
        if not falls.any():
            share[treated] = saved - share[compared]
            return share
        if limit.min() < -MORE * tolerance:
            break
        share[compared[falls]] = limit[falls]
    raise EstimationError("match: the sets found are not those of least total distance")


def _best_otherwise(edges: Edges, chosen: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return for each row the most that is left to it of an edge that was not chosen, or nothing."""
    starts = np.flatnonzero(np.diff(edges.treated, prepend=-1))
    left = np.where(chosen, 0.0, edges.saving - share[edges.compared])
    best = np.zeros(len(share))
    if len(starts):
        best[edges.treated[starts]] = np.maximum(np.maximum.reduceat(left, starts), 0.0)
    return best
