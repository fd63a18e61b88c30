"""What support does: shifts of log-rates, log-odds and log-hazards by event month, for each family that started."""

import numpy as np

from synthetic.county import County
from synthetic.departures import recording_changed
from synthetic.interventions import Support
from synthetic.outcomes import NO_SHIFTS, Shifts
from synthetic.presets import Effect

_START = 0.25
_FULL_FROM = 3
_FADING_FROM = 6


def profile(event_month: np.ndarray, half_life: float | None) -> np.ndarray:
    """Return the share of an effect that is there: 0 before the start, a quarter in its month, all from month 3.

    With a ``half_life`` (months) it fades from event month 6 on.
    """
    ramp = np.clip(_START + (1 - _START) * event_month / _FULL_FROM, 0, 1)
    present = np.where(event_month < 0, 0.0, ramp)
    if half_life is None:
        return present
    return present * 0.5 ** (np.maximum(event_month - _FADING_FROM, 0) / half_life)


def response(county: County, families: np.ndarray) -> np.ndarray:
    """Return how strongly each family responds: Gamma with mean one, drawn for every family of the county."""
    shape = county.preset.model.response_shape
    return county.streams.of("response").gamma(shape, 1 / shape, size=county.population.families)[families]


def support_shifts(county: County, support: Support, *, recording: bool = True) -> Shifts:
    """Return the shifts of the families that started (rows ascending by family).

    Without ``recording`` what changes records alone is left out: what is left is the change of need.
    """
    families, started, intervention = support.first_starts()
    strength = response(county, families)
    names = list(county.preset.interventions)
    shifts = _recorded_more(county, started) if recording else NO_SHIFTS
    for effect in county.preset.effects:
        if effect.recording and not recording:
            continue
        treated = np.where(intervention == names.index(effect.intervention), strength, 0.0)
        shift = (treated[:, None] * _by_time(county, effect, started)).astype(np.float32)
        shifts = added(shifts, {(kind, effect.part): shift for kind in effect.kinds})
    return shifts


def added(shifts: Shifts, others: Shifts) -> Shifts:
    """Return the sums of shifts."""
    return {**shifts, **{key: shifts.get(key, np.float32(0)) + shift for key, shift in others.items()}}


def _recorded_more(county: County, started: np.ndarray) -> Shifts:
    """Return by how much more the recording of supported families has changed, where it is by local habit."""
    departures = county.preset.model.departures
    if not departures.recording_supported:
        return NO_SHIFTS
    since_start = np.arange(county.clock.columns) >= started[:, None]
    changed = since_start & recording_changed(departures, county.clock)
    shift = (departures.recording_supported * changed).astype(np.float32)
    return {(kind, "rate"): shift for kind in county.recording}


def _by_time(county: County, effect: Effect, started: np.ndarray) -> np.ndarray:
    """Return the effect of each start by month, or by term for a share."""
    event_month = np.arange(county.clock.columns) - started[:, None]
    by_month = effect.size * profile(event_month, effect.half_life)
    if effect.part != "share":
        return by_month
    # A term gives one figure for all its months, and months before the start must not change: the first term that
    # an effect touches is the first to begin in or after the month of the start.
    lessons = county.terms.covers()
    begins = lessons.argmax(axis=1)
    by_term = np.stack([by_month[:, months].mean(axis=1) for months in lessons], axis=1)
    return np.where(begins >= started[:, None], by_term, 0.0)
