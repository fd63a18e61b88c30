"""Effects that spill over: families without an intervention feel a share of it, as its places near them fill."""

import numpy as np

from synthetic.county import County
from synthetic.effects import added, support_shifts
from synthetic.interventions import Support
from synthetic.outcomes import NO_SHIFTS, Histories, Shifts, draw_histories
from synthetic.presets import Effect

_NONE = -1


def lives_beside(county: County, support: Support, untreated: Histories) -> Histories:
    """Return the histories of all families had none of them support itself, beside those that had."""
    everybody = np.arange(county.population.families)
    shifts = _spilled(county, support, everybody, np.full(len(everybody), _NONE))
    return draw_histories(county, shifts=shifts) if shifts else untreated


def without_own(county: County, support: Support) -> Shifts:
    """Return the shifts of the families that started had their own intervention not been there, for anybody."""
    families, _, own = support.first_starts()
    return _spilled(county, support, families, own)


def with_own(county: County, support: Support, *, recording: bool = True) -> Shifts:
    """Return the shifts of the families that started: what spills over to them, and from their start on the support."""
    families, started, own = support.first_starts()
    spilled = _spilled(county, support, families, own, until=started)
    return added(spilled, support_shifts(county, support, recording=recording))


def _spilled(
    county: County, support: Support, families: np.ndarray, own: np.ndarray, until: np.ndarray | int = 0
) -> Shifts:
    """Return the shifts that spill over to families from all interventions; from their ``own`` up to column ``until``.

    An intervention spills over by as many of its starts in the family's district as there have been so far.
    """
    spill = county.preset.model.departures.spill
    if not spill:
        return NO_SHIFTS
    filled = _filled(county, support)
    months = np.arange(county.clock.columns)
    shifts: Shifts = NO_SHIFTS
    for effect in county.preset.effects:
        if effect.recording:
            continue
        place = list(county.preset.interventions).index(effect.intervention)
        felt = (own[:, None] != place) | (months < np.reshape(until, (-1, 1)))
        shift = spill * effect.size * felt * filled[place][county.population.district[families]]
        shifts = added(shifts, {(kind, effect.part): _by_column(county, effect, shift) for kind in effect.kinds})
    return shifts


def _filled(county: County, support: Support) -> np.ndarray:
    """Return interventions x districts x months: the share of all starts in the district that were by that month."""
    families, started, chosen = support.first_starts()
    starts = np.zeros((len(county.preset.interventions), len(county.preset.districts), county.clock.columns))
    np.add.at(starts, (chosen, county.population.district[families], started), 1)
    upto = starts.cumsum(axis=2)
    return upto / np.maximum(upto[:, :, -1:], 1)


def _by_column(county: County, effect: Effect, shift: np.ndarray) -> np.ndarray:
    """Return a shift by month, or by term for a share."""
    if effect.part == "share":
        shift = np.stack([shift[:, months].mean(axis=1) for months in county.terms.covers()], axis=1)
    return shift.astype(np.float32)
