"""Pairs of least total distance, whatever the distance and the constraints, by a sparse assignment."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from tf_eval.matching.line import Line
from tf_eval.matching.optimum.candidates import Candidates
from tf_eval.matching.optimum.pairs import Pairs, refuse_too_many
from tf_eval.matching.optimum.penalties import penalties, widest_distance
from tf_eval.matching.problem import Problem

MOST = 20_000_000  # of pairs that are held as a matrix: about 0.6 GB


def match_among_pairs(problem: Problem, line: Line) -> Pairs:
    """Return the pairs by the assignment of Jonker and Volgenant (1987) on the pairs that may be made.

    A unit is one column, so that it serves once, over all risk sets; each treated row stands in as many rows as it
    wants comparisons, and each of these has a column of its own that stands for none, at the cost of a penalty.
    """
    treated = np.flatnonzero(problem.treated)
    found = _found(problem, line, treated)
    units, columns = np.unique(problem.unit[line.rows], return_inverse=True)
    copies = np.repeat(np.arange(len(treated)), problem.wanted[treated])
    is_first = np.diff(copies, prepend=-1) != 0
    costs = _costs(problem, [(columns[found[of][0]], found[of][1]) for of in copies], is_first, len(units))
    column = min_weight_full_bipartite_matching(costs)[1]
    served = np.flatnonzero(column < len(units))
    places = [found[copies[turn]][0] for turn in served]
    chosen = [at[columns[at] == column[turn]][0] for at, turn in zip(places, served, strict=True)]
    return Pairs(treated[copies[served]], np.array(chosen, dtype=np.int64))


def _found(problem: Problem, line: Line, treated: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the places that may serve each treated row, and their distances."""
    candidates, found, pairs = Candidates.of_problem(problem, line), [], 0
    for row in treated.tolist():
        found.append(candidates.of(row))
        pairs += int(problem.wanted[row]) * len(found[-1][0])
        refuse_too_many(pairs, MOST)
    return found


def _costs(problem: Problem, found: list[tuple[np.ndarray, np.ndarray]], is_first: np.ndarray, units: int) -> csr_array:
    """Return what each unit, and then each row's own column for none, costs.

    One number is added throughout, since a sparse matrix takes a cost of nothing for a pair that cannot be made.
    """
    cost = penalties(problem)
    refusal = np.where(is_first, cost.first, cost.further)
    values = [np.append(far, none) for (_, far), none in zip(found, refusal, strict=True)]
    columns = [np.append(at, units + turn) for turn, (at, _) in enumerate(found)]
    starts = np.cumsum([0, *map(len, columns)])
    shape = (len(found), units + len(found))
    return csr_array((np.concatenate(values) + widest_distance(problem), np.concatenate(columns), starts), shape=shape)
