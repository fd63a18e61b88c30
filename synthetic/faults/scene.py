"""What faults are planted in, and the draws by which they strike."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthetic.county import County
from synthetic.listing import Listing
from synthetic.rates import FaultRates
from synthetic.records import AgencyRecords

# Faults that would undo each other never meet: a lot shares the rows out among them, so that a row that one fault
# spares goes to no other when the first is switched off.
_OF_ROWS = (
    "duplicate_row",
    "late_row",
    "orphan_row",
    "future_date",
    "before_birth",
    "end_before_start",
    "overlapping_spell",
    "late_start",
)
_OF_BIRTH_DATES = ("placeholder_birth_date", "missing_birth_date", "birth_date_typo", "before_birth")
BIRTH_DATE_LOTS = len(_OF_BIRTH_DATES)
_OF_NUMBERS = ("missing_identifier", "mistyped_identifier")
_DRAWS = 4


@dataclass(frozen=True, eq=False)
class Strike:
    """The rows that a fault strikes (by number) and three uniforms for each, to choose how."""

    rows: np.ndarray
    luck: np.ndarray


@dataclass(frozen=True, eq=False)
class Scene:
    """The agencies' true records and their flawless listings, from which faults learn what is right."""

    records: AgencyRecords
    flawless: Sequence[Listing]

    @property
    def county(self) -> County:
        return self.records.county

    @property
    def rates(self) -> FaultRates:
        return self.county.preset.faults

    def strike(self, kind: str, listing: Listing, able: np.ndarray, times: np.ndarray | float = 1.0) -> Strike:
        """Return which of the rows that are ``able`` a fault strikes; its rate is multiplied by ``times``.

        Draws belong to the rows of the flawless listing, so they do not move when rows are added or left out.
        """
        lots = next((group for group in (_OF_ROWS, _OF_NUMBERS) if kind in group), (kind,))
        able = able & ~listing.added & (self._lots(lots, listing) == lots.index(kind))
        luck = self.luck(kind, listing, _DRAWS)
        rows = np.flatnonzero(able & (luck[:, 0] < getattr(self.rates, kind) * times * len(lots)))
        return Strike(rows, luck[rows, 1:])

    def luck(self, kind: str, listing: Listing, draws: int) -> np.ndarray:
        """Return uniforms (rows x draws) of the fault's own stream for this listing."""
        rng = self.county.streams.of(f"fault {kind} in {listing.layout.name}")
        return rng.random((2 * listing.flawless, draws))[listing.origin]

    def birth_date_lot(self, kind: str, listing: Listing) -> np.ndarray:
        """Return the rows about people whose birth date, in this agency, is left to this kind of fault.

        A fault that keeps to them strikes them ``BIRTH_DATE_LOTS`` times as often.
        """
        rng = self.county.streams.of(f"fault lots of birth dates of {listing.layout.agency}")
        lot = rng.integers(len(_OF_BIRTH_DATES), size=self.county.population.people)
        return lot[listing.person] == _OF_BIRTH_DATES.index(kind)

    def district(self, listing: Listing) -> np.ndarray:
        """Return the place of each row's district in the preset's list."""
        population = self.county.population
        return population.district[population.family[listing.person]]

    def _lots(self, lots: tuple[str, ...], listing: Listing) -> np.ndarray:
        rng = self.county.streams.of(f"fault lots of {lots[0]} in {listing.layout.name}")
        return rng.integers(len(lots), size=2 * listing.flawless)[listing.origin]
