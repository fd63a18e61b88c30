"""What breaks an assumption from the outset: need that drifts or is shared, and recording that changes at a date."""

import numpy as np

from synthetic.model import Departures
from synthetic.months import Clock, month_number
from synthetic.population import Population
from synthetic.presets import Preset
from synthetic.streams import Streams


def departing_need(preset: Preset, clock: Clock, population: Population, streams: Streams) -> np.ndarray:
    """Return what the preset's departures add to need (families x months, float32); zero by default.

    A drift is nought in the month in which the programme starts, so that it changes courses and hardly levels.
    """
    departures = preset.model.departures
    years = (clock.months - month_number(preset.programme_start)) / 12
    drift = departures.drift * population.motivation[:, None] * years
    shocks = _shocks(departures, clock, len(preset.districts), streams.of("district shocks"))
    return (drift + shocks[population.district]).astype(np.float32)


def recording_change(departures: Departures, clock: Clock) -> np.ndarray:
    """Return by how much log-rates of what is recorded by local habit have changed, by month."""
    return departures.recording * recording_changed(departures, clock)


def recording_changed(departures: Departures, clock: Clock) -> np.ndarray:
    """Return of each month whether recording had changed by then."""
    return clock.months >= month_number(departures.recording_from)


def _shocks(departures: Departures, clock: Clock, districts: int, rng: np.random.Generator) -> np.ndarray:
    """Draw a need that all families of a district share (districts x months)."""
    level = departures.shock * rng.standard_normal((districts, clock.columns))
    for column in range(1, clock.columns):
        level[:, column] += departures.shock_persistence * level[:, column - 1]
    return level
