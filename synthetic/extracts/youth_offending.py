"""Youth offending service: young people and their proven offences, with semicolons."""

from pathlib import Path

from synthetic.extracts.people import person_columns
from synthetic.files import british, references, write_csv
from synthetic.records import AgencyRecords

_AGENCY = "youth_offending"
_HEADINGS = {
    "local_id": "PersonID",
    "forename": "FirstName",
    "surname": "LastName",
    "birth_date": "DateOfBirth",
    "sex": "Gender",
    "postcode": "HomePostcode",
}


def write(folder: Path, records: AgencyRecords) -> None:
    """Write yos_young_people.csv and yos_offences.csv."""
    people = person_columns(records, _AGENCY, _HEADINGS, {"male": "Male", "female": "Female"})
    write_csv(folder / "yos_young_people.csv", people, delimiter=";")
    offences = records.events(_AGENCY, ["proven_offence"])
    columns = {
        "OffenceRef": references("{:07d}", len(offences["date"])),
        "PersonID": offences["local_id"],
        "OffenceDate": british(offences["date"]),
        "OutcomeDate": british(offences["recorded_on"]),
    }
    write_csv(folder / "yos_offences.csv", columns, delimiter=";")
