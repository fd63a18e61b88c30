"""Pairs of rows at like ranks: not near, but such that nobody vies for the same partner with too many others."""

import numpy as np

from tf_eval.matching.covering.bargains import Pairs
from tf_eval.matching.covering.reach import Reach
from tf_eval.matching.neighbours.pool import problem_allows


def pair_by_rank(reach: Reach) -> Pairs:
    """Return for each row the one of the other arm at the same share of the stratum by score, if it may be set beside.

    Where limits bind, rows cannot all have near partners. A programme that knew of no others would have to be told of
    them a few at a time.
    """
    problem = reach.problem
    rows = np.flatnonzero(reach.stands)
    rows = rows[np.lexsort((rows, problem.score[rows], problem.stratum[rows]))]
    arm = problem.treated[rows]
    cuts = np.flatnonzero(np.diff(problem.stratum[rows])) + 1
    found = [_meet(part[own], part[~own]) for part, own in zip(np.split(rows, cuts), np.split(arm, cuts), strict=True)]
    treated, compared = np.concatenate(found, axis=1)
    first, last = (bound[treated] for bound in problem.windows)
    place = problem.line.place[compared]
    may = (first <= place) & (place < last) & problem_allows(problem, treated, compared[:, None])[:, 0]
    return Pairs.of(problem, treated[may], compared[may])


def _meet(treated: np.ndarray, compared: np.ndarray) -> np.ndarray:
    """Return treated rows over comparison rows at like ranks, so that each row of either arm is in a pair."""
    turn = np.arange(max(len(treated), len(compared)) if len(treated) and len(compared) else 0)
    share = [turn * len(arm) // max(len(turn), 1) for arm in (treated, compared)]
    return np.stack([treated[share[0]], compared[share[1]]]) if len(turn) else np.empty((2, 0), dtype=np.int64)
