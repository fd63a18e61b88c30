"""Who is compared with whom: groups of treated units, the units that may serve them, and their outcome changes."""

from dataclasses import dataclass

import numpy as np

from tf_eval.did.design import Design
from tf_eval.did.panel import Panel


@dataclass(frozen=True, eq=False)
class Group:
    """Treated units of one set and adoption, and every unit of that set which may be compared with them."""

    set_code: int
    adopted: float
    treated: np.ndarray
    pool: np.ndarray

    @property
    def units(self) -> np.ndarray:
        return np.concatenate([self.treated, self.pool])

    @property
    def is_treated(self) -> np.ndarray:
        return np.arange(len(self.treated) + len(self.pool)) < len(self.treated)


@dataclass(frozen=True, eq=False)
class Changes:
    """Outcome less base, units of the group by cells; NaN where a unit does not serve a cell.

    ``positions`` are the cells' periods as positions in the panel, ``reference`` tells which cell is the base itself.
    """

    values: np.ndarray
    positions: np.ndarray
    reference: np.ndarray
    matrix: np.ndarray
    levels: np.ndarray
    without_base: np.ndarray
    without_covariates: np.ndarray

    @property
    def left_out(self) -> np.ndarray:
        return self.without_base | self.without_covariates


def find_groups(panel: Panel, design: Design) -> list[Group]:
    """Return one group per set and adoption within the panel, in order of set, then adoption.

    Units treated after the last period (and its anticipation) count as never treated, as in the reference
    implementation: nothing that is seen of them is affected.
    """
    last = panel.periods[-1]
    groups = []
    for set_code, members in enumerate(_members(panel.set_code)):
        adopted = panel.adopted[members]
        never = adopted > last + design.anticipation
        for value in np.unique(adopted[adopted <= last]):
            pool = never if design.comparison == "never_treated" else adopted != value
            groups.append(Group(set_code, float(value), members[adopted == value], members[pool]))
    return groups


def outcome_changes(panel: Panel, design: Design, group: Group) -> Changes:
    """Return what each unit of the group adds to each cell, and who cannot serve at all."""
    units, start = group.units, group.adopted - design.anticipation
    last_before = int(np.searchsorted(panel.periods, start)) - 1
    outcome = panel.outcome[units]
    positions = np.arange(1 if design.baseline == "varying" else 0, len(panel.periods))
    bases = [_base(panel.periods, design, start, position) for position in positions]
    levels_of = {base: _level(outcome, base, design) for base in set(bases)}
    values = outcome[:, positions] - np.column_stack([levels_of[base] for base in bases])
    matrix, levels, complete = panel.covariates.at(units, last_before)
    without_base = np.isnan(levels_of[bases[-1]]) if design.window else np.zeros(len(units), dtype=bool)
    values[~complete | without_base] = np.nan
    values[~_eligible(panel, design, group, positions, bases)] = np.nan
    reference = np.array([base == (position, position + 1) for base, position in zip(bases, positions, strict=True)])
    return Changes(values, positions, reference, matrix, levels, without_base, ~complete)


def _members(codes: np.ndarray) -> list[np.ndarray]:
    """Positions of the units of each set, from one sort."""
    order = np.argsort(codes, kind="stable")
    return np.split(order, np.cumsum(np.bincount(codes))[:-1])


def _base(periods: np.ndarray, design: Design, start: float, position: int) -> tuple[int, int]:
    """First and one past the last position of the base of a cell; ``start`` is when effects may begin."""
    end = int(np.searchsorted(periods, start))
    if design.window:
        return int(np.searchsorted(periods, start - design.window)), end
    if design.baseline == "varying" and periods[position] < start:
        return int(position) - 1, int(position)
    return end - 1, end


def _level(outcome: np.ndarray, base: tuple[int, int], design: Design) -> np.ndarray:
    """Mean outcome over the base; NaN where fewer than half of the window's periods are observed."""
    window = outcome[:, slice(*base)]
    seen = np.isfinite(window).sum(axis=1)
    total = np.where(np.isfinite(window), window, 0.0).sum(axis=1)
    needed = max((design.window or 1) / 2, 1)
    return np.where(seen >= needed, total / np.maximum(seen, 1), np.nan)


def _eligible(
    panel: Panel, design: Design, group: Group, positions: np.ndarray, bases: list[tuple[int, int]]
) -> np.ndarray:
    """Units by cells: the treated always; a comparison unit while neither the period nor the base is treated."""
    ends = np.array([end - 1 for _, end in bases])
    latest = panel.periods[np.maximum(positions, ends)] + design.anticipation
    free = panel.adopted[group.units][:, None] > latest
    return free | group.is_treated[:, None]
