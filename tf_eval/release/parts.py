"""Counts that are parts of one another in several ways, as they may be shown: no sum gives a hidden one away."""

from collections.abc import Hashable, Mapping, Sequence

import numpy as np

from tf_eval.errors import InputError
from tf_eval.release.attack import Sums, protect
from tf_eval.release.rules import Rules
from tf_eval.release.shorthand import SUPPRESSED

Sum = tuple[Hashable, Sequence[Hashable]]  # a whole, and the parts that come to it


def release_parts(counts: Mapping[Hashable, int], sums: Sequence[Sum], rules: Rules) -> dict[Hashable, int | str]:
    """Return each count rounded or ``[c]``, safe against anyone who adds them up, one way or another.

    Arguments: ``counts`` by any names, wholes among them; ``sums`` say which of them come to which whole. They have to
    be those of a table of two ways, of trees on its margins, or of both, so that the attack's bounds are whole numbers.

    Hidden are counts below the threshold, and a part that is all of its whole; then others that stand in a sum with one
    that could be told: the smallest first, and wholes after parts. Raises ``InputError`` where parts do not come to
    their whole, or a count is below zero.
    """
    places = {name: place for place, name in enumerate(counts)}
    cells = np.array(list(counts.values()), dtype=np.int64)
    equations = np.zeros((len(sums), len(cells)))
    for row, (whole, parts) in enumerate(sums):
        equations[row, places[whole]] = -1.0
        equations[row, [places[part] for part in parts]] = 1.0
    if (cells < 0).any() or (equations @ cells).any():
        raise InputError("release: parts have to come to their whole, and no count may be below zero.")
    small = frozenset(place for place, count in enumerate(cells) if rules.hides(int(count)))
    everybody = _everybody(cells, equations) if rules.all_cells_disclosive else frozenset()
    hidden = protect(
        Sums(cells, equations, small, everybody - small), rules, lambda cell: _beside(cell, cells, equations)
    )
    return {name: SUPPRESSED if place in hidden else rules.shown(int(cells[place])) for name, place in places.items()}


def _everybody(cells: np.ndarray, equations: np.ndarray) -> frozenset[int]:
    """Return the parts that hold all of a whole that has others."""
    found = set()
    for row in equations:
        (whole,), parts = np.flatnonzero(row < 0), np.flatnonzero(row > 0)
        if len(parts) > 1 and cells[whole]:
            found |= {int(part) for part in parts[cells[parts] == cells[whole]]}
    return frozenset(found)


def _beside(cell: int, cells: np.ndarray, equations: np.ndarray) -> list[tuple[int]]:
    """Return the cells that stand in a sum with this one, those that readers can best do without first."""
    with_it = np.flatnonzero((equations[equations[:, cell] != 0] != 0).any(axis=0))
    times_whole = (equations < 0).sum(axis=0)
    ordered = sorted(with_it, key=lambda place: (times_whole[place], cells[place], place))
    return [(int(place),) for place in ordered if place != cell]
