"""Sets of least total distance in which everybody has a partner, whatever the distance and the constraints."""

from dataclasses import replace

import numpy as np

from tf_eval.matching.covering.reach import reach_once
from tf_eval.matching.covering.savings import choose_edges, find_shares
from tf_eval.matching.covering.stars import cut_into_stars, join, turns
from tf_eval.matching.problem import Assignment, Problem
from tf_eval.matching.reading.codes import joint_code
from tf_eval.matching.weights import assign_cells


def cover_among_edges(problem: Problem) -> Assignment:
    """Return the sets by a sparse assignment of what pairs save, with prices that prove them (``auditing.cover``).

    A pair saves something only where its rows are less far apart than their two nearest distances together, and few
    pairs are. Raises ``EstimationError`` where these are more than memory holds.
    """
    reach, near, partner = reach_once(problem)
    edges = reach.edges(near)
    chosen = choose_edges(edges)
    treated, compared = edges.treated[chosen], edges.compared[chosen]
    alone = partner >= 0
    alone[treated] = alone[compared] = False
    partner = np.where(alone, _spread(problem, reach.stands, partner, alone), -1)
    members, set_id = cut_into_stars(*join(treated, compared, partner), len(near))
    price = np.where(np.isfinite(near), near, 0.0) - find_shares(edges, chosen, len(near))
    return replace(assign_cells(problem, members, set_id), price=np.maximum(price, 0.0))  # below it is only by rounding


def _spread(problem: Problem, stands: np.ndarray, partner: np.ndarray, alone: np.ndarray) -> np.ndarray:
    """Return partners that are as near, such that rows which are alike share evenly who comes ``alone`` to them."""
    kind = np.where(stands, _kinds(problem), -1)
    order = np.argsort(kind, kind="stable")
    starts, ends = (np.searchsorted(kind[order], kind, side=side) for side in ("left", "right"))
    coming = np.flatnonzero(alone)
    coming = coming[np.argsort(kind[partner[coming]], kind="stable")]
    to, spread = partner[coming], partner.copy()
    spread[coming] = order[starts[to] + turns(kind[to]) % (ends - starts)[to]]
    return spread


def _kinds(problem: Problem) -> np.ndarray:
    """Return one whole number for rows that are alike in all that says who may be set beside them, and how far away."""
    limit = [problem.score] if np.isfinite(problem.caliper) else []
    columns = [*problem.coordinates.T, *problem.near.T, *problem.apart.T, *limit]
    codes = (np.unique(column, return_inverse=True)[1] for column in columns)
    return joint_code([problem.treated.astype(np.int64), problem.stratum, *codes])
