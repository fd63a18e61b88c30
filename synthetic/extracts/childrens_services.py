"""Children's services: one workbook of children, their plans and the contacts about them."""

from pathlib import Path

import numpy as np

from synthetic.extracts.people import person_columns
from synthetic.files import british, coded, references, write_excel
from synthetic.records import AgencyRecords

_AGENCY = "childrens_services"
_HEADINGS = {
    "local_id": "Child ID",
    "forename": "First name",
    "surname": "Family name",
    "birth_date": "Date of birth",
    "sex": "Sex",
    "upn": "UPN",
    "nhs_number": "NHS number",
    "postcode": "Postcode",
}
_STATUSES = {"child_in_need": "CIN", "child_protection_plan": "CPP", "looked_after": "LAC"}


def write(folder: Path, records: AgencyRecords) -> None:
    """Write childrens_services.xlsx with the sheets Children, Involvements and Contacts."""
    sheets = {
        "Children": person_columns(records, _AGENCY, _HEADINGS, {"male": "Boy", "female": "Girl"}),
        "Involvements": _involvements(records),
        "Contacts": _contacts(records),
    }
    write_excel(folder / "childrens_services.xlsx", sheets)


def _involvements(records: AgencyRecords) -> dict[str, np.ndarray]:
    spells = records.spells(_AGENCY, list(_STATUSES))
    return {
        "Child ID": spells["local_id"],
        "Status": coded(spells["kind"], _STATUSES),
        "From": british(spells["start"]),
        "To": british(spells["end"]),
        "Entered on": british(spells["recorded_on"]),
    }


def _contacts(records: AgencyRecords) -> dict[str, np.ndarray]:
    events = records.events(_AGENCY, ["concern"])
    return {
        "Contact ID": references("K{:07d}", len(events["date"])),
        "Child ID": events["local_id"],
        "Contact date": british(events["date"]),
        "Entered on": british(events["recorded_on"]),
    }
