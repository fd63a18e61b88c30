"""A county before its programme: households, need, school calendar and local recording habits."""

from dataclasses import dataclass

import numpy as np

from synthetic.blocks import WHOLE, Block
from synthetic.departures import departing_need, recording_change
from synthetic.months import Clock, month_number
from synthetic.need import draw_need
from synthetic.population import Population, build_population
from synthetic.presets import Preset
from synthetic.streams import Streams
from synthetic.terms import Terms, school_terms


@dataclass(frozen=True, eq=False)
class County:
    """Everything that is fixed before outcomes are drawn.

    ``need`` is families x months; ``recording`` maps a kind to the log of each district's recording factor by month
    (districts x months); numbers of people, homes and schools come from ``block``.
    """

    preset: Preset
    clock: Clock
    terms: Terms
    streams: Streams
    population: Population
    need: np.ndarray
    recording: dict[str, np.ndarray]
    block: Block


def build_county(preset: Preset, seed: int, block: Block = WHOLE) -> County:
    """Return the county of a preset and a seed, whose numbers come from ``block``."""
    clock = Clock(month_number(preset.start), preset.months, preset.burn_in)
    streams = Streams(seed)
    population = build_population(preset, clock, streams)
    need = draw_need(preset.model, clock, population, streams) + departing_need(preset, clock, population, streams)
    recording = _recording(preset, clock, streams)
    return County(preset, clock, school_terms(clock), streams, population, need, recording, block)


def _recording(preset: Preset, clock: Clock, streams: Streams) -> dict[str, np.ndarray]:
    """Draw each district's recording factor for each kind that is recorded by local habit."""
    later = recording_change(preset.model.departures, clock)
    counts = {**preset.model.family_counts, **preset.model.child_counts}
    low, high = preset.model.recording_range
    habits = {
        kind: streams.of(f"recording {kind}").uniform(low, high, size=(len(preset.districts), 1))
        for kind, count in counts.items()
        if count.local_recording
    }
    return {kind: (np.log(habit) + later).astype(np.float32) for kind, habit in habits.items()}
