"""Potential outcomes: what families meet month by month, without support or with it, from the same uniforms."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from synthetic.county import County
from synthetic.model import Count, State
from synthetic.population import minors
from synthetic.quantiles import binomial_quantile, poisson_quantile
from synthetic.terms import school_year

# (kind, part) -> change of the log-rate, log-odds or log-hazard, by family and month (absence: by family and term).
Shifts = Mapping[tuple[str, str], np.ndarray]
NO_SHIFTS: Shifts = {}

_OFFENDING_AGES = (10, 18)
_SECONDARY_AGES = (11, 18)


@dataclass(frozen=True, eq=False)
class Histories:
    """Outcomes of some families under one regime.

    ``families`` are rows of the population, ``children`` positions in its ``children``, ``owner`` the row in this
    object of each child's family. Tables are families x months or children x months; ``possible`` and
    ``unauthorised`` sessions are children x terms.
    """

    families: np.ndarray
    children: np.ndarray
    owner: np.ndarray
    family_counts: dict[str, np.ndarray]
    child_counts: dict[str, np.ndarray]
    family_states: dict[str, np.ndarray]
    child_states: dict[str, np.ndarray]
    possible: np.ndarray
    unauthorised: np.ndarray

    def count(self, *kinds: str) -> np.ndarray:
        """Return families x months: how many records of these kinds the family has."""
        found = (self.family_counts[k] if k in self.family_counts else self.gather(self.child_counts[k]) for k in kinds)
        return sum(table.astype(np.int32) for table in found)

    def state(self, *kinds: str) -> np.ndarray:
        """Return families x months: anybody of the family is in one of these states at the month's end."""
        found = [self.family_states[k] if k in self.family_states else self.gather(self.child_states[k]) for k in kinds]
        return np.logical_or.reduce(found)

    def gather(self, table: np.ndarray) -> np.ndarray:
        """Return the sum (numbers) or the union (truth values) of a children's table over each family."""
        first = np.searchsorted(self.owner, np.arange(len(self.families)))
        operation, kind = (np.logical_or, bool) if table.dtype == bool else (np.add, np.int32)
        return operation.reduceat(table, first, axis=0, dtype=kind)

    def of(self, families: np.ndarray) -> "Histories":
        """Return the histories of some families (rows of the population, ascending) of a history of all families."""
        kept = np.flatnonzero(np.isin(self.owner, families))
        return Histories(
            families=families,
            children=self.children[kept],
            owner=np.searchsorted(families, self.owner[kept]),
            family_counts={kind: table[families] for kind, table in self.family_counts.items()},
            child_counts={kind: table[kept] for kind, table in self.child_counts.items()},
            family_states={kind: table[families] for kind, table in self.family_states.items()},
            child_states={kind: table[kept] for kind, table in self.child_states.items()},
            possible=self.possible[kept],
            unauthorised=self.unauthorised[kept],
        )

    def replaced_by(self, other: "Histories") -> "Histories":
        """Return a history of all families in which the families of ``other`` have their histories from there."""
        return replace(
            self,
            family_counts=_overwrite(self.family_counts, other.family_counts, other.families),
            child_counts=_overwrite(self.child_counts, other.child_counts, other.children),
            family_states=_overwrite(self.family_states, other.family_states, other.families),
            child_states=_overwrite(self.child_states, other.child_states, other.children),
            unauthorised=_overwrite({"": self.unauthorised}, {"": other.unauthorised}, other.children)[""],
            possible=_overwrite({"": self.possible}, {"": other.possible}, other.children)[""],
        )


def _overwrite(tables: dict[str, np.ndarray], others: dict[str, np.ndarray], rows: np.ndarray) -> dict[str, np.ndarray]:
    copies = {kind: table.copy() for kind, table in tables.items()}
    for kind, copy in copies.items():
        copy[rows] = others[kind]
    return copies


@dataclass(frozen=True, eq=False)
class _Rows:
    """The families and children that are drawn, with what they are exposed to."""

    county: County
    families: np.ndarray
    children: np.ndarray
    owner: np.ndarray
    shifts: Shifts

    def shift(self, kind: str, part: str, owner: np.ndarray | None = None) -> np.ndarray | float:
        shift = self.shifts.get((kind, part))
        if shift is None:
            return np.float32(0)
        return shift if owner is None else shift[owner]


def draw_histories(county: County, families: np.ndarray | None = None, shifts: Shifts = NO_SHIFTS) -> Histories:
    """Return the outcomes of ``families`` (default: all) when their rates are shifted by ``shifts``.

    The rows of each shift stand in the order of ``families``. Without shifts these are the outcomes without support.
    """
    rows = _rows(county, families, shifts)
    need = county.need[rows.families]
    child_need = need[rows.owner]
    child_states = _child_states(rows, child_need)
    possible = _possible(rows, child_states["off_roll"])
    return Histories(
        families=rows.families,
        children=rows.children,
        owner=rows.owner,
        family_counts=_family_counts(rows, need),
        child_counts=_child_counts(rows, child_need),
        family_states=_family_states(rows, need),
        child_states=child_states,
        possible=possible,
        unauthorised=_unauthorised(rows, need, possible),
    )


def _rows(county: County, families: np.ndarray | None, shifts: Shifts) -> _Rows:
    population = county.population
    families = np.arange(population.families) if families is None else np.asarray(families)
    place = np.full(population.families, -1)
    place[families] = np.arange(len(families))
    owner = place[population.family[population.children]]
    children = np.flatnonzero(owner >= 0)
    children = children[np.argsort(owner[children], kind="stable")]
    return _Rows(county, families, children, owner[children], shifts)


def _family_counts(rows: _Rows, need: np.ndarray) -> dict[str, np.ndarray]:
    present = rows.county.population.present(rows.county.clock, rows.families)
    with_minor = present & minors(rows.county.population, rows.county.clock, rows.families)
    return {
        kind: _counts(rows, kind, count, need, with_minor if kind == "concern" else present)
        for kind, count in rows.county.preset.model.family_counts.items()
    }


def _child_counts(rows: _Rows, need: np.ndarray) -> dict[str, np.ndarray]:
    county = rows.county
    present = county.population.present(county.clock, rows.families)[rows.owner]
    offending = present & county.population.aged(county.clock, rows.children, years=_OFFENDING_AGES)
    in_lessons = present & _in_school_year(rows) & (county.terms.of_month >= 0)
    secondary = county.population.aged(county.clock, rows.children, years=_SECONDARY_AGES)
    weight = np.where(secondary, np.float32(1), np.float32(county.preset.model.primary_school))
    exposure = {"proven_offence": offending}
    return {
        kind: _counts(rows, kind, count, need, exposure.get(kind, in_lessons * weight), owner=rows.owner)
        for kind, count in county.preset.model.child_counts.items()
    }


def _counts(
    rows: _Rows, kind: str, count: Count, need: np.ndarray, exposure: np.ndarray, owner: np.ndarray | None = None
) -> np.ndarray:
    """Draw Poisson counts whose log-rate rises with need, at the quantiles of the kind's own uniforms."""
    county = rows.county
    taken = rows.families if owner is None else rows.children
    everyone = county.population.families if owner is None else len(county.population.children)
    log_rate = np.float32(np.log(count.rate)) + np.float32(count.slope) * need
    if count.local_recording:
        district = county.population.district[rows.families if owner is None else rows.families[owner]]
        log_rate += county.recording[kind][district]
    if owner is not None:
        log_rate += np.float32(count.disposition) * county.population.disposition[taken][:, None]
    log_rate = np.minimum(log_rate, np.float32(np.log(county.preset.model.highest_rate)))
    rate = np.exp(log_rate + rows.shift(kind, "rate", owner)) * exposure
    uniforms = county.streams.uniforms(kind, (everyone, county.clock.columns))[taken]
    return poisson_quantile(uniforms, rate)


def _family_states(rows: _Rows, need: np.ndarray) -> dict[str, np.ndarray]:
    county = rows.county
    uniforms = {
        kind: county.streams.uniforms(kind, (county.population.families, county.clock.columns))[rows.families]
        for kind in county.preset.model.family_states
    }
    with_minor = minors(county.population, county.clock, rows.families)
    anyone = np.ones_like(with_minor)
    return {
        kind: _chain(rows, kind, state, need, anyone if kind == "out_of_work_benefit" else with_minor, uniforms[kind])
        for kind, state in county.preset.model.family_states.items()
    }


def _child_states(rows: _Rows, need: np.ndarray) -> dict[str, np.ndarray]:
    county = rows.county
    possible = _in_school_year(rows)
    shape = (len(county.population.children), county.clock.columns)
    return {
        kind: _chain(rows, kind, state, need, possible, county.streams.uniforms(kind, shape)[rows.children], rows.owner)
        for kind, state in county.preset.model.child_states.items()
    }


def _chain(
    rows: _Rows,
    kind: str,
    state: State,
    need: np.ndarray,
    possible: np.ndarray,
    uniforms: np.ndarray,
    owner: np.ndarray | None = None,
) -> np.ndarray:
    """Draw a two-state chain by month; where it is not ``possible`` the state is left and not entered.

    One uniform serves entry and exit alike, so two regimes that differ for a while fall together again.
    """
    entry = np.log(state.entry) + state.entry_slope * need + rows.shift(kind, "entry", owner)
    leave = np.log(state.exit) + state.exit_slope * need + rows.shift(kind, "exit", owner)
    entry = np.exp(np.minimum(entry, 0)) * possible
    stay = (1 - np.exp(np.minimum(leave, 0))) * possible
    inside = np.zeros(need.shape, dtype=bool)
    inside[:, 0] = uniforms[:, 0] < (entry / (entry + 1 - stay))[:, 0]
    for column in range(1, need.shape[1]):
        chance = np.where(inside[:, column - 1], stay[:, column], entry[:, column])
        inside[:, column] = uniforms[:, column] < chance
    return inside


def _in_school_year(rows: _Rows) -> np.ndarray:
    """Return children x months: of school age in the school year that the month belongs to, holidays included."""
    years, month_of = np.unique(school_year(rows.county.clock.months), return_inverse=True)
    return rows.county.population.at_school(years, rows.children)[:, month_of]


def _possible(rows: _Rows, off_roll: np.ndarray) -> np.ndarray:
    """Return possible sessions (children x terms): those of the term, less the months spent on no school's roll."""
    county = rows.county
    lessons = county.terms.covers()
    on_roll = np.stack([1 - off_roll[:, months].mean(axis=1) for months in lessons], axis=1)
    last = np.array([np.flatnonzero(months)[-1] for months in lessons])
    here = county.population.present(county.clock, rows.families)[rows.owner][:, last]
    enrolled = county.population.at_school(county.terms.autumn(), rows.children)
    return np.rint(county.terms.sessions * on_roll * here * enrolled).astype(np.int16)


def _unauthorised(rows: _Rows, need: np.ndarray, possible: np.ndarray) -> np.ndarray:
    """Draw unauthorised sessions: a binomial share whose log-odds rise with the family's mean need in the term."""
    county, absence = rows.county, rows.county.preset.model.absence
    term_need = np.stack([need[:, months].mean(axis=1) for months in county.terms.covers()], axis=1)
    log_odds = absence.unauthorised + absence.slope * term_need + rows.shift("unauthorised_absence", "share")
    own = absence.disposition * county.population.disposition[rows.children]
    share = 1 / (1 + np.exp(-(log_odds[rows.owner] + own[:, None]).astype(np.float64)))
    shape = (len(county.population.children), len(county.terms))
    uniforms = county.streams.uniforms("unauthorised_absence", shape)[rows.children]
    return binomial_quantile(uniforms, possible, np.minimum(share, 0.95))
