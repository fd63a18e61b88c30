"""Education: pupils, attendance by term, exclusions and provision outside mainstream schools, in Parquet."""

from pathlib import Path

import numpy as np

from synthetic.extracts.people import person_columns
from synthetic.files import british, coded, references, write_csv, write_parquet
from synthetic.records import AgencyRecords

_AGENCY = "education"
_HEADINGS = {
    "local_id": "pupil_id",
    "upn": "upn",
    "surname": "legal_surname",
    "forename": "preferred_forename",
    "birth_date": "dob",
    "sex": "gender",
    "postcode": "home_postcode",
}
_EXCLUSIONS = {"fixed_exclusion": "FIXD", "permanent_exclusion": "PERM"}
_PROVISION = {"pupil_referral_unit": "PRU", "alternative_provision": "AP", "off_roll": "OFFROLL"}


def write(folder: Path, records: AgencyRecords) -> None:
    """Write four Parquet files of pupils and the school calendar, term_dates.csv."""
    people = person_columns(records, _AGENCY, _HEADINGS, {"male": "M", "female": "F"})
    write_parquet(folder / "education_pupils.parquet", people)
    write_parquet(folder / "education_attendance.parquet", _attendance(records))
    write_parquet(folder / "education_exclusions.parquet", _exclusions(records))
    write_parquet(folder / "education_provision.parquet", _provision(records))
    write_csv(folder / "term_dates.csv", _terms(records))


def _attendance(records: AgencyRecords) -> dict[str, np.ndarray]:
    rows, terms = records.truth.attendance, records.county.terms
    columns = {
        "pupil_id": records.registers[_AGENCY].ids(rows.person),
        "academic_year": terms.academic_year[rows.term].astype(object),
        "term": terms.term[rows.term],
        "sessions_possible": rows.possible,
        "sessions_authorised_absence": rows.authorised,
        "sessions_unauthorised_absence": rows.unauthorised,
        "received": british(records.recorded_on("attendance", terms.end[rows.term])),
    }
    order = np.lexsort((columns["pupil_id"].astype(str), rows.term))
    return {name: values[order] for name, values in columns.items()}


def _exclusions(records: AgencyRecords) -> dict[str, np.ndarray]:
    events = records.events(_AGENCY, list(_EXCLUSIONS))
    return {
        "exclusion_id": references("E{:07d}", len(events["date"])),
        "pupil_id": events["local_id"],
        "category": coded(events["kind"], _EXCLUSIONS),
        "start_date": british(events["date"]),
        "received": british(events["recorded_on"]),
    }


def _provision(records: AgencyRecords) -> dict[str, np.ndarray]:
    spells = records.spells(_AGENCY, list(_PROVISION))
    return {
        "pupil_id": spells["local_id"],
        "provision": coded(spells["kind"], _PROVISION),
        "entry_date": british(spells["start"]),
        "leaving_date": british(spells["end"]),
        "received": british(spells["recorded_on"]),
    }


def _terms(records: AgencyRecords) -> dict[str, np.ndarray]:
    terms = records.county.terms
    inside = terms.end >= records.county.clock.start
    columns = {
        "Academic year": terms.academic_year.astype(object),
        "Term": terms.term,
        "First day": british(terms.start),
        "Last day": british(terms.end),
    }
    return {name: values[inside] for name, values in columns.items()}
