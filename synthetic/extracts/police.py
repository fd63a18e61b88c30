"""Police: nominals, incidents and orders, in the old system's code page. No number that another agency uses."""

from synthetic.extracts.people import person_records
from synthetic.layout import Layout
from synthetic.listing import Listing, listing
from synthetic.records import AgencyRecords

_AGENCY = "police"
_ENCODING = "cp1252"
_NOMINALS = Layout(
    agency=_AGENCY,
    file="police_nominals.csv",
    table="person_record",
    headings={
        "local_id": "NOMINAL_REF",
        "surname": "SURNAME",
        "forename": "FORENAME",
        "birth_date": "DOB",
        "sex": "GENDER",
        "postcode": "PCODE",
    },
    codes={"sex": {"male": "M", "female": "F"}},
    encoding=_ENCODING,
)


def _events(file: str, noun: str, reference: str, codes: dict[str, str]) -> Layout:
    headings = {
        "reference": f"{noun}_NO",
        "local_id": "NOMINAL_REF",
        "kind": f"{noun}_TYPE",
        "date": f"{noun}_DATE",
        "recorded_on": "RECORDED_DATE",
    }
    return Layout(_AGENCY, file, "event", headings, {"kind": codes}, encoding=_ENCODING, reference=reference)


_INCIDENTS = _events(
    "police_incidents.csv",
    "INCIDENT",
    "I{:09d}",
    {"asb_incident": "ASB", "police_callout": "CALL", "domestic_abuse_callout": "DACALL"},
)
_ORDERS = _events(
    "police_orders.csv", "ORDER", "O{:06d}", {"asbo": "ASBO", "asb_injunction": "ASBI", "asb_contract": "ABC"}
)


def listings(records: AgencyRecords) -> list[Listing]:
    """Return the people, the incidents and the orders."""
    events = [listing(layout, records.events(_AGENCY, list(layout.codes["kind"]))) for layout in (_INCIDENTS, _ORDERS)]
    return [person_records(records, _NOMINALS), *events]
