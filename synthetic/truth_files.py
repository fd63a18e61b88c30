"""Writing the truth, which the evaluation never reads."""

from pathlib import Path

import numpy as np

from synthetic.county import County
from synthetic.faults.planted import Planted
from synthetic.faults.table import FAULT_TYPES, faults_table
from synthetic.files import stack, write_parquet
from synthetic.interventions import Support
from synthetic.records import AgencyRecords
from synthetic.spans import closed
from synthetic.truth import PotentialOutcomes, effects_table


def write_truth(
    folder: Path,
    county: County,
    records: AgencyRecords,
    planted: Planted,
    support: Support,
    outcomes: PotentialOutcomes,
) -> None:
    """Write effects, families, people, links, members and faults, each as a Parquet file."""
    write_parquet(folder / "effects.parquet", effects_table(county, support, outcomes))
    write_parquet(folder / "families.parquet", _families(records, support))
    write_parquet(folder / "people.parquet", _people(records))
    write_parquet(folder / "links.parquet", _links(records, planted))
    write_parquet(folder / "members.parquet", _members(records))
    write_parquet(folder / "faults.parquet", faults_table(records, planted), FAULT_TYPES)


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


def _people(records: AgencyRecords) -> dict[str, np.ndarray]:
    population = records.county.population
    return {
        "person_id": np.arange(population.people),
        "birth_date": population.birth,
        "sex": population.sex,
        "ethnicity": population.ethnicity[population.family],
    }


def _links(records: AgencyRecords, planted: Planted) -> dict[str, np.ndarray]:
    """Return whom each agency's number stands for."""
    family = records.county.population.family
    people = [listing for listing in planted.listings if listing.layout.table == "person_record"]
    return stack(
        {
            "agency": np.full(len(listing), listing.layout.agency, dtype=object),
            "local_id": listing.columns["local_id"],
            "person_id": listing.person,
            "family_id": family[listing.person],
        }
        for listing in (listing.without(listing.added) for listing in people)
    )


def _members(records: AgencyRecords) -> dict[str, np.ndarray]:
    """Return who belonged to which family from when to when (the day after the last; missing: still does)."""
    members = records.households.members.ordered()
    return {
        "person_id": members.who,
        "family_id": members.what,
        "start_date": members.start,
        "end_date": closed(members.end),
    }
