"""A flow of families through steps, as it may be shown."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tf_eval.errors import InputError
from tf_eval.release.attack import Sums, protect
from tf_eval.release.rules import Rules
from tf_eval.release.shorthand import NOT_APPLICABLE, SUPPRESSED


@dataclass(frozen=True)
class Arm:
    """The steps of one arm: families left after each, and excluded by it (the first step excludes nobody).

    ``begins_at`` is the place (number of an earlier arm, number of its step) of the step with which this arm begins.
    """

    families: Sequence[int]
    excluded: Sequence[int]
    begins_at: tuple[int, int] | None = None


@dataclass(frozen=True)
class ReleasedFlow:
    """Families left after each step, and families excluded by it: rounded counts, ``[c]``, or ``[z]`` at the start."""

    families: tuple[int | str, ...]
    excluded: tuple[int | str, ...]


@dataclass(frozen=True)
class _Chain:
    """Which cells of the whole flow are the steps of an arm (n of them), and which its exclusions (n - 1)."""

    left: tuple[int, ...]
    gone: tuple[int, ...]


def release_flow(arms: Sequence[Arm], rules: Rules) -> list[ReleasedFlow]:
    """Return the arms of a flow, with small exclusions hidden and not to be had from the counts around them.

    All arms are one system: a step at which one arm begins and another passes is one number, shown or hidden in both.
    Where the rounded neighbours of a hidden exclusion would give it away, the step is merged with the next one: their
    numbers are hidden together. Raises ``InputError`` where the steps do not add up.
    """
    for arm in arms:
        _check(arm)
    chains = _chains(arms)
    sums = _sums(arms, chains, rules)
    hidden = protect(sums, rules, lambda cell: _merges(cell, chains))
    shown = [SUPPRESSED if cell in hidden else rules.shown(int(count)) for cell, count in enumerate(sums.counts)]
    return [
        ReleasedFlow(tuple(shown[cell] for cell in chain.left), (NOT_APPLICABLE, *(shown[cell] for cell in chain.gone)))
        for chain in chains
    ]


def _check(arm: Arm) -> None:
    left, gone = np.asarray(arm.families, dtype=np.int64), np.asarray(arm.excluded, dtype=np.int64)
    if len(left) == 0 or len(left) != len(gone) or (left < 0).any() or (gone < 0).any() or gone[0] != 0:
        raise InputError("release: a flow needs its first step without exclusions, and no number below zero.")
    if (left[:-1] - left[1:] != gone[1:]).any():
        raise InputError("release: a flow must add up: families left are those before less those excluded.")


def _chains(arms: Sequence[Arm]) -> list[_Chain]:
    """Number the cells of all arms; a step that two arms share has one number."""
    chains: list[_Chain] = []
    cells = 0
    for arm in arms:
        steps = len(arm.families)
        own = tuple(range(cells, cells + 2 * steps - 1))
        if arm.begins_at is not None:
            number, step = arm.begins_at
            own = (chains[number].left[step], *own[:-1])
        chains.append(_Chain(own[:steps], own[steps:]))
        cells += 2 * steps - 1 - (arm.begins_at is not None)
    return chains


def _sums(arms: Sequence[Arm], chains: Sequence[_Chain], rules: Rules) -> Sums:
    known = {
        cell: count
        for arm, chain in zip(arms, chains, strict=True)
        for cell, count in zip((*chain.left, *chain.gone), (*arm.families, *arm.excluded[1:]), strict=True)
    }
    counts = np.array([known[cell] for cell in sorted(known)], dtype=np.int64)
    links = [link for chain in chains for link in zip(chain.left, chain.left[1:], chain.gone, strict=False)]
    equations = np.zeros((len(links), len(counts)))
    for row, (before, after, gone) in enumerate(links):
        equations[row, [before, after, gone]] = (1.0, -1.0, -1.0)
    return Sums(counts, equations, frozenset(cell for cell, count in known.items() if rules.hides(int(count))))


def _merges(cell: int, chains: Sequence[_Chain]) -> list[tuple[int, ...]]:
    """Merges in the arms that the cell stands in; only when all of these are hidden, the ends of these arms."""
    own = [chain for chain in chains if cell in (*chain.left, *chain.gone)]
    merged = [group for chain in own for group in _inner_merges(cell, chain)]
    return [*merged, *((chain.left[0],) for chain in own), *((chain.left[-1],) for chain in own)]


def _inner_merges(cell: int, chain: _Chain) -> list[tuple[int, ...]]:
    """Nearest steps first; the first and the last count, which readers need most, are not among them."""
    exclusion = chain.gone.index(cell) + 1 if cell in chain.gone else max(chain.left.index(cell), 1)
    inner = sorted(range(1, len(chain.left) - 1), key=lambda step: (abs(step + 0.5 - exclusion), step))
    return [(chain.left[step], chain.gone[step - 1], chain.gone[step]) for step in inner]
