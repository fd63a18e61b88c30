"""The programme team: one workbook of lead people and of the families offered support, refusals included."""

from collections.abc import Sequence

import numpy as np

from synthetic.extracts.people import person_records
from synthetic.layout import Layout
from synthetic.listing import Listing, listing
from synthetic.presets import Intervention
from synthetic.records import AgencyRecords

_AGENCY = "programme"
_FILE = "programme.xlsx"
_PEOPLE = Layout(
    agency=_AGENCY,
    file=_FILE,
    sheet="People",
    table="person_record",
    headings={
        "local_id": "Person ref",
        "forename": "Forename",
        "surname": "Surname",
        "birth_date": "DOB",
        "sex": "Sex",
        "nino": "NINO",
        "nhs_number": "NHS no",
        "postcode": "Postcode",
    },
    codes={"sex": {"male": "M", "female": "F"}},
)
_FAMILIES = Layout(
    agency=_AGENCY,
    file=_FILE,
    sheet="Families",
    table="support",
    headings={
        "local_id": "Lead person ref",
        "intervention": "Intervention",
        "provider": "Provider",
        "worker": "Worker",
        "district": "District",
        "offered": "Offered",
        "started": "Started",
        "ended": "Ended",
        "consent": "Consent",
    },
)
_CASELOAD = 30
_WORKERS = 10_000


def listings(records: AgencyRecords) -> list[Listing]:
    """Return the lead people and the families' support."""
    return [person_records(records, _PEOPLE), listing(_FAMILIES, _families(records))]


def _families(records: AgencyRecords) -> dict[str, np.ndarray]:
    county, rows = records.county, records.truth.support
    interventions = list(county.preset.interventions.values())
    district = county.population.district[rows.family]
    started = ~np.isnat(rows.started)
    columns = {
        "person": rows.person,
        "local_id": records.registers[_AGENCY].ids(rows.person),
        "intervention": np.array([item.code for item in interventions], dtype=object)[rows.intervention],
        "provider": np.array([item.provider for item in interventions], dtype=object)[rows.intervention],
        "worker": np.where(started, _workers(records, interventions), "").astype(object),
        "district": np.array([item.name for item in county.preset.districts], dtype=object)[district],
        "offered": rows.offered,
        "started": rows.started,
        "ended": rows.ended,
        "consent": np.where(started, "Y", "N").astype(object),
    }
    order = np.lexsort((columns["local_id"].astype(str), rows.offered))
    return {name: values[order] for name, values in columns.items()}


def _workers(records: AgencyRecords, interventions: Sequence[Intervention]) -> np.ndarray:
    """Draw the worker of each family: every intervention has as many as its number of families asks for."""
    rows = records.truth.support
    number = np.maximum(np.bincount(rows.intervention, minlength=len(interventions)) // _CASELOAD, 1)
    place = np.floor(records.county.streams.of("workers").random(len(rows.family)) * number[rows.intervention])
    place += records.county.block.start(_WORKERS) + 1
    codes = [interventions[i].code for i in rows.intervention.tolist()]
    return np.array([f"{code}-{int(n):02d}" for code, n in zip(codes, place, strict=True)], dtype=object)
