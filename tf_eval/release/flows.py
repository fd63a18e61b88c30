"""A flow of families through steps, as it may be shown."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tf_eval.errors import InputError
from tf_eval.release.attack import Sums, protect
from tf_eval.release.rules import Rules
from tf_eval.release.shorthand import NOT_APPLICABLE, SUPPRESSED


@dataclass(frozen=True)
class ReleasedFlow:
    """Families left after each step, and families excluded by it: rounded counts, ``[c]``, or ``[z]`` at the start."""

    families: tuple[int | str, ...]
    excluded: tuple[int | str, ...]


def release_flow(families: Sequence[int], excluded: Sequence[int], rules: Rules) -> ReleasedFlow:
    """Return the flow of one arm, with small exclusions hidden and not to be had from the counts around them.

    ``families`` and ``excluded`` have one entry a step; the first step excludes nobody. Where the rounded neighbours of
    a hidden exclusion would give it away, the step is merged with the next one: their numbers are hidden together.
    Raises ``InputError`` where the steps do not add up.
    """
    left, gone = np.asarray(families, dtype=np.int64), np.asarray(excluded, dtype=np.int64)
    _check(left, gone)
    steps = len(left)
    sums = _chain(left, gone, rules)
    hidden = protect(sums, rules, lambda cell: _merges(cell, steps))
    shown = [SUPPRESSED if cell in hidden else rules.shown(int(count)) for cell, count in enumerate(sums.counts)]
    return ReleasedFlow(tuple(shown[:steps]), (NOT_APPLICABLE, *shown[steps:]))


def _check(left: np.ndarray, gone: np.ndarray) -> None:
    if len(left) == 0 or len(left) != len(gone) or (left < 0).any() or (gone < 0).any() or gone[0] != 0:
        raise InputError("release: a flow needs its first step without exclusions, and no number below zero.")
    if (left[:-1] - left[1:] != gone[1:]).any():
        raise InputError("release: a flow must add up: families left are those before less those excluded.")


def _chain(left: np.ndarray, gone: np.ndarray, rules: Rules) -> Sums:
    """Cells: families after each of n steps, then the exclusions of steps 1 to n - 1."""
    steps = len(left)
    counts = np.concatenate([left, gone[1:]])
    equations = np.zeros((steps - 1, len(counts)))
    for step in range(1, steps):
        equations[step - 1, [step - 1, step, steps + step - 1]] = (1.0, -1.0, -1.0)
    return Sums(counts, equations, frozenset(cell for cell, n in enumerate(counts) if rules.hides(int(n))))


def _merges(cell: int, steps: int) -> list[tuple[int, ...]]:
    """Nearest steps first; the first and the last count, which readers need most, only when all else is hidden."""
    exclusion = cell - steps + 1 if cell >= steps else max(cell, 1)
    inner = sorted(range(1, steps - 1), key=lambda step: (abs(step + 0.5 - exclusion), step))
    merged = [(step, *(steps + other - 1 for other in (step, step + 1))) for step in inner]
    return [*merged, (0,), (steps - 1,)]
