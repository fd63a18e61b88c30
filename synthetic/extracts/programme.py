"""The programme team: one workbook of lead people and of the families offered support, refusals included."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from synthetic.extracts.people import person_columns
from synthetic.files import british, write_excel
from synthetic.presets import Intervention
from synthetic.records import AgencyRecords

_AGENCY = "programme"
_HEADINGS = {
    "local_id": "Person ref",
    "forename": "Forename",
    "surname": "Surname",
    "birth_date": "DOB",
    "sex": "Sex",
    "nino": "NINO",
    "nhs_number": "NHS no",
    "postcode": "Postcode",
}
_CASELOAD = 30


def write(folder: Path, records: AgencyRecords) -> None:
    """Write programme.xlsx with the sheets People and Families."""
    sheets = {
        "People": person_columns(records, _AGENCY, _HEADINGS, {"male": "M", "female": "F"}),
        "Families": _families(records),
    }
    write_excel(folder / "programme.xlsx", sheets)


def _families(records: AgencyRecords) -> dict[str, np.ndarray]:
    county, rows = records.county, records.truth.support
    interventions = list(county.preset.interventions.values())
    district = county.population.district[rows.family]
    started = ~np.isnat(rows.started)
    columns = {
        "Lead person ref": records.registers[_AGENCY].ids(rows.person),
        "Intervention": np.array([item.code for item in interventions], dtype=object)[rows.intervention],
        "Provider": np.array([item.provider for item in interventions], dtype=object)[rows.intervention],
        "Worker": np.where(started, _workers(records, interventions), "").astype(object),
        "District": np.array([item.name for item in county.preset.districts], dtype=object)[district],
        "Offered": british(rows.offered),
        "Started": british(rows.started),
        "Ended": british(rows.ended),
        "Consent": np.where(started, "Y", "N").astype(object),
    }
    order = np.lexsort((columns["Lead person ref"].astype(str), rows.offered))
    return {name: values[order] for name, values in columns.items()}


def _workers(records: AgencyRecords, interventions: Sequence[Intervention]) -> np.ndarray:
    """Draw the worker of each family: every intervention has as many as its number of families asks for."""
    rows = records.truth.support
    number = np.maximum(np.bincount(rows.intervention, minlength=len(interventions)) // _CASELOAD, 1)
    place = np.floor(records.county.streams.of("workers").random(len(rows.family)) * number[rows.intervention])
    codes = [interventions[i].code for i in rows.intervention.tolist()]
    return np.array([f"{code}-{int(n) + 1:02d}" for code, n in zip(codes, place, strict=True)], dtype=object)
