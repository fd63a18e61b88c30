"""Department for Work and Pensions: claimants and their out-of-work benefits."""

import numpy as np

from synthetic.extracts.people import person_records
from synthetic.layout import Layout
from synthetic.listing import Listing, listing
from synthetic.records import AgencyRecords

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
_BENEFITS = {"JSA": 0.34, "IS": 0.30, "ESA": 0.20, "IB": 0.07, "CA": 0.06, "SDA": 0.03}
_UNIVERSAL_CREDIT_FROM = np.datetime64("2013-10-01")
_UNIVERSAL_CREDIT_SHARE = 0.08


def listings(records: AgencyRecords) -> list[Listing]:
    """Return the claimants and their claims."""
    spells = records.spells(_AGENCY, ["out_of_work_benefit"])
    details = _benefits(spells["start_date"], records.county.streams.of("benefit names"))
    return [person_records(records, _CLAIMANTS), listing(_CLAIMS, {**spells, "detail": details})]


def _benefits(start: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw which benefit each spell is of; a few late ones are universal credit."""
    names = rng.choice(np.array(list(_BENEFITS), dtype=object), p=list(_BENEFITS.values()), size=len(start))
    replaced = (start >= _UNIVERSAL_CREDIT_FROM) & (rng.random(len(start)) < _UNIVERSAL_CREDIT_SHARE)
    return np.where(replaced, "UC", names).astype(object)
