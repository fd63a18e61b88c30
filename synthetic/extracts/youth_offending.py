"""Youth offending service: young people and their proven offences, with semicolons."""

from synthetic.extracts.people import person_records
from synthetic.layout import Layout
from synthetic.listing import Listing, listing
from synthetic.records import AgencyRecords

_AGENCY = "youth_offending"
_YOUNG_PEOPLE = Layout(
    agency=_AGENCY,
    file="yos_young_people.csv",
    table="person_record",
    headings={
        "local_id": "PersonID",
        "forename": "FirstName",
        "surname": "LastName",
        "birth_date": "DateOfBirth",
        "sex": "Gender",
        "postcode": "HomePostcode",
    },
    codes={"sex": {"male": "Male", "female": "Female"}},
    delimiter=";",
)
_OFFENCES = Layout(
    agency=_AGENCY,
    file="yos_offences.csv",
    table="event",
    headings={
        "reference": "OffenceRef",
        "local_id": "PersonID",
        "date": "OffenceDate",
        "recorded_on": "OutcomeDate",
    },
    delimiter=";",
    reference="{:07d}",
)


def listings(records: AgencyRecords) -> list[Listing]:
    """Return the young people and their offences."""
    offences = listing(_OFFENCES, records.events(_AGENCY, ["proven_offence"]))
    return [person_records(records, _YOUNG_PEOPLE), offences]
