"""What a reader could work out of hidden counts from everything that is shown beside them.

The counts of a table or of a flow obey sums that everybody knows (the cells add up to the total; families left are
those before less those excluded). With the rounding of the shown counts these sums bound the hidden ones. The bounds
are found by linear programming, which is exact here: the sums are totally unimodular and the bounds whole numbers.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from tf_eval.errors import DisclosureError
from tf_eval.release.rules import Rules

_WHOLE = 1e-6  # linear programming answers a whole number to about 1e-9


@dataclass(frozen=True, eq=False)
class Sums:
    """Counts and the sums they obey.

    ``counts`` holds n true counts; each row of ``equations`` (m by n) is a sum of them that is zero; ``small`` are the
    cells hidden because they are small, ``whole`` those hidden because they hold everybody.
    """

    counts: np.ndarray
    equations: np.ndarray
    small: frozenset[int]
    whole: frozenset[int] = frozenset()


def possible_range(sums: Sums, hidden: Iterable[int], cell: int, rules: Rules) -> tuple[float, float]:
    """Return the smallest and the largest value that ``cell`` can have, for a reader of all that is not hidden."""
    bounds = [_known(sums, frozenset(hidden), index, rules) for index in range(len(sums.counts))]
    ends = [_extreme(sums.equations, bounds, cell, sign) for sign in (1.0, -1.0)]
    return float(np.ceil(ends[0] - _WHOLE)), float(np.floor(ends[1] + _WHOLE))


def _known(sums: Sums, hidden: frozenset[int], index: int, rules: Rules) -> tuple[float, float | None]:
    """The reader is taken to know why a cell is hidden; who does not know it can tell less."""
    if index not in hidden:
        return rules.behind(int(sums.counts[index]))
    return rules.hidden_range() if index in sums.small else (0, None)


def _extreme(equations: np.ndarray, bounds: Sequence[tuple], cell: int, sign: float) -> float:
    goal = np.zeros(len(bounds))
    goal[cell] = sign
    answer = linprog(goal, A_eq=equations, b_eq=np.zeros(len(equations)), bounds=bounds, method="highs")
    if answer.status == 3:  # unbounded: nothing at all is known on this side
        return -sign * np.inf
    if answer.status != 0:
        raise DisclosureError("release: these counts do not add up, so nothing can be shown of them.")
    return sign * answer.fun


def protect(sums: Sums, rules: Rules, alternatives: Callable[[int], Iterable[tuple[int, ...]]]) -> frozenset[int]:
    """Return all cells to hide: the primary ones, and others until no attack on any of them succeeds.

    ``alternatives(cell)`` lists groups of cells, dearest to the reader last, whose hiding may protect ``cell``.
    """
    hidden = sums.small | sums.whole
    safe: set[int] = set()
    while (cell := _first_exposed(sums, hidden, safe, rules)) is not None:
        groups = (frozenset(group) for group in alternatives(cell))
        more = next((group for group in groups if group - hidden), frozenset(range(len(sums.counts))))
        if not more - hidden:
            raise DisclosureError("release: these counts cannot be protected by hiding some of them; leave them out.")
        hidden |= more
    return hidden


def _first_exposed(sums: Sums, hidden: frozenset[int], safe: set[int], rules: Rules) -> int | None:
    """Return the first hidden cell that is exposed; what is safe stays so, whatever is hidden beside it."""
    for cell in sorted(hidden - safe):
        if _is_exposed(sums, hidden, cell, rules):
            return cell
        safe.add(cell)
    return None


def _is_exposed(sums: Sums, hidden: frozenset[int], cell: int, rules: Rules) -> bool:
    """Whether a reader could tell more of a hidden cell than the rules allow."""
    low, high = possible_range(sums, hidden, cell, rules)
    return high - low + 1 < rules.protection
