"""Counts that may be shown: rounded, small ones hidden, and others with them until no sum gives them away."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tf_eval.errors import InputError
from tf_eval.release.attack import Sums, protect
from tf_eval.release.rules import Rules
from tf_eval.release.shorthand import SUPPRESSED


@dataclass(frozen=True)
class ReleasedCounts:
    """A one-way table as it may be shown: each cell a rounded count or ``[c]``, and the total (rounded by itself)."""

    cells: tuple[int | str, ...]
    total: int | str


def release_count(count: int, rules: Rules) -> int | str:
    """Return one count that stands alone, rounded or hidden."""
    return SUPPRESSED if rules.hides(count) else rules.shown(count)


def release_counts(counts: Sequence[int], rules: Rules) -> ReleasedCounts:
    """Return a one-way table of counts with its total, safe against anyone who adds it up.

    Cells below the threshold are hidden (with zeros, and a cell that holds everybody, where the rules say so); then the
    smallest of the others, one at a time, until no hidden count can be told more closely than ``rules.protection``.
    Raises ``InputError`` for negative counts.
    """
    cells = np.asarray(counts, dtype=np.int64)
    if cells.size == 0 or (cells < 0).any():
        raise InputError("release: a table of counts needs at least one cell, and none below zero.")
    sums = _table(cells, rules)
    by_size = sorted(range(len(cells)), key=lambda cell: (sums.counts[cell], cell))
    hidden = protect(sums, rules, lambda _: [(cell,) for cell in (*by_size, len(cells))])
    shown = [SUPPRESSED if cell in hidden else rules.shown(int(count)) for cell, count in enumerate(sums.counts)]
    return ReleasedCounts(tuple(shown[:-1]), shown[-1])


def _table(cells: np.ndarray, rules: Rules) -> Sums:
    counts = np.append(cells, cells.sum())
    equation = np.append(np.ones(len(cells)), -1.0)[None, :]
    small = frozenset(cell for cell, count in enumerate(counts) if rules.hides(int(count)))
    everybody = frozenset(np.flatnonzero(cells == cells.sum())) if _all_cell(cells, rules) else frozenset()
    return Sums(counts, equation, small, frozenset(int(cell) for cell in everybody) - small)


def _all_cell(cells: np.ndarray, rules: Rules) -> bool:
    """In a table of one cell the cell is the total, and says nothing that the total does not."""
    return rules.all_cells_disclosive and len(cells) > 1 and cells.sum() > 0
