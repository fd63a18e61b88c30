"""Housing: everybody with the numbers that tie agencies together, where they live, and actions over behaviour."""

import numpy as np

from synthetic.extracts.people import person_records
from synthetic.layout import Layout
from synthetic.listing import Listing, listing
from synthetic.records import AgencyRecords
from synthetic.spans import closed

_AGENCY = "housing"
_HOUSEHOLDS = Layout(
    agency=_AGENCY,
    file="housing_households.csv",
    table="person_record",
    headings={
        "local_id": "Member Ref",
        "forename": "Forename",
        "surname": "Surname",
        "birth_date": "Date of birth",
        "sex": "Sex",
        "nino": "NI number",
        "nhs_number": "NHS number",
        "upn": "UPN",
        "postcode": "Postcode",
    },
    codes={"sex": {"male": "M", "female": "F"}},
)
_RESIDENCES = Layout(
    agency=_AGENCY,
    file="housing_residences.csv",
    table="residence",
    headings={
        "local_id": "Member Ref",
        "uprn": "UPRN",
        "postcode": "Postcode",
        "district": "District",
        "deprivation_decile": "IMD decile",
        "start_date": "Moved in",
        "end_date": "Moved out",
    },
)
_ACTIONS = Layout(
    agency=_AGENCY,
    file="housing_asb_actions.csv",
    table="event",
    headings={
        "reference": "Action Ref",
        "local_id": "Member Ref",
        "action": "Action",
        "date": "Action date",
        "recorded_on": "Entered",
    },
    reference="A{:06d}",
)
_ACTION_WORDS = np.array(["NOSP", "INJUNCTION", "DEMOTION", "EVICTION"], dtype=object)
_ACTION_SHARES = [0.78, 0.12, 0.07, 0.03]


def listings(records: AgencyRecords) -> list[Listing]:
    """Return the people, their homes and the actions."""
    actions = records.events(_AGENCY, ["housing_asb_action"])
    rng = records.county.streams.of("housing actions")
    words = rng.choice(_ACTION_WORDS, p=_ACTION_SHARES, size=len(actions["date"]))
    return [
        person_records(records, _HOUSEHOLDS),
        listing(_RESIDENCES, _residences(records)),
        listing(_ACTIONS, {**actions, "action": words}),
    ]


def _residences(records: AgencyRecords) -> dict[str, np.ndarray]:
    """Return where each member lived, in the order of the members and of time; ``home`` is the home's own number."""
    stays, homes = records.households.stays, records.households.homes
    local_ids = records.registers[_AGENCY].ids(stays.who)
    order = np.lexsort((stays.start, local_ids.astype(str)))
    stays, local_ids = stays.taken(order), local_ids[order]
    names = np.array([district.name for district in records.county.preset.districts], dtype=object)
    return {
        "person": stays.who,
        "home": stays.what,
        "local_id": local_ids,
        "uprn": homes.uprn[stays.what],
        "postcode": homes.postcode[stays.what],
        "district": names[homes.district[stays.what]],
        "deprivation_decile": homes.decile[stays.what],
        "start_date": stays.start,
        "end_date": closed(stays.end),
    }
