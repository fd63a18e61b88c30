"""Sets of least total distance in which nobody has fewer or more partners than the limits on the ratio allow."""

from collections.abc import Iterator
from dataclasses import replace
from functools import reduce

import numpy as np

from tf_eval.errors import EstimationError
from tf_eval.matching.covering.among_pairs import cover_among_pairs
from tf_eval.matching.covering.cover import Cover
from tf_eval.matching.covering.in_line import cover_in_line
from tf_eval.matching.covering.limits import Limits, are_counted
from tf_eval.matching.covering.programme import NO_OPTIMUM
from tf_eval.matching.covering.reach import Reach, reach_once
from tf_eval.matching.covering.stars import cut_into_stars, turns
from tf_eval.matching.problem import Assignment, Problem
from tf_eval.matching.weights import assign_cells

PENALTIES = (10.0, 100.0, 1e4)  # what it costs to leave a row out, in the distance between the outermost rows
TOGETHER = 2_000  # rows of several strata that are looked at together: few strata cost more than many rows
MOST = 20_000  # rows of a stratum: a minute or two, and time grows with their square
TOO_MANY = (
    "match: {:,} rows of one cell and risk set are too many to find the sets of least total distance within min_ratio "
    "and max_ratio; name (more) exact columns, or leave the limits out"
)
LEFT_OUT = "The limits on the ratio leave {} rows out that have a partner within reach: no more can be kept."
SET_ASIDE = "min_ratio leaves treated rows out, so that each of the others has its fewest comparison rows."


def cover_within_limits(problem: Problem) -> Assignment:
    """Return the sets by linear programming, with prices that prove them (``auditing.cover``).

    First as many rows of either arm as the limits allow are covered, then at the least total distance. A treated row
    for which the fewest comparison rows are not left is set aside before; who that has to be is a hard problem, so that
    it is those who lack most, no more of them at a time than certainly have to go. Raises ``EstimationError`` where too
    many rows would have to be covered together.
    """
    reach, near, _ = reach_once(problem)
    reach = replace(reach, stands=reach.stands & np.isfinite(near))
    for penalty in PENALTIES:
        penalty *= float(np.linalg.norm(np.ptp(problem.coordinates, axis=0))) or 1.0
        cover = _cover(reach, near, penalty)
        if are_counted(cover.price, penalty):
            return _assignment(reach, cover, penalty)
    raise EstimationError(NO_OPTIMUM)


def _cover(reach: Reach, near: np.ndarray, penalty: float) -> Cover:
    """Return the cover of all."""
    limits = Limits.of(reach.problem)
    covers = (_settled(replace(reach, stands=some), near, limits, penalty) for some in _batches(reach))
    return reduce(Cover.beside, covers, Cover.of_nobody(len(near)))


def _batches(reach: Reach) -> Iterator[np.ndarray]:
    """Yield who is covered together: whole strata, as many as have few rows."""
    rows = np.flatnonzero(reach.stands)
    sizes = np.bincount(reach.problem.stratum[rows])
    if sizes.max(initial=0) > MOST:
        raise EstimationError(TOO_MANY.format(sizes.max()))
    batch = (np.cumsum(sizes) // TOGETHER)[reach.problem.stratum[rows]]
    for number in np.unique(batch):
        stands = np.zeros_like(reach.stands)
        stands[rows[batch == number]] = True
        yield stands


def _settled(reach: Reach, near: np.ndarray, limits: Limits, penalty: float) -> Cover:
    """Return the cover of a batch, once so many are set aside that each of the treated has its fewest."""
    problem, stands = reach.problem, reach.stands.copy()
    cover_standing = cover_in_line if problem.by_score_alone else cover_among_pairs
    while problem.treated[stands].any():
        cover = cover_standing(replace(reach, stands=stands), limits, penalty)
        gone = _too_many(problem, cover, limits, near)
        if not len(gone):
            return cover
        stands[gone] = False
    return Cover.of_nobody(len(near))


def _too_many(problem: Problem, cover: Cover, limits: Limits, near: np.ndarray) -> np.ndarray:
    """Return treated rows that cannot all have the fewest comparison rows they need: no more than is certain.

    Each that goes leaves the others of its part as many as it needs at most. Those that lack most go first, of these
    those farthest from the nearest comparison row, then the last in canonical order.
    """
    lacking = np.flatnonzero(problem.treated & (cover.short > 0) & (limits.fewest > 1))
    order = np.lexsort((-lacking, -near[lacking], -cover.short[lacking], cover.part[lacking]))
    lacking = lacking[order]
    part = cover.part[lacking]
    surplus = np.ceil(np.bincount(part, cover.short[lacking]) / limits.fewest[lacking].max(initial=1.0))
    return lacking[turns(part) < surplus[part]]


def _assignment(reach: Reach, cover: Cover, penalty: float) -> Assignment:
    """Return the sets; who was left out for the limits pays the penalty, also if it was set aside."""
    problem, left_out = reach.problem, reach.stands.copy()
    members, set_id = cut_into_stars(cover.treated, cover.compared, len(left_out))
    left_out[members] = False
    few = SET_ASIDE if Limits.of(problem).fewest.max() > 1 else LEFT_OUT.format("treated")
    said = {
        few: (left_out & problem.treated).any(),
        LEFT_OUT.format("comparison"): (left_out & ~problem.treated).any(),
    }
    notes = tuple(note for note, holds in said.items() if holds)
    price = np.where(left_out, penalty, cover.price)
    return replace(assign_cells(problem, members, set_id), price=price, notes=notes)
