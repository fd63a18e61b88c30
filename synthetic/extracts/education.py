"""Education: pupils, attendance by term, exclusions and provision outside mainstream schools, in Parquet."""

import numpy as np

from synthetic.extracts.people import person_records
from synthetic.layout import Layout
from synthetic.listing import Listing, listing
from synthetic.records import AgencyRecords

_AGENCY = "education"
_PUPILS = Layout(
    agency=_AGENCY,
    file="education_pupils.parquet",
    table="person_record",
    headings={
        "local_id": "pupil_id",
        "upn": "upn",
        "surname": "legal_surname",
        "forename": "preferred_forename",
        "birth_date": "dob",
        "sex": "gender",
        "ethnicity": "ethnic_code",
        "postcode": "home_postcode",
    },
    codes={
        "sex": {"male": "M", "female": "F"},
        "ethnicity": {"white": "WBRI", "mixed": "MOTH", "asian": "AOTH", "black": "BOTH", "other": "OOTH"},
    },
)
_ATTENDANCE = Layout(
    agency=_AGENCY,
    file="education_attendance.parquet",
    table="attendance",
    headings={
        "local_id": "pupil_id",
        "school": "urn",
        "academic_year": "academic_year",
        "term": "term",
        "possible": "sessions_possible",
        "authorised": "sessions_authorised_absence",
        "unauthorised": "sessions_unauthorised_absence",
        "recorded_on": "received",
    },
)
_EXCLUSIONS = Layout(
    agency=_AGENCY,
    file="education_exclusions.parquet",
    table="event",
    headings={
        "reference": "exclusion_id",
        "local_id": "pupil_id",
        "kind": "category",
        "date": "start_date",
        "recorded_on": "received",
    },
    codes={"kind": {"fixed_exclusion": "FIXD", "permanent_exclusion": "PERM"}},
    reference="E{:07d}",
)
_PROVISION = Layout(
    agency=_AGENCY,
    file="education_provision.parquet",
    table="spell",
    headings={
        "local_id": "pupil_id",
        "kind": "provision",
        "start_date": "entry_date",
        "end_date": "leaving_date",
        "recorded_on": "received",
    },
    codes={"kind": {"pupil_referral_unit": "PRU", "alternative_provision": "AP", "off_roll": "OFFROLL"}},
)
_TERMS = Layout(
    agency=_AGENCY,
    file="term_dates.csv",
    table="term",
    headings={
        "academic_year": "Academic year",
        "term": "Term",
        "start_date": "First day",
        "end_date": "Last day",
    },
)


def listings(records: AgencyRecords) -> list[Listing]:
    """Return the pupils, their attendance, exclusions and provision, and the school calendar."""
    return [
        person_records(records, _PUPILS),
        listing(_ATTENDANCE, _attendance(records)),
        listing(_EXCLUSIONS, records.events(_AGENCY, list(_EXCLUSIONS.codes["kind"]))),
        listing(_PROVISION, records.spells(_AGENCY, list(_PROVISION.codes["kind"]))),
        listing(_TERMS, _terms(records)),
    ]


def _attendance(records: AgencyRecords) -> dict[str, np.ndarray]:
    rows, terms = records.truth.attendance, records.county.terms
    columns = {
        "person": rows.person,
        "local_id": records.registers[_AGENCY].ids(rows.person),
        "school": records.schools[records.county.population.family[rows.person]],
        "academic_year": terms.academic_year[rows.term].astype(object),
        "term": terms.term[rows.term],
        "possible": rows.possible,
        "authorised": rows.authorised,
        "unauthorised": rows.unauthorised,
        "recorded_on": records.recorded_on("attendance", terms.end[rows.term]),
        "place_in_calendar": rows.term,
    }
    order = np.lexsort((columns["local_id"].astype(str), rows.term))
    return {name: values[order] for name, values in columns.items()}


def _terms(records: AgencyRecords) -> dict[str, np.ndarray]:
    terms = records.county.terms
    inside = terms.end >= records.county.clock.start
    columns = {
        "person": np.full(len(terms), -1),
        "academic_year": terms.academic_year.astype(object),
        "term": terms.term,
        "start_date": terms.start,
        "end_date": terms.end,
    }
    return {name: values[inside] for name, values in columns.items()}
