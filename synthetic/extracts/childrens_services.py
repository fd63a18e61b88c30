"""Children's services: one workbook of children, their plans and the contacts about them."""

from synthetic.extracts.people import person_records
from synthetic.layout import Layout
from synthetic.listing import Listing, listing
from synthetic.records import AgencyRecords

_AGENCY = "childrens_services"
_FILE = "childrens_services.xlsx"
_CHILDREN = Layout(
    agency=_AGENCY,
    file=_FILE,
    sheet="Children",
    table="person_record",
    headings={
        "local_id": "Child ID",
        "forename": "First name",
        "surname": "Family name",
        "birth_date": "Date of birth",
        "sex": "Sex",
        "ethnicity": "Ethnicity",
        "upn": "UPN",
        "nhs_number": "NHS number",
        "postcode": "Postcode",
    },
    codes={
        "sex": {"male": "Boy", "female": "Girl"},
        "ethnicity": {
            "white": "White",
            "mixed": "Mixed",
            "asian": "Asian or Asian British",
            "black": "Black or Black British",
            "other": "Other ethnic group",
        },
    },
)
_INVOLVEMENTS = Layout(
    agency=_AGENCY,
    file=_FILE,
    sheet="Involvements",
    table="spell",
    headings={
        "local_id": "Child ID",
        "kind": "Status",
        "start_date": "From",
        "end_date": "To",
        "recorded_on": "Entered on",
    },
    codes={"kind": {"child_in_need": "CIN", "child_protection_plan": "CPP", "looked_after": "LAC"}},
)
_CONTACTS = Layout(
    agency=_AGENCY,
    file=_FILE,
    sheet="Contacts",
    table="event",
    headings={
        "reference": "Contact ID",
        "local_id": "Child ID",
        "date": "Contact date",
        "recorded_on": "Entered on",
    },
    reference="K{:07d}",
)


def listings(records: AgencyRecords) -> list[Listing]:
    """Return the children, the spells in which services are involved with them, and the contacts."""
    return [
        person_records(records, _CHILDREN),
        listing(_INVOLVEMENTS, records.spells(_AGENCY, list(_INVOLVEMENTS.codes["kind"]))),
        listing(_CONTACTS, records.events(_AGENCY, ["concern"])),
    ]
