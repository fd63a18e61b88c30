"""Writing the truth, which the evaluation never reads."""

from pathlib import Path

import numpy as np

from synthetic.files import stack, write_parquet
from synthetic.interventions import Support
from synthetic.records import AgencyRecords
from synthetic.truth import PotentialOutcomes, effects_table


def write_truth(folder: Path, records: AgencyRecords, support: Support, outcomes: PotentialOutcomes) -> None:
    """Write effects.parquet, families.parquet and links.parquet."""
    write_parquet(folder / "effects.parquet", effects_table(records.county, support, outcomes))
    write_parquet(folder / "families.parquet", _families(records, support))
    write_parquet(folder / "links.parquet", _links(records))


def _families(records: AgencyRecords, support: Support) -> dict[str, np.ndarray]:
    """Return every family with its lasting traits and its first start: intervention and month, missing if none."""
    county = records.county
    population, preset = county.population, county.preset
    families, started, chosen = support.first_starts()
    intervention = np.full(population.families, None, dtype=object)
    intervention[families] = np.array(list(preset.interventions), dtype=object)[chosen]
    start = np.full(population.families, None, dtype=object)
    start[families] = (county.clock.origin + started).tolist()
    return {
        "family_id": np.arange(population.families),
        "theta": population.theta,
        "motivation": population.motivation,
        "deprivation": population.deprivation,
        "district": np.array([item.name for item in preset.districts], dtype=object)[population.district],
        "intervention": intervention,
        "start_month": start,
    }


def _links(records: AgencyRecords) -> dict[str, np.ndarray]:
    """Return whom each agency's number stands for."""
    family = records.county.population.family
    return stack(
        {
            "agency": np.full(len(register.people), agency, dtype=object),
            "local_id": register.local_ids,
            "person_id": register.people,
            "family_id": family[register.people],
        }
        for agency, register in records.registers.items()
    )
