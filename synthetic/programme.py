"""The programme: identified families are offered support until each district's places of the month are taken."""

from dataclasses import dataclass

import numpy as np

from synthetic.county import County
from synthetic.identification import CALLOUTS, Identification, recent
from synthetic.outcomes import Histories
from synthetic.presets import Preset
from tf_eval.errors import ConfigError

NOT_STARTED = -1
_SEVERITY_KINDS = ("asb_incident", "proven_offence", "fixed_exclusion", "permanent_exclusion", *CALLOUTS)


@dataclass(frozen=True, eq=False)
class Offers:
    """Offers in order of month: family, column of the offer, column of the start (-1 where refused)."""

    family: np.ndarray
    offered: np.ndarray
    started: np.ndarray

    def starts(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the families that started, in ascending order, and the columns of their starts."""
        taken = self.started != NOT_STARTED
        order = np.argsort(self.family[taken])
        return self.family[taken][order], self.started[taken][order]


def run_programme(county: County, histories: Histories, identification: Identification) -> Offers:
    """Return the offers made and the starts that followed: exactly as many starts as the preset asks for.

    Raises:
        ConfigError: fewer families were identified and willing than the preset wants to start.
    """
    desk = _Desk(county, histories, identification)
    quotas = monthly_quotas(county.preset, len(identification.columns))
    left = np.zeros(len(county.preset.districts), dtype=np.int64)
    for position, quota in enumerate(quotas):
        left += quota
        for district in range(len(left)):
            left[district] -= desk.offer(position, district, left[district])
    short = desk.offer_anywhere(len(quotas) - 1, int(left.sum()))
    if short:
        preset = county.preset
        raise ConfigError(
            f"{preset.county}: only {preset.started - short} of the {preset.started} families could start, for too few"
            " were identified and willing. Raise 'families' or lower 'started'."
        )
    return desk.offers()


def monthly_quotas(preset: Preset, months: int) -> np.ndarray:
    """Return the places of each month and district (months x districts): ramped up, and ``started`` in all."""
    ramp = np.minimum((np.arange(months) + 1) / preset.ramp_months, 1)
    capacity = np.array([district.capacity for district in preset.districts])
    share = (ramp[:, None] * capacity).ravel()
    upto = np.rint(np.cumsum(share) / share.sum() * preset.started).astype(np.int64)
    return np.diff(upto, prepend=0).reshape(months, len(capacity))


class _Desk:
    """The programme's desk: who is listed, who was offered a place and when, who started."""

    def __init__(self, county: County, histories: Histories, identification: Identification) -> None:
        self._county = county
        self._columns = identification.columns
        self._listed = identification.listed & identification.present
        self._severity = np.log1p(recent(histories.count(*_SEVERITY_KINDS), identification.columns, 12))
        shape = self._listed.shape
        self._noise = county.streams.of("order of offers").standard_normal(shape)
        self._coins = county.streams.of("uptake").random(shape)
        self._delays = county.streams.of("delay").integers(
            0, county.preset.model.selection.longest_delay, endpoint=True, size=shape
        )
        self._asked = np.full(shape[0], -(10**6))
        self._served = np.zeros(shape[0], dtype=bool)
        self._rows: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []

    def offer(self, position: int, district: int, places: int) -> int:
        """Offer support down the district's list until ``places`` are taken; return how many were."""
        return self._work_through(
            position, self._waiting(position) & (self._county.population.district == district), places
        )

    def offer_anywhere(self, position: int, places: int) -> int:
        """Give places that no district could fill to any family on the list; return how many stay empty."""
        return places - self._work_through(position, self._waiting(position), places)

    def offers(self) -> Offers:
        return Offers(*(np.concatenate(column) for column in zip(*self._rows, strict=True)))

    def _waiting(self, position: int) -> np.ndarray:
        wait = self._county.preset.model.selection.wait_after_refusal
        return self._listed[:, position] & ~self._served & (self._asked <= position - wait)

    def _work_through(self, position: int, waiting: np.ndarray, places: int) -> int:
        families = np.flatnonzero(waiting)
        if places <= 0 or not families.size:
            return 0
        severity = _standardised(self._severity[families, position])
        order = np.argsort(-severity - self._county.preset.model.selection.noise * self._noise[families, position])
        families, severity = families[order], severity[order]
        start = np.minimum(self._columns[position] + self._delays[families, position], self._columns[-1])
        willing = self._willing(families, severity, position) & self._still_here(families, start)
        asked = np.cumsum(willing) - willing < places
        families, willing, start = families[asked], willing[asked], start[asked]
        self._asked[families] = position
        self._served[families[willing]] = True
        offered = np.full(len(families), self._columns[position])
        self._rows.append((families, offered, np.where(willing, start, NOT_STARTED)))
        return int(willing.sum())

    def _willing(self, families: np.ndarray, severity: np.ndarray, position: int) -> np.ndarray:
        uptake = self._county.preset.model.uptake
        motivation = self._county.population.motivation[families]
        log_odds = uptake.level + uptake.motivation * motivation + uptake.severity * severity
        return self._coins[families, position] < 1 / (1 + np.exp(-log_odds))

    def _still_here(self, families: np.ndarray, start: np.ndarray) -> np.ndarray:
        return self._county.population.left_month()[families] > start + self._county.clock.origin


def _standardised(values: np.ndarray) -> np.ndarray:
    spread = values.std()
    return (values - values.mean()) / spread if spread > 0 else np.zeros_like(values)
