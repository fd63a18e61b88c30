"""Who is compared with whom: units that changed treatment at once and in one direction, and those yet to change."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from tf_eval.did.design import Design
from tf_eval.did.group_time.groups import Group, by_set, find_blocks, group_against
from tf_eval.did.reading.panel import Panel


def find_switchers(panel: Panel, design: Design, effects: int, placebos: int) -> list[Group]:
    """Return one group per start treatment, first change and direction, with its cells after and before the change.

    A placebo is on the same units as the effect as long after the change, and has the same ones to compare with (de
    Chaisemartin and D'Haultfoeuille 2024, section 4): neither side may change treatment up to then.
    """
    return list(_find(panel, design, effects, placebos))


def _find(panel: Panel, design: Design, effects: int, placebos: int) -> Iterator[Group]:
    for blocks in by_set(find_blocks(panel)):
        for block in blocks:
            if block.reach:
                pool = tuple(other for other in blocks if other.adopted > block.adopted)
                yield _windowed(panel, group_against(panel, design, block, pool), effects, placebos)


def _windowed(panel: Panel, group: Group, effects: int, placebos: int) -> Group:
    periods, base = panel.periods[group.after], panel.periods[group.base]
    since = periods - group.adopted
    window = (since >= -1 - placebos) & (since < effects) & (periods != base)
    # As many periods after the base as the cell is away from it.
    mirrored = base + np.abs(periods - base)
    served = np.array([block.adopted for block in group.pool])[:, None] > mirrored
    known = np.isin(mirrored, panel.periods)
    return replace(
        group,
        after=group.after[window],
        base=group.base[window],
        reference=group.reference[window],
        free=(served & known)[:, window],
    )


def with_mirrored(panel: Panel, groups: Sequence[Group]) -> tuple[Panel, list[Group]]:
    """Return a panel with columns for the placebos, seen where their effect's period is as well, and groups on them."""
    columns: dict[tuple[int, int], int] = {}
    placed = []
    for group in groups:
        pairs = zip(group.after, mirrored_at(panel.periods, group.after, group.base), group.base, strict=True)
        after = [
            int(own) if own > base else columns.setdefault((int(own), int(mirror)), len(panel.periods) + len(columns))
            for own, mirror, base in pairs
        ]
        placed.append(replace(group, after=np.array(after, dtype=np.int64)))
    own, mirror = np.array(list(columns), dtype=np.int64).reshape(-1, 2).T
    outcome = np.where(np.isfinite(panel.outcome[:, mirror]), panel.outcome[:, own], np.nan)
    periods = np.concatenate([panel.periods, panel.periods[own]])
    return replace(panel, outcome=np.hstack([panel.outcome, outcome]), periods=periods), placed


def mirrored_at(periods: np.ndarray, after: np.ndarray, base: np.ndarray) -> np.ndarray:
    """Return the positions of the periods that are as long after the base as others are away from it."""
    mirrored = periods[base] + np.abs(periods[after] - periods[base])
    return np.searchsorted(periods, mirrored, side="right") - 1
