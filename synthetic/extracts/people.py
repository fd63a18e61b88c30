"""The person columns that agencies' extracts share, each under the agency's own headings."""

from collections.abc import Mapping

import numpy as np

from synthetic.files import british, coded
from synthetic.records import AgencyRecords


def person_columns(
    records: AgencyRecords, agency: str, headings: Mapping[str, str], sexes: Mapping[str, str]
) -> dict[str, np.ndarray]:
    """Return the agency's people as columns.

    ``headings`` maps what the agency holds (local_id, forename, surname, birth_date, sex, postcode, uprn, upn, nino,
    nhs_number) to its own heading, in the order of the file; ``sexes`` are its codes.
    """
    register, identities = records.registers[agency], records.identities
    people = register.people
    family = records.county.population.family[people]
    known = {
        "local_id": register.local_ids,
        "forename": identities.forename[people],
        "surname": identities.surname[people],
        "birth_date": british(records.county.population.birth[people]),
        "sex": coded(records.county.population.sex[people], sexes),
        "postcode": identities.postcode[family],
        "uprn": identities.uprn[family],
        "upn": identities.upn[people],
        "nino": identities.nino[people],
        "nhs_number": identities.nhs_number[people],
    }
    return {heading: known[name] for name, heading in headings.items()}
