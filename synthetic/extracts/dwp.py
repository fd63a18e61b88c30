"""Department for Work and Pensions: claimants, their out-of-work benefits, and what became of these."""

import numpy as np

from synthetic.extracts.people import person_records
from synthetic.layout import Layout
from synthetic.listing import Listing, listing
from synthetic.records import AgencyRecords
from synthetic.work import Claims, draw_jobs, draw_places

_AGENCY = "dwp"
_CLAIMANTS = Layout(
    agency=_AGENCY,
    file="dwp_claimants.csv",
    table="person_record",
    headings={
        "local_id": "CLAIMANT_REF",
        "nino": "NINO",
        "surname": "SURNAME",
        "forename": "FIRST_FORENAME",
        "birth_date": "DATE_OF_BIRTH",
        "sex": "SEX",
        "postcode": "POSTCODE",
    },
    codes={"sex": {"male": "1", "female": "2"}},
)
_CLAIMS = Layout(
    agency=_AGENCY,
    file="dwp_benefits.csv",
    table="spell",
    headings={
        "local_id": "CLAIMANT_REF",
        "detail": "BENEFIT",
        "start_date": "START_DATE",
        "end_date": "END_DATE",
        "recorded_on": "NOTIFIED",
    },
)
_JOBS = Layout(
    agency=_AGENCY,
    file="dwp_employment.csv",
    table="spell",
    headings={
        "local_id": "CLAIMANT_REF",
        "start_date": "JOB_START",
        "end_date": "JOB_END",
        "recorded_on": "MATCHED",
    },
)
_PLACES = Layout(
    agency=_AGENCY,
    file="dwp_provision.csv",
    table="spell",
    headings={
        "local_id": "CLAIMANT_REF",
        "kind": "PROVISION",
        "basis": "BASIS",
        "start_date": "ATTACHED",
        "end_date": "COMPLETED",
        "recorded_on": "NOTIFIED",
    },
    codes={
        "kind": {"work_programme_sent": "WP", "work_programme": "WP", "esf_provision": "ESF"},
        "basis": {"sent": "MANDATORY", "volunteered": "VOLUNTARY"},
    },
)
_BENEFITS = {"JSA": 0.34, "IS": 0.30, "ESA": 0.20, "IB": 0.07, "CA": 0.06, "SDA": 0.03}
_UNIVERSAL_CREDIT_FROM = np.datetime64("2013-10-01")
_UNIVERSAL_CREDIT_SHARE = 0.08


def listings(records: AgencyRecords) -> list[Listing]:
    """Return the claimants, their claims, the jobs that claims ended in, and places on provision."""
    spells = records.spells(_AGENCY, ["out_of_work_benefit"])
    benefits = _benefits(spells["start_date"], records.county.streams.of("benefit names"))
    claims = Claims(spells["person"], benefits, spells["start_date"], spells["end_date"])
    places = records.dated(_AGENCY, draw_places(records.county, claims))
    basis = np.where(places["kind"] == "work_programme_sent", "sent", "volunteered")
    return [
        person_records(records, _CLAIMANTS),
        listing(_CLAIMS, {**spells, "detail": benefits}),
        listing(_JOBS, records.dated(_AGENCY, {"employment": draw_jobs(records.county, claims)})),
        listing(_PLACES, {**places, "basis": basis.astype(object)}),
    ]


def _benefits(start: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw which benefit each spell is of; a few late ones are universal credit."""
    names = rng.choice(np.array(list(_BENEFITS), dtype=object), p=list(_BENEFITS.values()), size=len(start))
    replaced = (start >= _UNIVERSAL_CREDIT_FROM) & (rng.random(len(start)) < _UNIVERSAL_CREDIT_SHARE)
    return np.where(replaced, "UC", names).astype(object)
