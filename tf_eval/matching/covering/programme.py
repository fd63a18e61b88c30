"""Linear programmes of covers: what a row has, and what it lacks, less what it has beyond the fewest, is the fewest.

Their matrices are those of networks, so that a basic solution is of whole numbers (Hoffman and Kruskal 1956).
"""

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack, vstack

from tf_eval.errors import EstimationError

PRECISION = 1e-10  # the narrowest that HiGHS knows: by how much prices may pass a distance, in units of the widest
WHOLE = 1e-6  # what is as near to a whole number is one, as for HiGHS
NO_OPTIMUM = "match: the sets of least total distance within min_ratio and max_ratio were not found; name exact columns"


def solve_cover(
    has: csr_array,
    cost: np.ndarray,
    bounds: tuple[np.ndarray, np.ndarray, float],
    solver: str,
    equal: csr_array | None = None,
    below: csr_array | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the best unknowns, all whole and none below 0, what each row lacks, and the price of each row.

    Solved by HiGHS (Huangfu and Hall 2018).

    Args:
        has: rows by unknowns; how many partners each row has.
        cost: what each unknown costs.
        bounds: the fewest partners and the most of each row, and what each that is lacking costs.
        solver: of ``scipy.optimize.linprog``.
        equal: more rows by unknowns, that have to come to 0; below: such that may not come to more.
    """
    fewest, most, penalty = bounds
    rows, unknowns = has.shape
    one, scale = eye_array(rows), cost.max(initial=0.0) or 1.0
    matrix = _stacked(hstack([has, one, -one]), equal)
    highest = np.concatenate([np.full(unknowns, np.inf), fewest, most - fewest])
    found = linprog(
        np.concatenate([cost, np.full(rows, penalty), np.zeros(rows)]) / scale,
        A_ub=None if below is None else _widened(below, 2 * rows),
        b_ub=None if below is None else np.zeros(below.shape[0]),
        A_eq=matrix,
        b_eq=np.append(fewest, np.zeros(matrix.shape[0] - rows)),
        bounds=np.column_stack([np.zeros(len(highest)), highest]),
        method=solver,
        options={"dual_feasibility_tolerance": PRECISION},
    )
    if found.x is None or np.abs(found.x - np.round(found.x)).max() > WHOLE:
        raise EstimationError(NO_OPTIMUM)
    lowest = np.where(np.isinf(most), 0.0, -np.inf)  # to which rounding comes near
    price = np.clip(found.eqlin.marginals[:rows] * scale, lowest, penalty)  # a row without partners could pay more
    unknown = np.round(found.x).astype(np.int64)
    return unknown[:unknowns], unknown[unknowns : unknowns + rows], price


def _stacked(has: csr_array, equal: csr_array | None) -> csr_array:
    return has if equal is None else vstack([has, _widened(equal, has.shape[1] - equal.shape[1])])


def _widened(matrix: csr_array, more: int) -> csr_array:
    """Add so many unknowns that do not count."""
    return hstack([matrix, csr_array((matrix.shape[0], more))])
