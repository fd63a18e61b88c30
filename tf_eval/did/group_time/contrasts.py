"""Contrasts: cells of one group that rest on exactly the same rows, and so share their models."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tf_eval.did.group_time.groups import Group
from tf_eval.did.group_time.rows import Rows, Some
from tf_eval.did.reading.covariates import Covariates
from tf_eval.did.reading.panel import Panel


@dataclass(frozen=True, eq=False)
class Contrast:
    """Treated and comparison rows, and some cells of a group (``cells``, by their place in it).

    The cells are changes from the outcome columns ``base`` to ``after``; covariates are those at ``position``. Of each
    categorical covariate ``alone`` are the units that would be treated rows, had their category any comparison row.
    """

    group: int
    cells: np.ndarray
    after: np.ndarray
    base: np.ndarray
    position: int
    treated: Rows
    compared: Rows
    alone: tuple[np.ndarray, ...] = ()

    @cached_property
    def columns(self) -> np.ndarray:
        """The outcome columns that the cells need, each once."""
        return np.unique(np.concatenate([self.after, self.base]))


@dataclass(frozen=True, eq=False)
class Gaps:
    """Which outcome columns of which units are seen, and which blocks have no gap at all (by their first row)."""

    seen: np.ndarray
    whole: frozenset[int]

    @classmethod
    def of(cls, levels: np.ndarray, blocks: Iterable[slice]) -> "Gaps":
        seen = np.isfinite(levels)
        return cls(seen, frozenset(rows.start for rows in blocks if seen[rows].all()))


def find_contrasts(panel: Panel, gaps: Gaps, number: int, group: Group, usable: np.ndarray) -> Iterator[Contrast]:
    """Yield the contrasts of a group; ``usable`` says of which units of the panel everything but the period is known.

    Where no unit has a gap the blocks serve whole, and cells differ only by the blocks that are still untreated.
    """
    blocks = [group.treated.rows, *(block.rows for block in group.pool)]
    served = np.vstack([np.ones(len(group.after), dtype=bool), group.free])
    if all(rows.start in gaps.whole and usable[rows].all() for rows in blocks):
        rows_of = served
        parts: list[Some] = blocks
        arms = _whole_blocks
    else:
        parts = [np.arange(rows.start, rows.stop) for rows in blocks]
        rows_of = _usable_rows(gaps, group, parts, served, usable)
        arms = _single_rows
    for cells in _alike(rows_of):
        treated, compared = arms(parts, rows_of[:, cells[0]])
        contrast = Contrast(number, cells, group.after[cells], group.base[cells], group.position, treated, compared)
        yield _in_shared_categories(panel.covariates, contrast)


def _usable_rows(
    gaps: Gaps, group: Group, parts: list[np.ndarray], served: np.ndarray, usable: np.ndarray
) -> np.ndarray:
    """Return rows by cells: whether a row serves a cell."""
    rows = np.concatenate(parts)
    seen = gaps.seen[rows]
    serves = seen[:, group.after] & seen[:, group.base] & usable[rows, None]
    return serves & np.repeat(served, [len(part) for part in parts], axis=0)


def _whole_blocks(parts: list[Some], chosen: np.ndarray) -> tuple[Rows, Rows]:
    return Rows(tuple(parts[:1])), Rows(tuple(part for part, taken in zip(parts[1:], chosen[1:], strict=True) if taken))


def _single_rows(parts: list[Some], chosen: np.ndarray) -> tuple[Rows, Rows]:
    rows, treated = np.concatenate(parts), np.arange(len(chosen)) < len(parts[0])
    compared = np.sort(rows[chosen & ~treated])
    return Rows((rows[chosen & treated],)), Rows((compared,))


def _alike(rows_of: np.ndarray) -> list[np.ndarray]:
    """Group the columns (cells) that use exactly the same rows."""
    packed = np.packbits(rows_of, axis=0)
    alike: dict[bytes, list[int]] = {}
    for column in range(rows_of.shape[1]):
        alike.setdefault(packed[:, column].tobytes(), []).append(column)
    return [np.array(columns) for columns in alike.values()]


def _in_shared_categories(covariates: Covariates, contrast: Contrast) -> Contrast:
    """Keep the rows in categories that both arms have; the others have nobody to be compared with."""
    if not covariates.levels.shape[1]:
        return contrast
    arms = [contrast.treated.positions(), contrast.compared.positions()]
    shared, alone = _shared([covariates.levels_at(rows, contrast.position) for rows in arms])
    if all(taken.all() for taken in shared):
        return contrast
    treated, compared = (Rows((rows[taken],)) for rows, taken in zip(arms, shared, strict=True))
    return replace(contrast, treated=treated, compared=compared, alone=tuple(arms[0][some] for some in alone))


def _shared(codes: list[np.ndarray]) -> tuple[list[np.ndarray], np.ndarray]:
    """Return which rows of each arm stay, and for want of which category a treated row does not (covariates by rows).

    ``codes`` are the categories of both arms, rows by covariates. A row that goes may have been the last of another
    category in its arm, so all are looked at until none goes.
    """
    shared, alone = [np.ones(len(arm), dtype=bool) for arm in codes], np.zeros(codes[0].T.shape, dtype=bool)
    n_before, n_left = None, sum(map(len, shared))
    while n_left != n_before:
        for column, own in enumerate(zip(*(arm.T for arm in codes), strict=True)):
            both = np.intersect1d(*(values[taken] for values, taken in zip(own, shared, strict=True)))
            left = [taken & np.isin(values, both) for values, taken in zip(own, shared, strict=True)]
            alone[column] |= shared[0] & ~left[0]
            shared = left
        n_before, n_left = n_left, sum(map(np.count_nonzero, shared))
    return shared, alone
