"""Housing: everybody in each household, with the numbers that tie agencies together, and actions over behaviour."""

from pathlib import Path

import numpy as np

from synthetic.extracts.people import person_columns
from synthetic.files import british, references, write_csv
from synthetic.records import AgencyRecords

_AGENCY = "housing"
_HEADINGS = {
    "local_id": "Member Ref",
    "uprn": "UPRN",
    "forename": "Forename",
    "surname": "Surname",
    "birth_date": "Date of birth",
    "sex": "Sex",
    "nino": "NI number",
    "nhs_number": "NHS number",
    "upn": "UPN",
    "postcode": "Postcode",
}
_ACTIONS = np.array(["NOSP", "INJUNCTION", "DEMOTION", "EVICTION"], dtype=object)
_ACTION_SHARES = [0.78, 0.12, 0.07, 0.03]


def write(folder: Path, records: AgencyRecords) -> None:
    """Write housing_households.csv and housing_asb_actions.csv."""
    people = person_columns(records, _AGENCY, _HEADINGS, {"male": "M", "female": "F"})
    write_csv(folder / "housing_households.csv", {**people, **_residence(records)})
    actions = records.events(_AGENCY, ["housing_asb_action"])
    rng = records.county.streams.of("housing actions")
    columns = {
        "Action Ref": references("A{:06d}", len(actions["date"])),
        "Member Ref": actions["local_id"],
        "Action": rng.choice(_ACTIONS, p=_ACTION_SHARES, size=len(actions["date"])),
        "Action date": british(actions["date"]),
        "Entered": british(actions["recorded_on"]),
    }
    write_csv(folder / "housing_asb_actions.csv", columns)


def _residence(records: AgencyRecords) -> dict[str, np.ndarray]:
    """Return where each member lives, from moving in or birth to moving out."""
    population = records.county.population
    people = records.registers[_AGENCY].people
    family = population.family[people]
    names = np.array([district.name for district in records.county.preset.districts], dtype=object)
    return {
        "District": names[population.district[family]],
        "Moved in": british(np.maximum(population.arrived[family], population.birth[people])),
        "Moved out": british(population.left[family]),
    }
