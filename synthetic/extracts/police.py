"""Police: nominals, incidents and orders, in the old system's code page. No number that another agency uses."""

from pathlib import Path

from synthetic.extracts.people import person_columns
from synthetic.files import british, coded, references, write_csv
from synthetic.records import AgencyRecords

_AGENCY = "police"
_ENCODING = "cp1252"
_HEADINGS = {
    "local_id": "NOMINAL_REF",
    "surname": "SURNAME",
    "forename": "FORENAME",
    "birth_date": "DOB",
    "sex": "GENDER",
    "postcode": "PCODE",
}
_INCIDENTS = {"asb_incident": "ASB", "police_callout": "CALL", "domestic_abuse_callout": "DACALL"}
_ORDERS = {"asbo": "ASBO", "asb_injunction": "ASBI", "asb_contract": "ABC"}


def write(folder: Path, records: AgencyRecords) -> None:
    """Write police_nominals.csv, police_incidents.csv and police_orders.csv."""
    people = person_columns(records, _AGENCY, _HEADINGS, {"male": "M", "female": "F"})
    write_csv(folder / "police_nominals.csv", people, encoding=_ENCODING)
    _write_events(folder / "police_incidents.csv", records, _INCIDENTS, "INCIDENT", "I{:09d}")
    _write_events(folder / "police_orders.csv", records, _ORDERS, "ORDER", "O{:06d}")


def _write_events(path: Path, records: AgencyRecords, codes: dict[str, str], noun: str, pattern: str) -> None:
    events = records.events(_AGENCY, list(codes))
    columns = {
        f"{noun}_NO": references(pattern, len(events["date"])),
        "NOMINAL_REF": events["local_id"],
        f"{noun}_TYPE": coded(events["kind"], codes),
        f"{noun}_DATE": british(events["date"]),
        "RECORDED_DATE": british(events["recorded_on"]),
    }
    write_csv(path, columns, encoding=_ENCODING)
