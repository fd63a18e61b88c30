"""Who is compared with whom: groups of treated units, the units that may serve them, and the cells to be estimated."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tf_eval.did.design import Design
from tf_eval.did.reading.panel import Panel


@dataclass(frozen=True, eq=False)
class Block:
    """Neighbouring units of a panel that belong to one set, adopted in one period and have one ``reach``."""

    set_code: int
    adopted: float
    rows: slice
    reach: int


@dataclass(frozen=True, eq=False)
class Group:
    """Treated units of one set and adoption, every block of that set which may serve them, and the group's cells.

    A cell compares the change of the outcome from column ``base`` to column ``after``, its period. ``reference`` tells
    which cell is the base itself, and ``free`` (blocks of ``pool`` by cells) which blocks are untreated in both
    periods. ``position`` is the last period before treatment, at which covariates are taken.
    """

    treated: Block
    pool: tuple[Block, ...]
    after: np.ndarray
    base: np.ndarray
    reference: np.ndarray
    free: np.ndarray
    position: int

    @property
    def adopted(self) -> float:
        return self.treated.adopted


def find_blocks(panel: Panel) -> list[Block]:
    """Return the blocks of a panel, in its order."""
    code, adopted = panel.set_code, panel.adopted
    starts = np.flatnonzero(np.diff(panel.block, prepend=-1))
    stops = np.append(starts[1:], len(panel))
    return [
        Block(int(code[start]), float(adopted[start]), slice(int(start), int(stop)), int(panel.reach[start]))
        for start, stop in zip(starts, stops, strict=True)
    ]


def find_groups(panel: Panel, design: Design) -> list[Group]:
    """Return one group per set and adoption within the panel, in order of set, then adoption.

    Units treated after the last period (and its anticipation) count as never treated, as in the reference
    implementation: nothing that is seen of them is affected.
    """
    last, groups = panel.periods[-1], []
    for blocks in by_set(find_blocks(panel)):
        never = [block for block in blocks if block.adopted > last + design.anticipation]
        for block in blocks:
            if block.adopted <= last:
                others = [other for other in blocks if other is not block]
                pool = never if design.comparison == "never_treated" else others
                groups.append(group_against(panel, design, block, tuple(pool)))
    return groups


def by_set(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Yield the blocks of each set."""
    of_set: dict[int, list[Block]] = {}
    for block in blocks:
        of_set.setdefault(block.set_code, []).append(block)
    yield from of_set.values()


def group_against(panel: Panel, design: Design, block: Block, pool: tuple[Block, ...]) -> Group:
    """Return the group of a block of treated units, with the blocks that it is compared with."""
    periods, start = panel.periods, block.adopted - design.anticipation
    end = int(np.searchsorted(periods, start))
    after = np.arange(1 if design.baseline == "varying" else 0, len(periods))
    before = periods[after] < start
    base = np.where((design.baseline == "varying") & before, after - 1, end - 1)
    latest = periods[np.maximum(after, base)] + design.anticipation
    return Group(
        treated=block,
        pool=pool,
        after=after,
        base=base,
        reference=(base == after) & _is_single(periods, start, end, design),
        free=np.array([other.adopted > latest for other in pool], dtype=bool).reshape(len(pool), len(after)),
        position=end - 1,
    )


def _is_single(periods: np.ndarray, start: float, end: int, design: Design) -> bool:
    """Say whether the base before ``end`` is one period: of a window, the only one that the panel has of it."""
    return design.window is None or int(np.searchsorted(periods, start - design.window)) == end - 1
