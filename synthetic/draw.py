"""A county as drawn: what its agencies hold, and what is true of it, before anything is written."""

from collections.abc import Callable
from dataclasses import dataclass

from synthetic.blocks import WHOLE, Block
from synthetic.county import County, build_county
from synthetic.extracts import agency_listings
from synthetic.faults.plant import plant_faults
from synthetic.faults.planted import Planted
from synthetic.identification import identify
from synthetic.interventions import Support, assign_support
from synthetic.outcomes import draw_histories
from synthetic.presets import Preset
from synthetic.programme import run_programme
from synthetic.records import AgencyRecords, hold_records
from synthetic.spill import lives_beside
from synthetic.truth import PotentialOutcomes, draw_potential_outcomes
from synthetic.turning import turned

Report = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Draw:
    """Everything that the files of a county are written from."""

    county: County
    records: AgencyRecords
    planted: Planted
    support: Support
    outcomes: PotentialOutcomes


def draw_county(preset: Preset, seed: int, report: Report, *, block: Block = WHOLE, faults: bool = False) -> Draw:
    """Return what becomes of a preset and a seed.

    Args:
        preset: a county, or an area of a country as one.
        seed: any whole number from 0 on.
        report: called with the name of each stage as it begins.
        block: the numbers that the county may issue.
        faults: let households change and plant faults in the records.

    Raises:
        ConfigError: the preset cannot be carried out.
    """
    report("families")
    county = build_county(preset, seed, block)
    report("lives without support")
    untreated = draw_histories(county)
    if preset.model.departures.turn:
        county = turned(county, untreated)
        untreated = draw_histories(county)
    report("programme")
    support = assign_support(county, untreated, run_programme(county, untreated, identify(county, untreated)))
    report("lives with support")
    outcomes = draw_potential_outcomes(county, support)
    lived = lives_beside(county, support, untreated).replaced_by(outcomes.recorded)
    report("records")
    records = hold_records(county, lived, support, faults=faults)
    listings = agency_listings(records)
    planted = plant_faults(records, listings) if faults else Planted(listings)
    return Draw(county, records, planted, support, outcomes)
