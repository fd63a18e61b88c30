"""The largest choice of rows whose means are alike, with a bound on what any other choice could reach.

Let rows be taken in part: that is a linear programme, and its best basic solution splits no more kinds of rows than
there are constraints. So its value, rounded down, is a bound that whole rows all but reach, and it is enough to decide
anew on the kinds that are split and on those to which it is most nearly indifferent. Where these are all the kinds
there are, the search may end at the largest choice. Solved by HiGHS (Huangfu and Hall 2018).
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp
from scipy.sparse import csc_array, eye_array, hstack, vstack

from tf_eval.errors import EstimationError

UNDECIDED_EACH = 4  # kinds decided anew for each kind that is split, beyond those that a search begins with
WHOLE = 1e-6  # what is as near to a whole number is one, as for HiGHS
NEAR_ENOUGH = 0.005  # of the size: below 200 only the largest is near enough
MOST_NODES = 200  # of a search: a limit of time would not give the same answer twice


@dataclass(frozen=True)
class Search:
    """What a search is for.

    undecided   kinds decided anew, at least
    worth       of 1 of the size
    price       of each standard deviation by which a sum passes its slack; infinite where none may
    least       share of the bound that the size has to reach
    """

    undecided: int = 200
    worth: float = 1.0
    price: float = np.inf
    least: float = 0.0


# The first is enough for some dozens of moments of many rows. Where few rows have to meet many it may find nothing:
# then one among more kinds, one that may pass the slacks at a price above any gain, and such as care for them alone.
NEAREST = Search(worth=0.0, price=1.0)
SEARCHES = (
    Search(),
    Search(undecided=1000),
    Search(price=50.0),
    *(replace(NEAREST, least=least) for least in (0.97, 0.9, 0.7)),
)


@dataclass(frozen=True, eq=False)
class Choice:
    """What may be chosen: of each kind (rows that are alike) some number of rows, such that the size is largest.

    most      how many rows there are of each kind
    group     whole numbers: kinds of one group (an arm in an exact cell) can best stand in for each other
    names     one for each moment
    pull      kinds by moments: what a row adds to the difference of the arms' sums, in standard deviations
    slack     how far the sums may differ, in standard deviations for each 1 of the size
    ties      sums that have to be 0: a row for each, by kinds and in the last column the size
    limits    sums that may not pass 1: a row for each, by kinds and in the last column the size
    """

    most: np.ndarray
    group: np.ndarray
    names: tuple[str, ...]
    pull: np.ndarray
    slack: float
    ties: csc_array
    limits: csc_array

    @property
    def unequal(self) -> tuple[csc_array, np.ndarray]:
        """What may not pass what: rows of a matrix, by kinds, the size and the excess over each slack; its limits."""
        moments = self.pull.shape[1]
        sums = hstack([csc_array(self.pull.T), csc_array((moments, 1))])
        allowed = csc_array(np.append(np.zeros(len(self.most)), self.slack)[None].repeat(moments, axis=0))
        excess = eye_array(moments)
        within = [hstack([signed - allowed, -excess]) for signed in (sums, -sums)]
        matrix = vstack([*within, self._without_excess(self.limits)], format="csc")
        return matrix, np.append(np.zeros(2 * moments), np.ones(self.limits.shape[0]))

    @property
    def equal(self) -> csc_array:
        """What has to be 0: rows of a matrix, by kinds, the size and the excess over each slack."""
        return self._without_excess(self.ties)

    def bounds(self, search: Search, largest: float = 0.0) -> np.ndarray:
        """Return the lowest and highest number of each kind, of the size and of each excess."""
        excess = np.full(len(self.names), 0.0 if np.isinf(search.price) else np.inf)
        least = max(1.0, np.ceil(search.least * largest))
        lowest = np.concatenate([np.zeros(len(self.most)), [least], np.zeros(len(excess))])
        return np.column_stack([lowest, np.concatenate([self.most, [np.inf], excess])])

    def goal(self, search: Search) -> np.ndarray:
        """Return what each costs; HiGHS looks for what costs least."""
        price = 0.0 if np.isinf(search.price) else search.price
        return np.concatenate([np.zeros(len(self.most)), [-search.worth], np.full(len(self.names), price)])

    def _without_excess(self, matrix: csc_array) -> csc_array:
        return hstack([matrix, csc_array((matrix.shape[0], self.pull.shape[1]))], format="csc")


@dataclass(frozen=True, eq=False)
class Chosen:
    """How many rows of each kind were chosen, their size, and what the size of no choice can pass."""

    count: np.ndarray
    size: int
    bound: int


def choose_largest(choice: Choice) -> Chosen:
    """Return the largest choice, or one that is nearly so.

    Raises ``EstimationError`` that names the moments which keep any rows from being chosen.
    """
    relaxed = _solve_in_parts(choice, SEARCHES[0])
    if relaxed.x is None:
        raise EstimationError(_refusal(choice, _solve_in_parts(choice, NEAREST)))
    for search in SEARCHES:
        undecided = _undecided(choice, relaxed, search.undecided)
        found = _solve_whole(choice, relaxed, undecided, search)
        if found.x is not None and found.x[-len(choice.names) :].sum() <= WHOLE:
            return _chosen(choice, relaxed, undecided, found, search)
    raise EstimationError(_refusal(choice, found))


def _refusal(choice: Choice, found: OptimizeResult) -> str:
    """Name the moments that pass their slack in the choice that does so least."""
    if found.x is None:
        return (
            "match: no choice of rows has the comparison rows asked for in each exact cell and risk set. Ask for a "
            "smaller ratio or for fewer exact cells."
        )
    excess = found.x[-len(choice.names) :]
    listed = ", ".join(f"'{name}'" for name, beyond in zip(choice.names, excess, strict=True) if beyond > WHOLE)
    return (
        f"match: no choice of rows was found that keeps {listed} within the tolerance. Widen the tolerance, leave some "
        "covariates out, or ask for fewer moments or fewer exact cells."
    )


def _solve_in_parts(choice: Choice, search: Search) -> OptimizeResult:
    """Let rows be taken in part. Dual simplex ends at a basic solution."""
    matrix, right = choice.unequal
    zero = np.zeros(choice.ties.shape[0])
    return linprog(choice.goal(search), matrix, right, choice.equal, zero, choice.bounds(search), method="highs-ds")


def _undecided(choice: Choice, relaxed: OptimizeResult, least: int) -> np.ndarray:
    """Return the kinds to decide anew: those split, then of each group in turn the one that matters least."""
    kinds = len(choice.most)
    taken = relaxed.x[:kinds]
    split = np.abs(taken - np.round(taken)) > WHOLE
    matters = np.abs(relaxed.lower.marginals + relaxed.upper.marginals)[:kinds]
    order = np.lexsort((matters, choice.group))
    turn = np.empty(kinds, dtype=np.int64)
    turn[order] = np.arange(kinds) - np.searchsorted(choice.group[order], choice.group[order])
    return np.sort(np.lexsort((matters, turn, ~split))[: least + UNDECIDED_EACH * int(split.sum())])


def _solve_whole(choice: Choice, relaxed: OptimizeResult, undecided: np.ndarray, search: Search) -> OptimizeResult:
    """Find the best whole numbers of the kinds ``undecided``; of all others as many are taken as when in parts."""
    kinds = len(choice.most)
    free = np.concatenate([undecided, np.arange(kinds, kinds + 1 + len(choice.names))])
    return milp(
        choice.goal(search)[free],
        integrality=free <= kinds,
        bounds=Bounds(*choice.bounds(search, -relaxed.fun)[free].T),
        constraints=_left_over(choice, np.round(relaxed.x), free),
        options={"mip_rel_gap": NEAR_ENOUGH, "node_limit": MOST_NODES},
    )


def _left_over(choice: Choice, values: np.ndarray, free: np.ndarray) -> LinearConstraint:
    """Return what the ``free`` unknowns have to keep, where all others have these ``values``."""
    unequal, right = choice.unequal
    matrix, zero = vstack([unequal, choice.equal], format="csc"), np.zeros(choice.ties.shape[0])
    decided = np.delete(np.arange(len(values)), free)
    had = matrix[:, decided] @ values[decided]
    low = np.append(np.full(len(right), -np.inf), zero)
    return LinearConstraint(matrix[:, free], low - had, np.append(right, zero) - had)


def _chosen(
    choice: Choice, relaxed: OptimizeResult, undecided: np.ndarray, found: OptimizeResult, search: Search
) -> Chosen:
    """Put together what was decided. The bound of a search for size holds for all choices if all kinds were in it."""
    kinds, searched = len(choice.most), len(undecided)
    count = np.round(relaxed.x[:kinds])
    count[undecided] = np.round(found.x[:searched])
    bound = min(-relaxed.fun, -found.mip_dual_bound if search.worth and searched == kinds else np.inf)
    return Chosen(count.astype(np.int64), round(found.x[searched]), int(bound + WHOLE))
