"""Department for Work and Pensions: claimants and their out-of-work benefits."""

from pathlib import Path

import numpy as np

from synthetic.extracts.people import person_columns
from synthetic.files import british, write_csv
from synthetic.records import AgencyRecords

_AGENCY = "dwp"
_HEADINGS = {
    "local_id": "CLAIMANT_REF",
    "nino": "NINO",
    "surname": "SURNAME",
    "forename": "FIRST_FORENAME",
    "birth_date": "DATE_OF_BIRTH",
    "sex": "SEX",
    "postcode": "POSTCODE",
}
_BENEFITS = {"JSA": 0.34, "IS": 0.30, "ESA": 0.20, "IB": 0.07, "CA": 0.06, "SDA": 0.03}
_UNIVERSAL_CREDIT_FROM = np.datetime64("2013-10-01")
_UNIVERSAL_CREDIT_SHARE = 0.08


def write(folder: Path, records: AgencyRecords) -> None:
    """Write dwp_claimants.csv and dwp_benefits.csv."""
    write_csv(folder / "dwp_claimants.csv", person_columns(records, _AGENCY, _HEADINGS, {"male": "1", "female": "2"}))
    spells = records.spells(_AGENCY, ["out_of_work_benefit"])
    columns = {
        "CLAIMANT_REF": spells["local_id"],
        "BENEFIT": _benefits(spells["start"], records.county.streams.of("benefit names")),
        "START_DATE": british(spells["start"]),
        "END_DATE": british(spells["end"]),
        "NOTIFIED": british(spells["recorded_on"]),
    }
    write_csv(folder / "dwp_benefits.csv", columns)


def _benefits(start: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw which benefit each spell is of; a few late ones are universal credit."""
    names = rng.choice(np.array(list(_BENEFITS), dtype=object), p=list(_BENEFITS.values()), size=len(start))
    replaced = (start >= _UNIVERSAL_CREDIT_FROM) & (rng.random(len(start)) < _UNIVERSAL_CREDIT_SHARE)
    return np.where(replaced, "UC", names).astype(object)
