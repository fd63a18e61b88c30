"""From true records to what each agency holds: its own list of people, its own numbers, its own delays.

What is held here is right. Whatever an agency gets wrong comes after it, in the listings made from these records, so
that neither the truth nor the layouts of extracts know of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from synthetic.county import County
from synthetic.history import Events, Spells, TrueRecords, date_records
from synthetic.homes import first_homes
from synthetic.household_changes import change_households
from synthetic.households import Households, settled
from synthetic.identities import Identities, draw_identities
from synthetic.interventions import Support
from synthetic.outcomes import Histories
from synthetic.schools import draw_schools
from synthetic.twins import NO_TWINS, born_together, draw_twins

# The kinds that each agency holds; it knows the people who have at least one record of them.
HOLDINGS = {
    "police": (
        "asb_incident",
        "police_callout",
        "domestic_abuse_callout",
        "asbo",
        "asb_injunction",
        "asb_contract",
    ),
    "youth_offending": ("proven_offence",),
    "dwp": ("out_of_work_benefit",),
    "housing": ("housing_asb_action",),
    "education": (
        "fixed_exclusion",
        "permanent_exclusion",
        "pupil_referral_unit",
        "alternative_provision",
        "off_roll",
    ),
    "childrens_services": ("concern", "child_in_need", "child_protection_plan", "looked_after"),
    "programme": (),
}
# The letters and the digits of each agency's numbers of people; a country's numbers have more digits.
_LOCAL_IDS = {
    "police": ("N", 7),
    "youth_offending": ("YOS", 6),
    "dwp": ("C", 8),
    "housing": ("H", 8),
    "education": ("P", 7),
    "childrens_services": ("CS", 7),
    "programme": ("TF", 6),
}
_MORE_DIGITS = 2
# Days from what happened to its being recorded, shortest and longest.
_DELAYS = {
    "asb_incident": (0, 5),
    "police_callout": (0, 3),
    "domestic_abuse_callout": (0, 3),
    "asbo": (3, 14),
    "asb_injunction": (3, 14),
    "asb_contract": (3, 14),
    "housing_asb_action": (7, 28),
    "proven_offence": (30, 180),
    "fixed_exclusion": (200, 260),
    "permanent_exclusion": (200, 260),
    "concern": (0, 7),
    "out_of_work_benefit": (25, 35),
    "pupil_referral_unit": (20, 60),
    "alternative_provision": (20, 60),
    "off_roll": (20, 60),
    "child_in_need": (1, 14),
    "child_protection_plan": (1, 14),
    "looked_after": (1, 14),
    "employment": (25, 60),
    "work_programme_sent": (7, 28),
    "work_programme": (7, 28),
    "esf_provision": (7, 28),
    "attendance": (14, 60),
}


@dataclass(frozen=True, eq=False)
class Register:
    """An agency's list of people, in the order of the numbers it gave them.

    ``second_ids`` are numbers for people whom it lists twice by mistake, one for each; ``unknown_ids`` are nobody's.
    """

    people: np.ndarray
    local_ids: np.ndarray
    second_ids: np.ndarray
    unknown_ids: np.ndarray

    def ids(self, people: np.ndarray) -> np.ndarray:
        """Return the agency's numbers of these people, all of whom it must know."""
        order = np.argsort(self.people)
        return self.local_ids[order[np.searchsorted(self.people, people, sorter=order)]]


@dataclass(frozen=True, eq=False)
class AgencyRecords:
    """Everything that extracts are made from; they number people through registers only.

    ``schools`` are the numbers of the families' schools, ``last_home`` is the home that each person moved to last,
    ``twins`` the pairs of children who were made to be born on one day.
    """

    county: County
    identities: Identities
    truth: TrueRecords
    registers: dict[str, Register]
    households: Households
    schools: np.ndarray
    last_home: np.ndarray
    twins: np.ndarray

    def events(self, agency: str, kinds: Sequence[str]) -> dict[str, np.ndarray]:
        """Return the agency's events of these kinds as columns (person, kind, local_id, date, recorded_on)."""
        parts = [(kind, self.truth.events[kind]) for kind in kinds]
        return self._together(agency, parts, {"date": [part.date for _, part in parts]}, "date")

    def spells(self, agency: str, kinds: Sequence[str]) -> dict[str, np.ndarray]:
        """Return the agency's spells as columns (person, kind, local_id, start_date, end_date, recorded_on)."""
        return self.dated(agency, {kind: self.truth.spells[kind] for kind in kinds})

    def dated(self, agency: str, spells: Mapping[str, Spells]) -> dict[str, np.ndarray]:
        """Return spells by kind, of people whom the agency knows, as the columns of ``spells``."""
        parts = list(spells.items())
        dates = {"start_date": [part.start for _, part in parts], "end_date": [part.end for _, part in parts]}
        return self._together(agency, parts, dates, "start_date")

    def recorded_on(self, kind: str, dates: np.ndarray) -> np.ndarray:
        """Return the day on which each of these dates' records was made."""
        rng = self.county.streams.of(f"{kind} delays")
        return dates + rng.integers(*_DELAYS[kind], endpoint=True, size=len(dates)).astype("timedelta64[D]")

    def _together(
        self,
        agency: str,
        parts: list[tuple[str, Events | Spells]],
        dates: dict[str, list[np.ndarray]],
        happened: str,
    ) -> dict[str, np.ndarray]:
        recorded = [self.recorded_on(kind, when) for (kind, _), when in zip(parts, dates[happened], strict=True)]
        person = np.concatenate([part.person for _, part in parts])
        columns = {
            "person": person,
            "kind": np.repeat(np.array([kind for kind, _ in parts], dtype=object), [len(p.person) for _, p in parts]),
            "local_id": self.registers[agency].ids(person),
            **{name: np.concatenate(values) for name, values in dates.items()},
            "recorded_on": np.concatenate(recorded),
        }
        order = np.lexsort((columns["local_id"].astype(str), columns["recorded_on"]))
        return {name: values[order] for name, values in columns.items()}


def hold_records(county: County, observed: Histories, support: Support, *, faults: bool) -> AgencyRecords:
    """Return the agencies' records of a county whose families lived through ``observed``.

    With ``faults`` there are twins among the children, and households move, part and join.
    """
    truth = date_records(county, observed, support)
    identities, homes = draw_identities(county), first_homes(county)
    twins = draw_twins(county, identities) if faults else NO_TWINS
    county = born_together(county, twins)
    households = change_households(county, homes, truth.spells["looked_after"]) if faults else settled(county, homes)
    return AgencyRecords(
        county=county,
        identities=identities,
        truth=truth,
        registers=_registers(county, truth, households),
        households=households,
        schools=draw_schools(county),
        last_home=households.last_homes(county.population.family),
        twins=twins,
    )


def _registers(county: County, truth: TrueRecords, households: Households) -> dict[str, Register]:
    known = {agency: _known(truth, agency) for agency in HOLDINGS}
    known["education"] = np.union1d(known["education"], truth.attendance.person)
    known["programme"] = np.unique(truth.support.person)
    known["housing"] = np.unique(households.members.who)
    return {agency: _register(county, agency, people) for agency, people in known.items()}


def _known(truth: TrueRecords, agency: str) -> np.ndarray:
    records = {**truth.events, **truth.spells}
    return np.unique(np.concatenate([np.array([], dtype=np.int64), *(records[k].person for k in HOLDINGS[agency])]))


def _register(county: County, agency: str, people: np.ndarray) -> Register:
    letters, digits = _LOCAL_IDS[agency]
    digits += 0 if county.block.is_whole else _MORE_DIGITS
    numbers = county.block.draw(county.streams.of(f"{agency} numbers"), 10**digits, len(people))
    other = county.block.draw(county.streams.of(f"{agency} spare numbers"), 10**digits, 4 * len(people))
    other = other[~np.isin(other, numbers)]
    order = np.argsort(numbers)
    pattern = f"{letters}{{:0{digits}d}}"
    return Register(
        people=people[order],
        local_ids=_local_ids(pattern, numbers[order]),
        second_ids=_local_ids(pattern, other[: len(people)]),
        unknown_ids=_local_ids(pattern, other[len(people) : 2 * len(people)]),
    )


def _local_ids(pattern: str, numbers: np.ndarray) -> np.ndarray:
    return np.array([pattern.format(number) for number in numbers.tolist()], dtype=object)
