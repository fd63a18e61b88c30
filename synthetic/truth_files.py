"""The tables of the truth, which the evaluation never reads."""

from pathlib import Path

import numpy as np
import pyarrow as pa

from synthetic.draw import Draw
from synthetic.faults.planted import Planted
from synthetic.faults.table import FAULT_TYPES, faults_table
from synthetic.files import Columns, stack, write_parquet
from synthetic.interventions import Support
from synthetic.records import AgencyRecords
from synthetic.spans import closed
from synthetic.truth import effects_table

# The types of columns that are not text though they stand as objects.
TRUTH_TYPES = {"families": {"start_month": pa.int64()}, "faults": FAULT_TYPES}


def write_truth(folder: Path, drawn: Draw) -> None:
    """Write each table of the truth as a Parquet file into an existing folder."""
    for name, columns in truth_tables(drawn).items():
        write_parquet(folder / f"{name}.parquet", columns, TRUTH_TYPES.get(name, {}))


def truth_tables(drawn: Draw) -> dict[str, Columns]:
    """Return effects, families, people, links, members and faults; people and families are numbered from 0."""
    return {
        "effects": effects_table(drawn.county, drawn.support, drawn.outcomes),
        "families": _families(drawn.records, drawn.support),
        "people": _people(drawn.records),
        "links": _links(drawn.records, drawn.planted),
        "members": _members(drawn.records),
        "faults": faults_table(drawn.records, drawn.planted),
    }


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
